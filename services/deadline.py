"""End jobs whose deadline has come: what is not final by then fails, also what a worker holds."""

from uuid import UUID

from adloom.core.states import FINAL, ItemState
from models import Clock, Sessions
from models.queries import items, jobs
from services.ready import refund
from services.settle import close_ledger, never_leased, open_ledger

CHUNK = 1000  #: items settled per transaction: a large job must not hold the queue's locks
DEADLINE_PASSED = "deadline-passed"


def sweep_deadlines(sessions: Sessions, *, now: Clock) -> None:
    """Mark jobs whose deadline has come, which acquire respects at once, and settle them and what was interrupted."""
    with sessions.begin() as session:
        jobs.expire(session, now=now(session))
    with sessions.read() as session:
        found = jobs.expiring(session)
    for job_id in found:
        settle_expired(sessions, job_id, now=now)


def settle_expired(sessions: Sessions, job_id: UUID, *, now: Clock) -> None:
    """Fail every item of a job past its deadline that is not final, a chunk per transaction."""
    while True:
        with sessions.begin() as session:
            found = items.unsettled(session, job_id, limit=CHUNK)
            ledger = open_ledger(session, found, now=now(session))
            refund(session, never_leased(ledger))
            for row in ledger.rows.values():
                if row.state not in FINAL:
                    ledger.move(
                        row.id,
                        ItemState.FAILED,
                        outcome=DEADLINE_PASSED,
                        error_code=DEADLINE_PASSED,
                        error_message="Its job's deadline passed before it was made.",
                        error_retryable=True,
                    )
            close_ledger(session, ledger)
        if len(found) < CHUNK:
            return
