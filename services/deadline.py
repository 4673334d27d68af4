"""End jobs whose deadline has come: what is not final by then fails, also what a worker holds."""

from uuid import UUID

from adloom.core.states import ItemState
from models import Clock, Sessions
from models.queries import jobs
from services.cancel import end_items

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
    """Fail every item of a job past its deadline that is not final."""
    end_items(
        sessions,
        job_id,
        ItemState.FAILED,
        now=now,
        outcome=DEADLINE_PASSED,
        error_code=DEADLINE_PASSED,
        error_message="Its job's deadline passed before it was made.",
        error_retryable=True,
    )
