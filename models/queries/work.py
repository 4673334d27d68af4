"""Questions about what got done: how much work of which lane in which minute."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from models.owner import Work


def add(session: Session, lane: Lane, worker: UUID, items: int, cost: float, now: datetime) -> None:
    """Count what *worker* got done on *lane*: once per micro-batch, in a row of its own per minute."""
    row = {"lane": lane, "minute": minute_of(now), "worker": str(worker), "items": items, "cost": cost}
    session.connection().execute(_add(session.get_bind().dialect.name), row)


@cache
def _add(dialect: str) -> sa.Insert:
    fresh = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(Work)
    return fresh.on_conflict_do_update(
        index_elements=[Work.lane, Work.minute, Work.worker],
        set_={"items": Work.items + fresh.excluded["items"], "cost": Work.cost + fresh.excluded["cost"]},
    )


def recent(
    session: Session, lane: Lane, *, since: datetime, before: datetime, limit: int
) -> Sequence[sa.Row[*tuple[Any, ...]]]:  # Any: one type per selected column
    """(minute, items, cost) of the newest minutes in which *lane* had work, at most *limit* of them, newest first."""
    items, cost = sa.func.sum(Work.items).label("items"), sa.func.sum(Work.cost).label("cost")
    return session.execute(
        sa.select(Work.minute, items, cost)
        .where(Work.lane == lane, Work.minute >= since, Work.minute < before)
        .group_by(Work.minute)
        .order_by(Work.minute.desc())
        .limit(limit)
    ).all()


def prune(session: Session, *, before: datetime) -> None:
    """Forget minutes that began before *before*."""
    session.execute(sa.delete(Work).where(Work.minute < before))


def minute_of(instant: datetime) -> datetime:
    """The beginning of the minute that *instant* lies in."""
    return instant.replace(second=0, microsecond=0)
