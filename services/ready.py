"""Give items their place in a lane when they become ready: weighted start-time fair queueing.

An item's rank is where its owner's share of the lane has got to, plus its cost divided by the owner's weight.  Someone
who submits 100,000 items moves far ahead in rank, so someone who then submits five starts at the lane's clock and is
served among the first; someone of weight two moves half as far and gets twice as much.
The arithmetic is in `services.fair`.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from models.queries import shares
from services import fair


class Arrival(NamedTuple):
    """An item that becomes ready, or leaves its lane unleased; *id* is whatever its caller knows it by."""

    id: Hashable
    lane: Lane
    priority: int
    owner: str
    cost: float


def rank(session: Session, arrivals: Iterable[Arrival]) -> dict[Any, float]:
    """The rank of each of *arrivals*, in their order; moves their owners' shares on.

    Shares are locked in one order everywhere, after items and before jobs.
    """
    ranks: dict[Any, float] = {}
    for (lane, priority, owner), members in _groups(arrivals):
        given = take_share(session, lane, priority, owner, [member.cost for member in members])
        ranks.update(zip((member.id for member in members), given, strict=True))
    return ranks


def take_share(session: Session, lane: Lane, priority: int, owner: str, costs: Sequence[float]) -> list[float]:
    """The rank of each of *owner*'s items of *costs* that become ready in *lane*, in their order; moves its share on.

    Call it in the order of (lane, priority, owner).
    """
    share = shares.lock_share(session, lane, priority, owner)
    given = list(fair.ranks(costs, clock=share.clock, finish=share.finish, weight=share.weight))
    shares.set_finish(session, lane, priority, owner, given[-1])
    return given


def refund(session: Session, leaving: Iterable[Arrival]) -> None:
    """Give back the shares of items that leave their lane and were never leased, so that their owner's next come soon.

    Never below the lane's clock: what others were served meanwhile is no credit.  Their jobs are marked by then, so
    that the clock does not stand at one of them.
    """
    for (lane, priority, owner), members in _groups(leaving):
        share = shares.lock_share(session, lane, priority, owner, besides=owner)
        back = share.finish - sum(member.cost for member in members) / share.weight
        shares.set_finish(session, lane, priority, owner, min(share.finish, max(share.clock, back)))


def _groups(arrivals: Iterable[Arrival]) -> list[tuple[tuple[Lane, int, str], list[Arrival]]]:
    groups: dict[tuple[Lane, int, str], list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        groups[arrival.lane, arrival.priority, arrival.owner].append(arrival)
    return sorted(groups.items())
