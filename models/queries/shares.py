"""Questions behind fairness: where a lane stands, and how far an owner has used its share."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models.item import FairShare, Item


def lane_clock(session: Session, lane: Lane, priority: int) -> float:
    """The rank of the ready head; where nothing is ready, the highest rank ever given."""
    head = session.scalar(
        sa.select(Item.fair_rank)
        .where(Item.lane == lane, Item.state == ItemState.QUEUED, Item.priority == priority)
        .order_by(Item.fair_rank)
        .limit(1)
    )
    if head is not None:
        return head
    highest = sa.select(sa.func.max(FairShare.finish_rank)).where(
        FairShare.lane == lane, FairShare.priority == priority
    )
    return session.scalar(highest) or 0.0


def lock_finish(session: Session, lane: Lane, priority: int, owner: str) -> float:
    """The rank that the owner's last ready item was given, locked until the transaction ends."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(FairShare).values(lane=lane, priority=priority, owner=owner, finish_rank=0.0).on_conflict_do_nothing()
    )
    found = session.scalar(_share(lane, priority, owner).with_for_update())
    assert found is not None
    return found


def set_finish(session: Session, lane: Lane, priority: int, owner: str, rank: float) -> None:
    """Remember how far the owner has used its share."""
    session.execute(
        sa.update(FairShare)
        .where(FairShare.lane == lane, FairShare.priority == priority, FairShare.owner == owner)
        .values(finish_rank=rank)
    )


def _share(lane: Lane, priority: int, owner: str) -> sa.Select[float]:
    return sa.select(FairShare.finish_rank).where(
        FairShare.lane == lane, FairShare.priority == priority, FairShare.owner == owner
    )
