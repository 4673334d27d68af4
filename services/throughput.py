"""How fast a lane works, by the minutes in which it had work.

A minute counts once it is over, and only if something was recorded in it: an idle hour says nothing of a lane's
speed.  A minute that was only partly busy makes the lane look slower than it is, never faster.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from models.queries import work

MINUTES = 10  #: so many of the newest busy minutes count
LEAST_MINUTES = 3  #: less is no ground
MEMORY = timedelta(hours=1)  #: older minutes say nothing of now, and are pruned


@dataclass(frozen=True)
class Minute:
    """What a lane got done in one full minute."""

    items: int
    cost: float


def busy_minutes(session: Session, lane: Lane, *, now: datetime) -> Sequence[Minute]:
    """The newest full minutes in which *lane* had work, newest first; none where they are too few to say anything."""
    before = work.minute_of(now)
    rows = work.recent(session, lane, since=before - MEMORY, before=before, limit=MINUTES)
    return [Minute(int(row.items), float(row.cost)) for row in rows] if len(rows) >= LEAST_MINUTES else []


def items_per_second(session: Session, lanes: Iterable[Lane], *, now: datetime) -> float:
    """How many items *lanes* get done together, on average over their busy minutes; 0 where nobody can say."""
    total = 0.0
    for lane in lanes:
        minutes = busy_minutes(session, lane, now=now)
        if minutes:
            total += sum(minute.items for minute in minutes) / (60 * len(minutes))
    return total
