"""Why is an item waiting: the one reason that matters most, with a number where there is one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from adloom.core.states import ItemState
from models import ALIVE, Item, Job
from models.queries import attempts, lanes, pauses, views

MOST_AHEAD = 10_000  #: counted no further, so that the question stays cheap


@dataclass(frozen=True)
class Waiting:
    """One *reason*, a stable word, and a sentence.

    *ahead*: ready items of its lane that come before it, counted up to `MOST_AHEAD`.  *parents*: items that it still
    needs.  *run_at*: not before.
    """

    reason: str
    detail: str
    ahead: int | None = None
    parents: int | None = None
    run_at: datetime | None = None


def why_waiting(session: Session, item: Item, *, now: datetime) -> Waiting | None:
    """Why no worker has *item* yet; None where one has, or where it is final."""
    if item.state not in (ItemState.BLOCKED, ItemState.QUEUED):
        return None
    job = views.job(session, item.job_id, owner=item.owner)
    assert job is not None  # items go with their jobs
    return (
        _held_back(job)
        or (_blocked(session, item, now) if item.state == ItemState.BLOCKED else None)
        or _ready(session, item, now)
    )


def _held_back(job: Job) -> Waiting | None:
    if job.cancelled_at is not None:
        return Waiting("cancelling", "Its job was cancelled; it ends within seconds.")
    if job.expired_at is not None:
        return Waiting("deadline", "Its job's deadline has passed; it ends within seconds.")
    if job.paused_at is not None:
        return Waiting("job-paused", "Its job is paused. Resume it to go on.")
    return None


def _blocked(session: Session, item: Item, now: datetime) -> Waiting | None:
    """What keeps it from being ready; None where it is due and becomes ready at the next sweep."""
    if item.parents_left:
        return Waiting("parents", f"It needs {_count(item.parents_left)} of this job first.", parents=item.parents_left)
    if item.run_at is None or item.run_at <= now or item.run_at == pauses.PARKED:
        return None
    error = attempts.last_outcome(session, item.id) if item.attempts else None
    if error is not None:
        detail = f"Its last attempt ended with {error}; it is tried again."
    else:
        detail = "Its hour has not come."
    return Waiting("not-due", detail, run_at=item.run_at)


def _ready(session: Session, item: Item, now: datetime) -> Waiting:
    if lanes.is_paused(session, item.lane):
        return Waiting("lane-paused", f"The operator has paused the lane {item.lane}.")
    if item.lane not in lanes.live(session, since=now - ALIVE):
        return Waiting("no-worker", f"No worker for the lane {item.lane} is running.")
    if item.state == ItemState.BLOCKED:
        return Waiting("queued", "It is about to be queued.")
    ahead = lanes.ahead_of(session, item, limit=MOST_AHEAD + 1)
    if ahead > MOST_AHEAD:
        return Waiting("queued", f"More than {MOST_AHEAD:,} items of its lane come before it.", ahead=MOST_AHEAD)
    return Waiting("queued", f"{_count(ahead)} of its lane {'comes' if ahead == 1 else 'come'} before it.", ahead=ahead)


def _count(items: int) -> str:
    return f"{items:,} item{'' if items == 1 else 's'}"
