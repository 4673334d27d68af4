"""Questions about jobs: who made them, what is left of them."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from adloom.core.states import JobState
from models.job import Job
from models.queries.conditions import held_back


def add(session: Session, values: Mapping[str, Any]) -> bool:  # Any: column values
    """Insert a job, unless its owner has one with its idempotency key: False.

    Of two at once, the second waits for the end of the first's transaction.
    """
    return session.connection().scalar(_add(session.get_bind().dialect.name), dict(values)) is not None


@cache
def _add(dialect: str) -> sa.UpdateBase:
    fresh = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(Job)
    return fresh.on_conflict_do_nothing(index_elements=[Job.owner, Job.idempotency_key]).returning(Job.id)


def by_idempotency_key(session: Session, *, owner: str, key: str) -> Job | None:
    """The job that *owner* made with *key*."""
    return session.scalar(sa.select(Job).where(Job.owner == owner, Job.idempotency_key == key))


def settle(session: Session, job_id: UUID, *, succeeded: int, failed: int, cancelled: int, now: datetime) -> bool:
    """Count items that became final; whoever brings the rest to 0 finishes the job.

    True where that has just happened to a job with a webhook: its owner wants to hear of it.
    """
    values = {"of": job_id, "good": succeeded, "bad": failed, "gone": cancelled, "now": now}
    remaining, webhook_url = session.connection().execute(_settle(), values).one()
    return bool(remaining == 0 and webhook_url)


@cache
def _settle() -> sa.UpdateBase:
    succeeded, failed, cancelled = (sa.bindparam(name, type_=sa.Integer) for name in ("good", "bad", "gone"))
    remaining = Job.remaining - (succeeded + failed + cancelled)
    last = remaining == 0
    ended = sa.case(
        (Job.cancelled_at.is_not(None), JobState.CANCELLED.value),
        (Job.failed + failed == 0, JobState.SUCCEEDED.value),
        (Job.succeeded + succeeded > 0, JobState.PARTIAL.value),
        else_=JobState.FAILED.value,
    )
    return (
        sa.update(Job.__table__)  # type: ignore[arg-type]  # a table, which its annotation does not say
        .where(Job.id == sa.bindparam("of", type_=Job.id.type))
        .values(
            remaining=remaining,
            succeeded=Job.succeeded + succeeded,
            failed=Job.failed + failed,
            cancelled=Job.cancelled + cancelled,
            state=sa.case((last, ended), else_=Job.state),
            finished_at=sa.case((last, sa.bindparam("now", type_=Job.finished_at.type)), else_=None),
        )
        .returning(Job.remaining, Job.webhook_url)
    )


def withdraw(session: Session, job_id: UUID, *, owner: str, now: datetime) -> bool:
    """Mark a running job as cancelled, paused or not; False where it is final already or not the owner's."""
    marked = session.scalar(
        sa.update(Job)
        .where(Job.id == job_id, Job.owner == owner, Job.finished_at.is_(None))
        .values(
            cancelled_at=sa.func.coalesce(Job.cancelled_at, sa.literal(now, Job.cancelled_at.type)),
            paused_at=None,
            resumed_at=None,
        )
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return marked is not None


def exists(session: Session, job_id: UUID, *, owner: str) -> bool:
    """Whether *owner* has this job."""
    return session.scalar(sa.select(Job.id).where(Job.id == job_id, Job.owner == owner)) is not None


def cancelling(session: Session) -> list[UUID]:
    """Jobs that were cancelled and still have items to settle."""
    return list(session.scalars(sa.select(Job.id).where(Job.cancelled_at.is_not(None), Job.finished_at.is_(None))))


def expire(session: Session, *, now: datetime) -> None:
    """Mark the jobs whose deadline has come; what was withdrawn is on its way out already."""
    session.execute(
        sa.update(Job)
        .where(
            Job.deadline_at <= now,
            Job.deadline_at.is_not(None),  # said again, or the partial index is not used
            Job.finished_at.is_(None),
            Job.expired_at.is_(None),
            Job.cancelled_at.is_(None),
        )
        .values(expired_at=now, paused_at=None, resumed_at=None)
        .execution_options(synchronize_session=False)
    )


def expiring(session: Session) -> list[UUID]:
    """Jobs past their deadline that still have items to settle."""
    return list(session.scalars(held_back().where(Job.expired_at.is_not(None), Job.cancelled_at.is_(None))))


def forget_keys(session: Session, *, before: datetime, limit: int) -> int:
    """Forget the idempotency keys of up to *limit* jobs made before *before*; how many there were."""
    old = (
        sa.select(Job.id)
        .where(Job.idempotency_key.is_not(None), Job.created_at < before)
        .order_by(Job.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("old")
    )
    forgotten = session.scalars(
        sa.update(Job)
        .where(Job.id.in_(sa.select(old.c.id)))
        .values(idempotency_key=None)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return len(forgotten.all())
