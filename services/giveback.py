"""Give back what the processes of one worker hold: it ends, and cannot wait for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models.queries import items, workers
from services.settle import close_ledger, open_ledger


def give_back(session: Session, *, main: UUID, now: datetime) -> frozenset[Lane]:
    """Return every lease that children of *main* hold to the queue, at no charge, and forget the children."""
    children = workers.children(session, main=main)
    found = items.held_by(session, children)
    ledger = open_ledger(session, found, now=now)
    held = [row for row in map(ledger.rows.get, found) if row and row.worker in children]
    for row in held:
        ledger.move(row.id, ItemState.QUEUED, outcome="released")
    close_ledger(session, ledger)
    workers.leave_all(session, main=main)
    return frozenset(row.lane for row in held)
