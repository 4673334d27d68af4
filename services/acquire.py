"""Lease a micro-batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from adloom.core.lanes import Lane
from models.queries import attempts, items


@dataclass(frozen=True)
class Held:
    """One leased item, as its worker knows it."""

    id: UUID
    job_id: UUID
    owner: str
    kind: str
    spec: Mapping[str, Any]
    seed: int
    position: int
    checkpoint: str
    fence: int


@dataclass(frozen=True)
class MicroBatch:
    """Items that share one forward pass.  *full*: there may be more of its kind where it came from."""

    id: UUID
    lane: Lane
    kind: str
    batch_key: str
    items: tuple[Held, ...]
    full: bool

    def held(self) -> dict[UUID, int]:
        """The items and the fences under which they are held."""
        return {item.id: item.fence for item in self.items}


def acquire_micro_batch(
    session: Session,
    lane: Lane,
    *,
    worker: UUID,
    limit: int,
    lease_seconds: float,
    now: datetime,
    prefer: str | None = None,
) -> MicroBatch | None:
    """Lease the head of *lane* with up to *limit* - 1 others of its batch key; None where nothing is ready.

    Items of *prefer*, the batch key whose weights the worker has loaded, come first if there are any.
    """
    until = now + timedelta(seconds=lease_seconds)
    leased = items.acquire(session, lane, limit=limit, worker=worker, now=now, until=until, prefer=prefer)
    if not leased and prefer is not None:
        leased = items.acquire(session, lane, limit=limit, worker=worker, now=now, until=until)
    if not leased:
        return None
    attempts.open_all(
        session,
        [
            {"item_id": row.id, "fence": row.fence, "worker": worker, "batch_size": len(leased), "started_at": now}
            for row in leased
        ],
    )
    first = leased[0]
    held = tuple(
        Held(row.id, row.job_id, row.owner, row.kind, row.spec, row.seed, row.position, row.checkpoint, row.fence)
        for row in leased
    )
    full = len(held) >= min(limit, first.micro_batch) and not first.suspect
    return MicroBatch(uuid7(), lane, first.kind, first.batch_key, held, full)
