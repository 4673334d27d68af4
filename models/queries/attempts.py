"""Questions about attempts: the record of every lease."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.item import Asset, Attempt


def open_all(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write one attempt per leased item."""
    session.execute(sa.insert(Attempt), rows)


def close(session: Session, outcomes: Mapping[tuple[UUID, int], str], *, now: datetime) -> None:
    """Say how the attempts (item, fence) ended."""
    if not outcomes:
        return
    changes = [
        {"item_id": item, "fence": fence, "ended_at": now, "outcome": outcome}
        for (item, fence), outcome in sorted(outcomes.items())
    ]
    session.execute(sa.update(Attempt), changes)


def add_assets(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write the rows of stored files."""
    if rows:
        session.execute(sa.insert(Asset), rows)
