"""Give items their place in a lane when they become ready: start-time fair queueing.

An item's rank is where its owner's share of the lane has got to, plus its cost.  Someone who submits 100,000 items
moves far ahead in rank, so someone who then submits five starts at the lane's clock and is served among the first.

Source: Goyal, Vin and Cheng 1996, "Start-time Fair Queuing", https://doi.org/10.1145/248157.248171
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from models.queries import shares


class Arrival(NamedTuple):
    """An item that becomes ready; *id* is whatever its caller knows it by."""

    id: Hashable
    lane: Lane
    priority: int
    owner: str
    cost: float


def rank(session: Session, arrivals: Iterable[Arrival]) -> dict[Any, float]:
    """The rank of each of *arrivals*, in their order; moves their owners' shares on.

    Shares are locked in one order everywhere, after items and before jobs.
    """
    groups: dict[tuple[Lane, int, str], list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        groups[arrival.lane, arrival.priority, arrival.owner].append(arrival)
    ranks: dict[Any, float] = {}
    for (lane, priority, owner), members in sorted(groups.items()):
        finish = shares.lock_finish(session, lane, priority, owner)
        at = max(shares.lane_clock(session, lane, priority), finish)
        for member in members:
            at += member.cost
            ranks[member.id] = at
        shares.set_finish(session, lane, priority, owner, at)
    return ranks
