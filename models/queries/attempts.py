"""The record of every lease, and of the files that came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.item import Asset, Attempt
from models.queries import bulk


def write(session: Session, rows: Sequence[Sequence[Any]]) -> None:  # Any: one type per column
    """Write how leases ended: (item, fence, worker, batch size, started at, ended at, outcome, litter at) each.

    A process of the release before has written the row already, at acquire.
    """
    columns = ("item_id", "fence", "worker", "batch_size", "started_at", "ended_at", "outcome", "litter_at")
    bulk.upsert(session, Attempt, bulk.by_column(columns, rows))


def add_assets(session: Session, rows: Sequence[Sequence[Any]], *, now: datetime) -> None:  # Any: one type per column
    """Write stored files: (id, item, number, key, media type, sha256, size in bytes) each."""
    columns = ("id", "item_id", "number", "key", "media_type", "sha256", "size_bytes")
    bulk.insert(session, Asset, bulk.by_column(columns, rows), constants={"created_at": now})


def last_outcome(session: Session, item_id: UUID) -> str | None:
    """How the newest attempt at an item that has ended did end."""
    ended = sa.select(Attempt.outcome).where(Attempt.item_id == item_id, Attempt.outcome.is_not(None))
    return session.scalar(ended.order_by(Attempt.fence.desc()).limit(1))
