"""Questions about jobs and items as their owner sees them.  Every one is asked on behalf of an owner."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from adloom.core.states import FINAL, ItemState, JobState
from models.item import Asset, Item
from models.job import Job
from models.queries.pauses import PARKED


def job(session: Session, job_id: UUID, *, owner: str) -> Job | None:
    """The owner's job with this id, as the database has it now."""
    return session.scalar(
        sa.select(Job).where(Job.id == job_id, Job.owner == owner).execution_options(populate_existing=True)
    )


def jobs(session: Session, *, owner: str, state: JobState | None, before: UUID | None, limit: int) -> Sequence[Job]:
    """The owner's jobs, newest first, from before *before*."""
    rows = sa.select(Job).where(Job.owner == owner)
    if state is not None:
        rows = rows.where(Job.state == state)
    if before is not None:
        rows = rows.where(Job.id < before)
    return session.scalars(rows.order_by(Job.id.desc()).limit(limit)).all()


def waiting(session: Session, job_ids: Collection[UUID]) -> Sequence[sa.Row[UUID, ItemState, int]]:
    """(job, state, number) of the items that are not final; the final ones are counted in their job's row."""
    return session.execute(
        sa.select(Item.job_id, Item.state, sa.func.count())
        .where(Item.job_id.in_(job_ids), Item.state.not_in(FINAL))
        .group_by(Item.job_id, Item.state)
    ).all()


@dataclass(frozen=True)
class PartLeft:
    """What is left of a job in one lane and priority.

    *highest_rank*: of its ready items.  *blocked_cost*: of its blocked items.  *last_run_at*: the
    latest hour that one of its items waits for.
    """

    lane: Lane
    priority: int
    highest_rank: float
    blocked_cost: float
    leased_cost: float
    last_run_at: datetime | None


def parts_left(session: Session, job_id: UUID) -> list[PartLeft]:
    """What is left of a job, by lane and priority."""
    ready, leased = Item.state == ItemState.QUEUED, Item.state == ItemState.LEASED
    rows = session.execute(
        sa.select(
            Item.lane,
            Item.priority,
            sa.func.max(sa.case((ready, Item.fair_rank), else_=0.0)),
            sa.func.sum(sa.case((Item.state == ItemState.BLOCKED, Item.cost), else_=0.0)),
            sa.func.sum(sa.case((leased, Item.cost), else_=0.0)),
            sa.func.max(sa.case((sa.and_(Item.state == ItemState.BLOCKED, Item.run_at < PARKED), Item.run_at))),
        )
        .where(Item.job_id == job_id, Item.state.not_in(FINAL))
        .group_by(Item.lane, Item.priority)
    ).all()
    return [PartLeft(*row) for row in rows]


def items(
    session: Session, job_id: UUID, *, owner: str, state: ItemState | None, after: int, limit: int | None
) -> Sequence[Item]:
    """A job's items by position, from behind *after*."""
    rows = sa.select(Item).where(Item.job_id == job_id, Item.owner == owner, Item.position > after)
    if state is not None:
        rows = rows.where(Item.state == state)
    return session.scalars(rows.order_by(Item.position).limit(limit)).all()


def item(session: Session, item_id: UUID, *, owner: str) -> Item | None:
    """The owner's item with this id."""
    return session.scalar(sa.select(Item).where(Item.id == item_id, Item.owner == owner))


def asset(session: Session, asset_id: UUID, *, owner: str) -> Asset | None:
    """The asset with this id, if its item is the owner's."""
    return session.scalar(
        sa.select(Asset).join(Item, Item.id == Asset.item_id).where(Asset.id == asset_id, Item.owner == owner)
    )


def asset_keys(session: Session, job_id: UUID, *, owner: str) -> dict[UUID, str]:
    """Where a job's files lie: asset -> key in the store."""
    rows = session.execute(
        sa.select(Asset.id, Asset.key)
        .join(Item, Item.id == Asset.item_id)
        .where(Item.job_id == job_id, Item.owner == owner)
    )
    return {row.id: row.key for row in rows}
