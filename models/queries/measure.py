"""Questions of whoever watches the platform.  None of them reads what is final: that is most of a table, and grows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from adloom.core.states import FINAL, ItemState
from models.delivery import Delivery
from models.item import Item
from models.job import Job
from models.owner import LaneState, Owner
from models.worker import Worker

TIER = "standard"  #: of an owner without a row

Found = sa.Row[*tuple[Any, ...]]  # Any: one type per selected column

_OPEN = [state for state in ItemState if state not in FINAL]


def be_modest(session: Session, *, seconds: int) -> None:
    """Let no question of this transaction run longer than *seconds*, nor read the whole of a table with an index.

    Where a fifth of the items is open, PostgreSQL would read them all.  SQLite has neither limit nor such ideas.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(f"SET LOCAL statement_timeout = '{seconds:d}s'"))
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))


def _tier() -> sa.ColumnElement[str]:
    return sa.func.coalesce(Owner.tier, sa.literal(TIER, literal_execute=True))  # or grouping by it needs its value


def open_items(session: Session, percents: Sequence[int]) -> Sequence[Found]:
    """What is not final, in one pass: items of unfinished jobs, found by their jobs.

    Two sorts of rows: (state, lane, tier, number), and, where the state is None, (lane, number) of the ready items with
    the instants since when the percentiles of them wait, the youngest first: one column for each of *percents*.  Ready
    means queued and of a job that is neither paused nor withdrawn.
    """
    grouped = _grouped().cte("grouped").prefix_with("MATERIALIZED")
    unknown = [sa.type_coerce(sa.null(), Item.created_at.type) for _ in percents]
    counts = sa.select(grouped.c.state, grouped.c.lane, grouped.c.tier, sa.func.sum(grouped.c.number), *unknown)
    counts = counts.group_by(grouped.c.state, grouped.c.lane, grouped.c.tier)
    return session.execute(sa.union_all(counts, _ages(grouped, percents))).all()


def _grouped() -> sa.Select[*tuple[Any, ...]]:
    """Items by state, lane, tier and, for ready ones, since when they wait: items of one job mostly share that."""
    queued = Item.state == sa.literal(ItemState.QUEUED, Item.state.type, literal_execute=True)
    going_on = sa.and_(Job.paused_at.is_(None), Job.cancelled_at.is_(None), Job.expired_at.is_(None))
    since = sa.case((Item.run_at > Item.created_at, Item.run_at), else_=Item.created_at)
    ready_at = sa.case((sa.and_(queued, going_on), since))
    return (
        sa.select(
            Item.state, Item.lane, _tier().label("tier"), ready_at.label("ready_at"), sa.func.count().label("number")
        )
        .join(Job, Job.id == Item.job_id)
        .outerjoin(Owner, Owner.owner == Job.owner)
        .where(Job.finished_at.is_(None), Item.state.in_(_OPEN))
        .group_by(Item.state, Item.lane, _tier(), ready_at)
    )


def _ages(grouped: sa.CTE, percents: Sequence[int]) -> sa.Select[*tuple[Any, ...]]:
    number = sa.func.sum(grouped.c.number)
    ranked = (
        sa.select(
            grouped.c.lane,
            grouped.c.ready_at,
            number.over(partition_by=grouped.c.lane, order_by=grouped.c.ready_at.desc()).label("rank"),
            number.over(partition_by=grouped.c.lane).label("number"),
        )
        .where(grouped.c.ready_at.is_not(None))
        .subquery()
    )
    columns = ranked.c
    instants = [
        sa.func.max(sa.case((columns.rank * 100 >= columns.number * percent, columns.ready_at))) for percent in percents
    ]
    nothing = sa.type_coerce(sa.null(), Item.state.type), sa.type_coerce(sa.null(), Owner.tier.type)
    return sa.select(nothing[0], columns.lane, nothing[1], sa.func.max(columns.number), *instants).group_by(
        columns.lane
    )


def live_workers(session: Session, *, since: datetime) -> Sequence[sa.Row[UUID, list[Any]]]:
    """(id, lanes) of the workers seen after *since*."""
    return session.execute(sa.select(Worker.id, Worker.lanes).where(Worker.seen_at > since)).all()


def busy_workers(session: Session) -> set[UUID]:
    """The workers that hold a lease."""
    leased = Item.state == sa.literal(ItemState.LEASED, Item.state.type, literal_execute=True)
    return {worker for worker in session.scalars(sa.select(Item.worker).where(leased).distinct()) if worker}


def paused_lanes(session: Session) -> set[Lane]:
    """The lanes from which nothing is leased."""
    return set(session.scalars(sa.select(LaneState.lane).where(LaneState.paused_at.is_not(None))))


def unfinished_jobs(session: Session) -> Sequence[sa.Row[str, int]]:
    """(tier, number) of the jobs that are not final."""
    return session.execute(
        sa.select(_tier(), sa.func.count())
        .select_from(Job)
        .outerjoin(Owner, Owner.owner == Job.owner)
        .where(Job.finished_at.is_(None))
        .group_by(_tier())
    ).all()


def outbox(session: Session) -> tuple[int, datetime | None]:
    """How many deliveries wait, and since when the oldest."""
    number, oldest = session.execute(
        sa.select(sa.func.count(), sa.func.min(Delivery.created_at)).where(Delivery.ended_at.is_(None))
    ).one()
    return number, oldest
