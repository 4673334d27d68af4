"""Questions about worker processes: who lives, who is idle."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models.item import Item
from models.worker import Worker


def report(session: Session, row: dict[str, Any]) -> None:
    """Say that a worker lives: its first report is a row, later ones move ``seen_at``."""
    seen = session.execute(
        sa.update(Worker).where(Worker.id == row["id"]).values(seen_at=row["seen_at"]).returning(Worker.id)
    ).first()
    if seen is None:
        session.execute(sa.insert(Worker), [row])


def leave(session: Session, worker: UUID) -> None:
    """Forget a worker that has stopped."""
    session.execute(sa.delete(Worker).where(Worker.id == worker))


def leave_all(session: Session, *, main: UUID) -> None:
    """Forget every process that *main* started: it ends, and they with it."""
    session.execute(sa.delete(Worker).where(Worker.main == main))


def children(session: Session, *, main: UUID) -> set[UUID]:
    """The processes that *main* started and that have not left."""
    return set(session.scalars(sa.select(Worker.id).where(Worker.main == main)))


def siblings(session: Session, worker: UUID, *, main: UUID) -> Sequence[sa.Row[UUID, int]]:
    """(id, pid) of the other processes that *main* started and that have not left."""
    return session.execute(sa.select(Worker.id, Worker.pid).where(Worker.main == main, Worker.id != worker)).all()


def prune(session: Session, *, before: datetime) -> None:
    """Forget workers that were last seen before *before*."""
    session.execute(sa.delete(Worker).where(Worker.seen_at < before))


def idle_lanes(session: Session, *, since: datetime) -> set[Lane]:
    """Lanes that some live worker serves while it holds no lease; alive means seen after *since*."""
    busy = sa.select(Item.worker).where(Item.state == ItemState.LEASED)
    rows = session.scalars(sa.select(Worker.lanes).where(Worker.seen_at > since, Worker.id.not_in(busy)))
    return {Lane(lane) for lanes in rows for lane in lanes}


def is_busy(session: Session, *, main: UUID) -> bool:
    """Whether a process that *main* started holds a lease."""
    held = sa.select(Item.id).join(Worker, Worker.id == Item.worker)
    return session.scalar(held.where(Item.state == ItemState.LEASED, Worker.main == main).limit(1)) is not None


def idle_children(session: Session, *, main: UUID) -> Sequence[int]:
    """The process ids of those that *main* started, that have not left, and that hold no lease."""
    busy = sa.select(Item.worker).where(Item.state == ItemState.LEASED)
    return session.scalars(sa.select(Worker.pid).where(Worker.main == main, Worker.id.not_in(busy))).all()


def is_seen(session: Session, *, host: str, since: datetime) -> bool:
    """Whether some worker on *host* was seen after *since*."""
    seen = sa.select(Worker.id).where(Worker.host == host, Worker.seen_at > since).limit(1)
    return session.scalar(seen) is not None
