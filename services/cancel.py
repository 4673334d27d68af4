"""Withdraw a job: nothing of it starts from here on, and what runs cannot be recorded."""

from typing import Any
from uuid import UUID

from adloom.core.errors import NotFound
from adloom.core.states import FINAL, ItemState
from models import Clock, Sessions
from models.queries import items, jobs
from services.ready import refund
from services.settle import close_ledger, never_leased, open_ledger

CHUNK = 1000  #: items settled per transaction: a large job must not hold the queue's locks


def cancel_job(sessions: Sessions, job_id: UUID, *, owner: str, now: Clock) -> None:
    """Cancel every item of the job that is not final.  A job that is final already stays as it is.

    The job is marked first, and acquire respects the mark; then the items are settled, and should this process die in
    between, the sweep goes on.

    Raises:
        NotFound: *owner* has no such job.
    """
    with sessions.begin() as session:
        if not jobs.exists(session, job_id, owner=owner):
            raise NotFound
        if not jobs.withdraw(session, job_id, owner=owner, now=now(session)):
            return
    settle_cancelled(sessions, job_id, now=now)


def settle_cancelled(sessions: Sessions, job_id: UUID, *, now: Clock) -> None:
    """Take every item of a withdrawn job that is not final to its end."""
    end_items(sessions, job_id, ItemState.CANCELLED, now=now, outcome="cancelled")


def end_items(
    sessions: Sessions,
    job_id: UUID,
    state: ItemState,
    *,
    now: Clock,
    outcome: str,
    **more: Any,  # Any: column values
) -> None:
    """Take every item of a job that is not final to *state*, a chunk per transaction; what never ran returns its share.

    The job is marked by then, so that acquire takes none of them.
    """
    while True:
        with sessions.begin() as session:
            found = items.unsettled(session, job_id, limit=CHUNK)
            ledger = open_ledger(session, found, now=now(session))
            refund(session, never_leased(ledger))
            for row in ledger.rows.values():
                if row.state not in FINAL:
                    ledger.move(row.id, state, outcome=outcome, **more)
            close_ledger(session, ledger)
        if len(found) < CHUNK:
            return
