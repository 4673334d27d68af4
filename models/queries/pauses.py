"""Questions about jobs that are paused and resumed, and about their items, which leave the ready index meanwhile."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from adloom.core.states import ItemState
from models.item import Item
from models.job import Job
from models.queries.among import among
from models.queries.conditions import held_back, in_state

Found = sa.Row[*tuple[Any, ...]]  # Any: one type per selected column

PARKED = datetime(9999, 1, 1, microsecond=1, tzinfo=UTC)  #: the hour of an item that waits for its job to be resumed


def pause(session: Session, job_id: UUID, *, owner: str, now: datetime) -> bool:
    """Mark a running job as paused; False where it is final, ending, or not the owner's."""
    return _mark(
        session,
        _running(job_id, owner),
        paused_at=sa.func.coalesce(Job.paused_at, sa.literal(now, Job.paused_at.type)),
        resumed_at=None,
    )


def resume(session: Session, job_id: UUID, *, owner: str, now: datetime) -> bool:
    """Take the mark off a paused job and note that its items are to be woken; False where it was not paused."""
    return _mark(
        session, [*_running(job_id, owner), Job.paused_at.is_not(None)], paused_at=None, parked_at=None, resumed_at=now
    )


def is_parking(session: Session, job_id: UUID) -> bool:
    """Whether the job is paused and some of its items may still be in the ready index."""
    found = sa.select(Job.id).where(Job.id == job_id, *_PARKING)
    return session.scalar(found) is not None


def is_waking(session: Session, job_id: UUID) -> bool:
    """Whether the job was resumed and some of its items may still be parked."""
    found = sa.select(Job.id).where(Job.id == job_id, *_WAKING)
    return session.scalar(found) is not None


def parking(session: Session) -> list[UUID]:
    """Paused jobs whose items have not all left the ready index."""
    return list(session.scalars(held_back().where(Job.paused_at.is_not(None), Job.parked_at.is_(None))))


def waking(session: Session) -> list[UUID]:
    """Resumed jobs whose items have not all been woken."""
    return list(session.scalars(sa.select(Job.id).where(*_WAKING)))


def still_parking(session: Session, job_id: UUID) -> bool:
    """`is_parking`, and the job stays so until the transaction ends.  To be asked last: jobs are locked after items."""
    found = sa.select(Job.id).where(Job.id == job_id, *_PARKING).with_for_update()
    return session.scalar(found) is not None


def end_parking(session: Session, job_id: UUID, *, now: datetime) -> None:
    """Note that a paused job's items have left the ready index."""
    _mark(session, [Job.id == job_id, *_PARKING], parked_at=now)


def repark(session: Session, job_id: UUID) -> None:
    """Have a paused job's items looked through again: it was paused while they were being woken."""
    _mark(session, [Job.id == job_id, Job.paused_at.is_not(None)], parked_at=None)


def end_waking(session: Session, job_id: UUID) -> bool:
    """Note that a resumed job's items have all been woken; False where it does not go on any more."""
    return _mark(session, [Job.id == job_id, *_WAKING], resumed_at=None)


def ready_of(session: Session, job_id: UUID, *, after: int, limit: int) -> Sequence[sa.Row[UUID, int]]:
    """(id, position) of a job's ready items, from behind the position *after*.  Nothing is locked yet."""
    return _of_job(session, job_id, in_state(ItemState.QUEUED), after=after, limit=limit)


def parked_of(session: Session, job_id: UUID, *, after: int, limit: int) -> Sequence[sa.Row[UUID, int]]:
    """(id, position) of a job's parked items, from behind the position *after*.  Nothing is locked yet."""
    parked = sa.and_(in_state(ItemState.BLOCKED), Item.run_at == PARKED)
    return _of_job(session, job_id, parked, after=after, limit=limit)


def park(session: Session, item_ids: Collection[UUID]) -> Sequence[Found]:
    """Take those of these items that are still ready out of the ready index.

    The answer says of each its lane, priority, owner, cost and attempts.
    """
    still = (
        sa.select(Item.id)
        .where(among(session, Item.id, item_ids), in_state(ItemState.QUEUED))
        .order_by(Item.id)
        .with_for_update()
        .cte("still")
    )
    return session.execute(
        sa.update(Item)
        .where(Item.id.in_(sa.select(still.c.id)))
        .values(state=ItemState.BLOCKED, run_at=PARKED, fence=Item.fence + 1)
        .returning(Item.id, Item.lane, Item.priority, Item.owner, Item.cost, Item.attempts)
        .execution_options(synchronize_session=False)
    ).all()


def park_due(session: Session, item_ids: Collection[UUID]) -> None:
    """Park blocked items whose hour has come while their jobs are held back: else every sweep would look at them again.

    Their jobs are locked, and looked at again: what is parked in a job that is resumed meanwhile, nobody would wake.
    """
    blocked = (
        sa.select(Item.id, Item.job_id)
        .where(among(session, Item.id, item_ids), in_state(ItemState.BLOCKED))
        .order_by(Item.id)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(blocked).all()
    its_jobs = held_back().where(among(session, Job.id, {row.job_id for row in found}))
    still = set(session.scalars(its_jobs.order_by(Job.id).with_for_update()))
    session.execute(
        sa.update(Item)
        .where(among(session, Item.id, [row.id for row in found if row.job_id in still]))
        .values(run_at=PARKED)
        .execution_options(synchronize_session=False)
    )


_PARKING = (Job.finished_at.is_(None), Job.paused_at.is_not(None), Job.parked_at.is_(None))
_WAKING = (Job.finished_at.is_(None), Job.resumed_at.is_not(None), Job.paused_at.is_(None))


def _running(job_id: UUID, owner: str) -> list[sa.ColumnElement[bool]]:
    alive = (Job.finished_at.is_(None), Job.cancelled_at.is_(None), Job.expired_at.is_(None))
    return [Job.id == job_id, Job.owner == owner, *alive]


def _mark(session: Session, where: Sequence[sa.ColumnElement[bool]], **values: Any) -> bool:  # Any: column values
    changed = sa.update(Job).where(*where).values(**values).returning(Job.id)
    return session.scalar(changed.execution_options(synchronize_session=False)) is not None


def _of_job(
    session: Session, job_id: UUID, condition: sa.ColumnElement[bool], *, after: int, limit: int
) -> Sequence[sa.Row[UUID, int]]:
    return session.execute(
        sa.select(Item.id, Item.position)
        .where(Item.job_id == job_id, Item.position > after, condition)
        .order_by(Item.position)
        .limit(limit)
    ).all()
