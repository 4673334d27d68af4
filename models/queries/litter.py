"""Questions about objects that an attempt may have left in the store, and whether anything refers to them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.item import Asset, Attempt, Item


def due(session: Session, *, before: datetime, limit: int) -> Sequence[sa.Row[UUID, int, UUID, str]]:
    """(item, fence, job, owner) of attempts that ended before *before* and may have left objects, oldest first."""
    return session.execute(
        sa.select(Attempt.item_id, Attempt.fence, Item.job_id, Item.owner)
        .join(Item, Item.id == Attempt.item_id)
        .where(Attempt.litter_at.is_not(None), Attempt.litter_at <= before)
        .order_by(Attempt.litter_at)
        .limit(limit)
    ).all()


def note(session: Session, attempts: Collection[tuple[UUID, int]], *, litter_at: datetime | None) -> None:
    """Say when these (item, fence) left objects that are still to be collected; None: nothing is left of them."""
    changes = [{"item_id": item, "fence": fence, "litter_at": litter_at} for item, fence in sorted(attempts)]
    if changes:
        session.execute(sa.update(Attempt), changes)


def referred(session: Session, item_ids: Collection[UUID], keys: Collection[str]) -> set[str]:
    """Which of *keys*, all of them of *item_ids*, an asset refers to."""
    found = session.scalars(sa.select(Asset.key).where(Asset.item_id.in_(item_ids)))
    return set(found) & set(keys)
