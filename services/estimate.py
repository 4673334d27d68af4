"""When will a job end: a middling and a cautious instant, from what its lanes have done lately.

The model.  A lane is one server that works off *cost* at a steady speed: the median of its last busy minutes for p50,
the 10th percentile of them for p90 (`services.throughput`).  What it must work off before the job's last item is done,
in cost, is read from the owners' shares and never counted item by item:

- everything of a higher priority that is ready now;
- of the job's own priority, per owner, what lies between where the lane has got to and the job's highest rank, times
  the owner's weight: fair queueing serves ranks in order, and nobody who comes later is ranked before the lane's clock;
- the job's items that are blocked (they wait for parents or for their hour), as if they became ready now, behind the
  owner's others; and those on a worker.

The end is not before the job's last hour, and a job with parts in several lanes ends with the latest of them.

The model leaves out work that is still to come (of equal priority it delays this job by its fair share, of higher
priority wholly), that a creative cannot start before its copy is made, and retries.  There is no estimate where there
is no ground: fewer than three busy minutes in the last hour, a job or a lane that is paused, a lane on which nobody
works.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from models import ALIVE, Job
from models.queries import lanes, shares, views
from services.throughput import Minute, busy_minutes

FARTHEST = timedelta(days=365)  #: beyond that an instant says nothing


@dataclass(frozen=True)
class Estimate:
    """When a job ends: as likely before *p50_at* as after, and rarely after *p90_at*."""

    p50_at: datetime
    p90_at: datetime


@dataclass(frozen=True)
class _Speed:
    """Cost per second."""

    middling: float
    cautious: float


def estimate_end(session: Session, job: Job, *, now: datetime) -> Estimate | None:
    """When *job* ends, or None where there is no ground to say."""
    if any((job.finished_at, job.paused_at, job.cancelled_at, job.expired_at)):
        return None
    parts = views.parts_left(session, job.id)
    by_lane: dict[Lane, list[views.PartLeft]] = {}
    for part in parts:
        by_lane.setdefault(part.lane, []).append(part)
    speeds = _speeds(session, by_lane, now)
    if speeds is None:
        return None
    ends = [_end(session, job.owner, lane, by_lane[lane], speed, now) for lane, speed in speeds.items()]
    return Estimate(max(end.p50_at for end in ends), max(end.p90_at for end in ends))


def _speeds(session: Session, wanted: Iterable[Lane], now: datetime) -> dict[Lane, _Speed] | None:
    """The speed of every lane of *wanted*; None where one of them has none, is paused or has no worker."""
    speeds: dict[Lane, _Speed] = {}
    for lane in wanted:
        minutes = busy_minutes(session, lane, now=now)
        if not minutes or lanes.is_paused(session, lane):
            return None
        speeds[lane] = _speed(minutes)
    if not speeds or not lanes.live(session, since=now - ALIVE) >= set(speeds):
        return None
    return speeds


def _speed(minutes: Sequence[Minute]) -> _Speed:
    costs = sorted(minute.cost / 60 for minute in minutes)
    return _Speed(median(costs), costs[int(0.1 * (len(costs) - 1))])


def _end(
    session: Session, owner: str, lane: Lane, parts: Sequence[views.PartLeft], speed: _Speed, now: datetime
) -> Estimate:
    """When the job's *parts* in *lane* end."""
    queue = Queue.of(session, lane, owner, lowest=min(part.priority for part in parts))
    cost = max(queue.cost_before(owner, part) for part in parts)
    hours = [part.last_run_at for part in parts if part.last_run_at]
    earliest = max([now, *hours])

    def after(rate: float) -> datetime:
        return max(earliest, now + min(FARTHEST, timedelta(seconds=cost / rate)) if rate else now + FARTHEST)

    return Estimate(after(speed.middling), after(speed.cautious))


@dataclass(frozen=True)
class Queue:
    """A lane's shares by priority and owner: (finish, weight), and where each priority's ready items begin."""

    shares: dict[int, dict[str, tuple[float, float]]]
    begun: dict[int, float]

    @classmethod
    def of(cls, session: Session, lane: Lane, owner: str, *, lowest: int) -> "Queue":
        """The queue of *lane* as it stands for *owner*, down to the priority *lowest*."""
        begun = shares.begun(session, lane, from_priority=lowest)
        found: dict[int, dict[str, tuple[float, float]]] = {}
        for priority, name, finish, weight in shares.beyond(session, lane, begun, owner=owner):
            found.setdefault(priority, {})[name] = (finish, weight)
        return cls(found, begun)

    def cost_before(self, owner: str, part: views.PartLeft) -> float:
        """The cost of everything that is done before the last item of *part*, and of that item."""
        higher = sum(self._ready_cost(priority) for priority in self.shares if priority > part.priority)
        mine = dict(self.shares.get(part.priority, {}))
        finish, weight = mine.get(owner, (0.0, 1.0))
        clock = self._clock(part.priority)
        last = part.highest_rank
        if part.blocked_cost:
            last = max(clock, finish) + part.blocked_cost / weight
            mine[owner] = (last, weight)
        equal = sum(max(0.0, min(end, last) - clock) * size for end, size in mine.values())
        return higher + equal + part.leased_cost

    def _clock(self, priority: int) -> float:
        """Where ranks begin that nobody has been served yet; with nothing ready, where the owner's own end."""
        ends = [finish for finish, _ in self.shares.get(priority, {}).values()]
        return self.begun.get(priority, max(ends, default=0.0))

    def _ready_cost(self, priority: int) -> float:
        clock = self._clock(priority)
        return sum(max(0.0, finish - clock) * weight for finish, weight in self.shares[priority].values())
