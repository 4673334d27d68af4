"""Questions about lanes: which are paused, how long they are, who works on them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models.item import Item
from models.owner import LaneState
from models.queries.conditions import in_state
from models.worker import Worker


def put(session: Session, lane: Lane, **values: Any) -> None:  # Any: column values
    """Write columns of a lane's row, which is made where there is none."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(LaneState).values({"lane": lane, "waiting": 0, **values})
    session.execute(row.on_conflict_do_update(index_elements=[LaneState.lane], set_=values))


def states(session: Session) -> Mapping[Lane, LaneState]:
    """The rows of the lanes that have one."""
    return {row.lane: row for row in session.scalars(sa.select(LaneState))}


def is_paused(session: Session, lane: Lane) -> bool:
    """Whether *lane* is paused."""
    found = sa.select(LaneState.lane).where(LaneState.lane == lane, LaneState.paused_at.is_not(None))
    return session.scalar(found) is not None


def count_ready(session: Session, lane: Lane) -> int:
    """How many items are ready in *lane*: counted in the ready index alone."""
    ready = sa.select(sa.func.count()).select_from(Item).where(Item.lane == lane, in_state(ItemState.QUEUED))
    return session.scalar(ready) or 0


def ahead_of(session: Session, item: Item, *, limit: int) -> int:
    """How many ready items of its lane come before *item*, counted up to *limit*."""
    ready = (Item.lane == item.lane, in_state(ItemState.QUEUED))
    mine = sa.tuple_(sa.literal(item.fair_rank), sa.literal(item.id, Item.id.type))
    higher = sa.select(sa.literal(1)).where(*ready, Item.priority > item.priority).limit(limit)
    equal = (
        sa.select(sa.literal(1))
        .where(*ready, Item.priority == item.priority, sa.tuple_(Item.fair_rank, Item.id) < mine)
        .limit(limit)
    )
    both = [sa.select(sa.func.count()).select_from(each.subquery()) for each in (higher, equal)]
    return min(limit, sum(session.scalar(each) or 0 for each in both))


def full(session: Session, lanes: Collection[Lane], *, most: int, since: datetime) -> Sequence[LaneState]:
    """Those of *lanes* that had at least *most* ready items when they were measured, after *since*."""
    return session.scalars(_FULL, {"those": list(lanes), "most": most, "since": since}).all()


_FULL = (  # put together once: every submit runs it
    sa.select(LaneState)
    .where(
        LaneState.lane.in_(sa.bindparam("those", expanding=True)),
        LaneState.waiting >= sa.bindparam("most"),
        LaneState.measured_at > sa.bindparam("since"),
    )
    .order_by(LaneState.lane)
)


def live(session: Session, *, since: datetime) -> set[Lane]:
    """Lanes that some worker serves which was seen after *since*."""
    rows = session.scalars(sa.select(Worker.lanes).where(Worker.seen_at > since))
    return {Lane(lane) for lanes in rows for lane in lanes}
