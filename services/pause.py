"""Pause a job and resume it: what is leased goes on, nothing else starts.

The job is marked first, and acquire respects the mark at once.  Then its ready items leave the ready index, a chunk per
transaction, so that a large paused job costs nobody anything: they are *parked*, blocked until an hour that never
comes, and their shares of the lane are given back.  Resuming wakes them, and they queue up again: nobody saves up for
later by pausing.  Should the process die in between, the sweep goes on.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from adloom.core.errors import NotFound
from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models import Clock, Session, Sessions
from models.queries import jobs, pauses
from services.ready import Arrival, refund
from services.settle import close_ledger, open_ledger, queue

CHUNK = 1000  #: items per transaction: a large job must not hold the queue's locks


def pause_job(sessions: Sessions, job_id: UUID, *, owner: str, now: Clock) -> None:
    """Pause the job.  One that is paused or final already stays as it is.

    Raises:
        NotFound: *owner* has no such job.
    """
    with sessions.begin() as session:
        if not jobs.exists(session, job_id, owner=owner):
            raise NotFound
        pauses.pause(session, job_id, owner=owner, now=now(session))
    park_items(sessions, job_id, now=now)


def resume_job(sessions: Sessions, job_id: UUID, *, owner: str, now: Clock) -> frozenset[Lane]:
    """Resume the job; the lanes that got work back.  One that is not paused stays as it is.

    Raises:
        NotFound: *owner* has no such job.
    """
    with sessions.begin() as session:
        if not jobs.exists(session, job_id, owner=owner):
            raise NotFound
        if not pauses.resume(session, job_id, owner=owner, now=now(session)):
            return frozenset()
    return wake_items(sessions, job_id, now=now)


def park_items(sessions: Sessions, job_id: UUID, *, now: Clock) -> None:
    """Take the ready items of a paused job out of the ready index, a chunk per transaction."""
    after, more = -1, True
    while more:
        with sessions.begin() as session:
            if not pauses.is_parking(session, job_id):
                return
            found = pauses.ready_of(session, job_id, after=after, limit=CHUNK)
            if not _park(session, job_id, [row.id for row in found]):
                return
            more = len(found) == CHUNK
            if more:
                after = found[-1].position
            else:
                pauses.end_parking(session, job_id, now=now(session))


def _park(session: Session, job_id: UUID, item_ids: Sequence[UUID]) -> bool:
    """Park these items and give their shares back; False, and nothing, where the job was resumed meanwhile.

    What is parked in a job that is not paused, nobody would ever wake: so the job is locked, and looked at again.
    """
    with session.begin_nested() as savepoint:
        parked = pauses.park(session, item_ids)
        refund(
            session,
            [Arrival(row.id, row.lane, row.priority, row.owner, row.cost) for row in parked if not row.attempts],
        )
        if pauses.still_parking(session, job_id):
            return True
        savepoint.rollback()
        return False


def wake_items(sessions: Sessions, job_id: UUID, *, now: Clock) -> frozenset[Lane]:
    """Make the parked items of a resumed job ready, a chunk per transaction; the lanes that got work."""
    lanes: frozenset[Lane] = frozenset()
    after, more = -1, True
    while more:
        with sessions.begin() as session:
            goes_on = pauses.is_waking(session, job_id)
            if goes_on:
                found = pauses.parked_of(session, job_id, after=after, limit=CHUNK)
                lanes |= _wake(session, [row.id for row in found], now(session))
                more = len(found) == CHUNK
                after = found[-1].position if more else after
                goes_on = more or pauses.end_waking(session, job_id)
            if not goes_on:
                pauses.repark(session, job_id)  # paused again meanwhile, perhaps: what was woken too late is parked
                return lanes
    return lanes


def _wake(session: Session, item_ids: Sequence[UUID], now: datetime) -> frozenset[Lane]:
    ledger = open_ledger(session, item_ids, now=now)
    still = [item_id for item_id in item_ids if ledger.rows[item_id].state == ItemState.BLOCKED]
    for item_id in still:
        ledger.changes[item_id] = {"id": item_id, "run_at": None}
    lanes = queue(session, ledger, still)
    close_ledger(session, ledger)
    return lanes


def sweep_paused(sessions: Sessions, *, now: Clock) -> frozenset[Lane]:
    """Finish pauses and resumes that were interrupted; the lanes that got work back."""
    with sessions.read() as session:
        parking, waking = pauses.parking(session), pauses.waking(session)
    for job_id in parking:
        park_items(sessions, job_id, now=now)
    return frozenset().union(*(wake_items(sessions, job_id, now=now) for job_id in waking))
