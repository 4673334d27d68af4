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
from models.job import HELD_BACK, Job
from models.owner import LaneState, Owner
from models.worker import Worker

TIER = "standard"  #: of an owner without a row

_OPEN = [state for state in ItemState if state not in FINAL]


def give_up_after(session: Session, seconds: int) -> None:
    """Let no question of this transaction run longer; SQLite has no such limit, and no second server to protect."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(f"SET LOCAL statement_timeout = '{seconds:d}s'"))


def _tier() -> sa.ColumnElement[str]:
    return sa.func.coalesce(Owner.tier, sa.literal(TIER, literal_execute=True))  # or grouping by it needs its value


def open_items(session: Session) -> Sequence[sa.Row[ItemState, Lane, str, int]]:
    """(state, lane, tier, number) of the items that are not final: those of unfinished jobs, by their jobs."""
    return session.execute(
        sa.select(Item.state, Item.lane, _tier(), sa.func.count())
        .join(Job, Job.id == Item.job_id)
        .outerjoin(Owner, Owner.owner == Job.owner)
        .where(Job.finished_at.is_(None), Item.state.in_(_OPEN))
        .group_by(Item.state, Item.lane, _tier())
    ).all()


def ready_since(session: Session, percents: Sequence[int]) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """(lane, rank, number of ready items, instant): since when the item of that rank waits, for each of *percents*.

    The rank counts from the youngest.  Ready means queued and of a job that is neither paused nor withdrawn.
    """
    ready_at = sa.case((Item.run_at > Item.created_at, Item.run_at), else_=Item.created_at)
    held_back = sa.select(Job.id).where(sa.text(HELD_BACK))
    queued = Item.state == sa.literal(ItemState.QUEUED, Item.state.type, literal_execute=True)  # for the partial index
    ranked = (
        sa.select(
            Item.lane,
            ready_at.label("ready_at"),
            sa.func.row_number().over(partition_by=Item.lane, order_by=ready_at.desc()).label("rank"),
            sa.func.count().over(partition_by=Item.lane).label("number"),
        )
        .where(queued, Item.job_id.not_in(held_back))
        .subquery()
    )
    wanted = [rank_of(percent, ranked.c.number) for percent in percents]
    return session.execute(
        sa.select(ranked.c.lane, ranked.c.rank, ranked.c.number, ranked.c.ready_at).where(ranked.c.rank.in_(wanted))
    ).all()


def rank_of(percent: int, number: Any) -> Any:  # Any: a number, or a column of numbers
    """The rank, from 1, of a percentile among *number* values: the nearest from above."""
    return (number * percent + 99) // 100


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
