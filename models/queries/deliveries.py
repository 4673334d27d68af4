"""Questions about deliveries: which are due, how did they go."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.delivery import Delivery
from models.job import Job


def with_webhook(session: Session, job_ids: Collection[UUID]) -> Sequence[Job]:
    """Those of *job_ids* whose end somebody wants to hear of, as this transaction has left them."""
    rows = sa.select(Job).where(Job.id.in_(job_ids), Job.webhook_url != "").order_by(Job.id)
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert deliveries."""
    session.execute(sa.insert(Delivery), rows)


def is_due(session: Session, *, now: datetime) -> bool:
    """Whether any delivery is due."""
    return session.scalar(sa.select(Delivery.id).where(*_due(now)).limit(1)) is not None


def take(
    session: Session, *, not_hosts: Collection[str], not_owners: Collection[str], now: datetime, until: datetime
) -> Delivery | None:
    """The delivery that has been due longest, put off until *until*, so that nobody else takes it before.

    Of any number of concurrent callers, exactly one gets it; one that another is taking right now is skipped.
    """
    row = session.scalar(
        sa.select(Delivery)
        .where(*_due(now), Delivery.host.not_in(not_hosts), Delivery.owner.not_in(not_owners))
        .order_by(Delivery.next_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is not None:
        row.next_at = until
        session.flush()
    return row


def deliver(session: Session, delivery_id: UUID, *, outcome: str, now: datetime) -> None:
    """Note that it has arrived, unless it has ended already."""
    session.execute(
        sa.update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.ended_at.is_(None))
        .values(delivered=True, outcome=outcome, tries=Delivery.tries + 1, ended_at=now)
    )


def put_off(
    session: Session, delivery_id: UUID, *, held_until: datetime, outcome: str, next_at: datetime | None, now: datetime
) -> None:
    """Note that it has not arrived, and when the next attempt is; None: there is none.

    Nothing changes where it is not held until *held_until* any more: somebody else has taken it since.
    """
    ended = {"ended_at": now} if next_at is None else {"next_at": next_at}
    session.execute(
        sa.update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.ended_at.is_(None), Delivery.next_at == held_until)
        .values(outcome=outcome, tries=Delivery.tries + 1, **ended)
    )


def of_jobs(session: Session, job_ids: Collection[UUID]) -> Sequence[Delivery]:
    """The deliveries of these jobs."""
    return session.scalars(sa.select(Delivery).where(Delivery.job_id.in_(job_ids))).all()


def prune(session: Session, *, before: datetime) -> None:
    """Forget deliveries that ended before *before*."""
    session.execute(sa.delete(Delivery).where(Delivery.ended_at < before))


def _due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return Delivery.ended_at.is_(None), Delivery.next_at <= now
