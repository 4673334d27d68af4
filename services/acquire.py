"""Lease a micro-batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models.queries import items


class Held(NamedTuple):
    """One leased item, as its worker knows it.  Nothing of it changes as long as its fence does not."""

    id: UUID
    job_id: UUID
    owner: str
    spec: str  #: JSON
    seed: int
    position: int
    checkpoint: str
    fence: int
    errors: int
    attempts: int
    has_parents: bool
    has_children: bool
    cost: float
    leased_at: datetime
    worker: UUID
    batch_size: int

    @property
    def state(self) -> ItemState:
        """What it is as long as its fence does not change."""
        return ItemState.LEASED


@dataclass(frozen=True)
class MicroBatch:
    """Items that share one forward pass.  *full*: there may be more of its kind where it came from."""

    id: UUID
    lane: Lane
    kind: str
    batch_key: str
    full: bool
    worker: UUID
    leased_at: datetime
    leased: Sequence[items.Found]  #: as the database has answered

    @cached_property
    def items(self) -> Sequence[Held]:
        """The items in the order of their ids, put together at first use: not while others wait for the commit."""
        shared = (self.leased_at, self.worker, len(self.leased))
        return [Held._make((*row, *shared)) for row in items.read_leased(self.leased)]

    @cached_property
    def by_id(self) -> Mapping[UUID, Held]:
        """The items by their ids."""
        return {item.id: item for item in self.items}

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
    on_device: bool = False,
) -> MicroBatch | None:
    """Lease the head of *lane* with up to *limit* - 1 others of its batch key; None where nothing is ready.

    Items of *prefer*, the batch key whose weights the worker has loaded, come first if there are any.  *on_device*: the
    generator begins at once, so that a crash from here on makes them suspects.
    """
    until = now + timedelta(seconds=lease_seconds)
    lease = partial(items.acquire, session, lane, limit=limit, worker=worker, now=now, until=until, on_device=on_device)
    leased = lease(prefer=prefer)
    if not leased and prefer is not None:
        leased = lease()
    if not leased:
        return None
    batch_key, micro_batch, suspect = leased[0][-3:]
    full = len(leased) >= min(limit, micro_batch) and not suspect
    return MicroBatch(uuid7(), lane, batch_key.partition("|")[0], batch_key, full, worker, now, leased)
