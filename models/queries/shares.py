"""Questions behind fairness: where a lane stands, and how far an owner has used its share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models.item import FairShare, Item
from models.owner import Owner
from models.queries.conditions import held_back, in_state


@dataclass(frozen=True)
class Share:
    """How far an owner has used its share: *finish*, the rank its last ready item was given.  *weight*: its size.

    *clock*: where the lane stands, the rank of its ready head; where nothing is ready, the highest rank that was given
    and not given back.  Jobs that are held back do not count: a head that nobody may lease would stop the clock.
    """

    finish: float
    weight: float
    clock: float


def lock_share(session: Session, lane: Lane, priority: int, owner: str, *, besides: str = "") -> Share:
    """The owner's share, locked until the transaction ends.

    *besides*: an owner whose own share does not move the clock where nothing is ready.
    """
    found = _locked(session, lane, priority, owner, besides)
    if found is None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        row = {"lane": lane, "priority": priority, "owner": owner, "finish_rank": 0.0}
        session.execute(insert(FairShare).values(row).on_conflict_do_nothing())
        found = _locked(session, lane, priority, owner, besides)
    assert found is not None
    return found


def set_finish(session: Session, lane: Lane, priority: int, owner: str, rank: float) -> None:
    """Remember how far the owner has used its share."""
    session.connection().execute(_SET_FINISH, {"in_lane": lane, "at": priority, "whose": owner, "to": rank})


def beyond(
    session: Session, lane: Lane, begun: Mapping[int, float], *, owner: str
) -> Sequence[sa.Row[*tuple[Any, ...]]]:  # Any: one type per selected column
    """(priority, owner, finish, weight) of the shares in *lane* that go further than *begun*, and of all of *owner*'s.

    Shares that have been used up stay in the table for ever: most of them.
    """
    further = [sa.and_(FairShare.priority == priority, FairShare.finish_rank > at) for priority, at in begun.items()]
    return session.execute(
        sa.select(FairShare.priority, FairShare.owner, FairShare.finish_rank, _WEIGHT)
        .outerjoin(Owner, Owner.owner == FairShare.owner)
        .where(FairShare.lane == lane, sa.or_(FairShare.owner == owner, *further))
    ).all()


def begun(session: Session, lane: Lane, *, from_priority: int) -> dict[int, float]:
    """Per priority, where the ready head of *lane* begins: its rank less its own share; only where there is one."""
    owner_weight = sa.select(sa.func.max(Owner.weight)).where(Owner.owner == Item.owner).scalar_subquery()
    start = Item.fair_rank - Item.cost / sa.func.coalesce(owner_weight, 1.0)
    found: dict[int, float] = {}
    priorities = (
        sa.select(FairShare.priority).where(FairShare.lane == lane, FairShare.priority >= from_priority).distinct()
    )
    for priority in session.scalars(priorities).all():
        head = session.scalar(
            sa.select(start)
            .where(
                Item.lane == lane,
                in_state(ItemState.QUEUED),
                Item.priority == priority,
                Item.job_id.not_in(held_back()),
            )
            .order_by(Item.fair_rank)
            .limit(1)
        )
        if head is not None:
            found[priority] = head
    return found


_WEIGHT = sa.func.coalesce(Owner.weight, 1.0).label("weight")

# Put together once: that takes longer than to run them, and every submit runs both.
_OF_ONE = (
    FairShare.lane == sa.bindparam("in_lane"),
    FairShare.priority == sa.bindparam("at"),
    FairShare.owner == sa.bindparam("whose"),
)
_HEAD = (
    sa.select(Item.fair_rank)
    .where(
        Item.lane == sa.bindparam("in_lane"),
        in_state(ItemState.QUEUED),
        Item.priority == sa.bindparam("at"),
        Item.job_id.not_in(held_back()),
    )
    .order_by(Item.fair_rank)
    .limit(1)
)
_given = aliased(FairShare)
_HIGHEST = sa.select(sa.func.max(_given.finish_rank)).where(
    _given.lane == sa.bindparam("in_lane"),
    _given.priority == sa.bindparam("at"),
    _given.owner != sa.bindparam("besides"),
)
_CLOCK = sa.func.coalesce(_HEAD.scalar_subquery(), _HIGHEST.scalar_subquery(), 0.0).label("clock")
_LOCK_SHARE = (
    sa.select(FairShare.finish_rank, _WEIGHT, _CLOCK)
    .outerjoin(Owner, Owner.owner == FairShare.owner)
    .where(*_OF_ONE)
    .with_for_update(of=FairShare)
)
_SET_FINISH = sa.update(FairShare.__table__).where(*_OF_ONE).values(finish_rank=sa.bindparam("to"))  # type: ignore[arg-type]


def _locked(session: Session, lane: Lane, priority: int, owner: str, besides: str) -> Share | None:
    whose = {"in_lane": lane, "at": priority, "whose": owner, "besides": besides}
    row = session.execute(_LOCK_SHARE, whose).first()
    return None if row is None else Share(*row)
