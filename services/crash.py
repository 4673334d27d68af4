"""Settle what a process left behind that was seen to die."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models.queries import items, workers
from services.record import Budgets
from services.settle import Ledger, close_ledger, open_ledger

WORKER_CRASHED = "worker-crashed"


def settle_crashed(session: Session, dead: Collection[UUID], *, budgets: Budgets, now: datetime) -> frozenset[Lane]:
    """Take back what the workers *dead* held, at once: nobody needs to wait for the leases to run out.

    What was on the device is a suspect from here on, and has a crash to its name; what was not costs nothing.
    """
    found = items.held_by(session, dead)
    ledger = open_ledger(session, found, now=now)
    held = [row for row in map(ledger.rows.get, found) if row and row.worker in dead]
    for row in held:
        if row.on_device:
            _blame(ledger, row, budgets)
        else:
            ledger.move(row.id, ItemState.QUEUED, outcome="released")
    close_ledger(session, ledger)
    for worker in dead:
        workers.leave(session, worker)
    return frozenset(row.lane for row in held)


def _blame(ledger: Ledger, row: items.Found, budgets: Budgets) -> None:
    crashes = row.crashes + 1
    if crashes < budgets.crashes:
        ledger.move(row.id, ItemState.QUEUED, outcome="crashed", crashes=crashes, suspect=True)
        return
    ledger.move(
        row.id,
        ItemState.FAILED,
        outcome="crashed",
        crashes=crashes,
        suspect=True,
        error_code=WORKER_CRASHED,
        error_message=f"The process that worked on it died {crashes} times, the last times with nothing else in it.",
        error_retryable=False,
    )
