"""Questions about owners: what their operator has set, and how much of it they use."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from adloom.core.states import JobState
from models.job import Job
from models.owner import Owner


def in_order(session: Session) -> Sequence[Owner]:
    """Every owner that has a row, by name."""
    return session.scalars(sa.select(Owner).order_by(Owner.owner)).all()


def put(session: Session, owner: str, **values: Any) -> None:  # Any: column values
    """Write columns of an owner's row, which is made where there is none."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Owner).values({"owner": owner, "tier": "standard", "weight": 1.0, **values})
    if values:
        session.execute(row.on_conflict_do_update(index_elements=[Owner.owner], set_=values))
    else:
        session.execute(row.on_conflict_do_nothing())


def lock(session: Session, owner: str) -> Owner:
    """The owner's row, made where there is none, and locked until the transaction ends."""
    found: Owner | None = session.scalar(_LOCK, {"whose": owner})
    if found is None:
        put(session, owner)
        found = session.scalar(_LOCK, {"whose": owner})
    assert found is not None
    return found


def waiting(session: Session, owner: str) -> int:
    """How many of the owner's items are not final."""
    return session.scalar(_REMAINING, {"whose": owner}) or 0


# Put together once: every submit runs them.
_WHOSE: sa.BindParameter[str] = sa.bindparam("whose")
_LOCK = sa.select(Owner).where(Owner.owner == _WHOSE).with_for_update().execution_options(populate_existing=True)
_RUNNING = Job.state == sa.literal(JobState.RUNNING, Job.state.type, literal_execute=True)  # as in the index
_REMAINING = sa.select(sa.func.sum(Job.remaining)).where(Job.owner == _WHOSE, _RUNNING)


def submitted(session: Session, owner: str, *, since: datetime) -> int:
    """How many items the owner has submitted after *since*."""
    total = sa.select(sa.func.sum(Job.total)).where(Job.owner == owner, Job.id >= _first_id(since))
    return session.scalar(total) or 0


def submitted_by(session: Session, owner: str, *, since: datetime, items: int) -> datetime | None:
    """When the owner, counting from *since*, had submitted so many items; None if it has not."""
    so_far = sa.func.sum(Job.total).over(order_by=Job.id).label("so_far")
    running = sa.select(Job.created_at, so_far).where(Job.owner == owner, Job.id >= _first_id(since)).subquery()
    reached = sa.select(sa.func.min(running.c.created_at)).where(running.c.so_far >= items)
    found: datetime | None = session.scalar(reached)
    return found


def _first_id(instant: datetime) -> UUID:
    """The least id that can be given at *instant*: ids begin with the time, in milliseconds (RFC 9562, version 7)."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)
