"""Put right what time has put wrong: lost leases, due items, interrupted cancels, keys that nobody needs any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models import ALIVE, Clock, Sessions
from models.queries import items, jobs, pauses, workers
from services.cancel import settle_cancelled
from services.record import Budgets
from services.settle import Ledger, close_ledger, open_ledger, queue

CHUNK = 500
LEASE_LOST = "lease-lost"


@dataclass(frozen=True)
class Swept:
    """The lanes that got work back; *more*: there is more of the same to sweep; *items*: how many were put right."""

    lanes: frozenset[Lane] = frozenset()
    more: bool = False
    items: int = 0


def sweep_expired(session: Session, *, grace_seconds: float, budgets: Budgets, now: datetime) -> Swept:
    """Take back the leases that ended more than *grace_seconds* ago.  Any number of sweepers may do so at once.

    An item that was on the device when its worker vanished is a suspect from here on and runs alone.
    """
    before = now - timedelta(seconds=grace_seconds)
    found = items.expired(session, before=before, limit=CHUNK)
    if not found:
        return Swept()
    ledger = open_ledger(session, found, now=now)
    lost = [row for row in map(ledger.rows.get, found) if row and _is_expired(row, before)]
    for row in lost:
        _lose(ledger, row, budgets)
    close_ledger(session, ledger)
    return Swept(frozenset(row.lane for row in lost), more=len(found) == CHUNK, items=len(lost))


def _is_expired(row: items.Found, before: datetime) -> bool:
    return bool(row.state == ItemState.LEASED and row.lease_expires_at < before)


def _lose(ledger: Ledger, row: items.Found, budgets: Budgets) -> None:
    losses = row.losses + 1
    suspect = row.suspect or row.on_device
    if losses < budgets.losses:
        ledger.move(row.id, ItemState.QUEUED, outcome="lost", losses=losses, suspect=suspect)
        return
    ledger.move(
        row.id,
        ItemState.FAILED,
        outcome="lost",
        losses=losses,
        suspect=suspect,
        error_code=LEASE_LOST,
        error_message=f"Its worker vanished {losses} times.",
        error_retryable=False,
    )


def sweep_due(session: Session, *, now: datetime) -> Swept:
    """Make ready what was waiting for its hour.  What belongs to a job that is held back is parked instead."""
    found = items.due(session, now=now, limit=CHUNK)
    ready = [item_id for item_id, is_held_back in found if not is_held_back]
    lanes: frozenset[Lane] = frozenset()
    if ready:
        ledger = open_ledger(session, ready, now=now)
        lanes = queue(session, ledger, [item_id for item_id in ready if _is_due(ledger.rows[item_id], now)])
        close_ledger(session, ledger)
    if len(ready) < len(found):
        pauses.park_due(session, [item_id for item_id, is_held_back in found if is_held_back])
    return Swept(lanes, more=len(found) == CHUNK, items=len(ready))


def _is_due(row: items.Found, now: datetime) -> bool:
    """Whether it is still: another sweep may have let it go meanwhile, and its worker put it off again."""
    return bool(row.state == ItemState.BLOCKED and row.run_at is not None and row.run_at <= now)


def sweep_cancelled(sessions: Sessions, *, now: Clock) -> None:
    """Finish cancels that were interrupted."""
    with sessions.read() as session:
        found = jobs.cancelling(session)
    for job_id in found:
        settle_cancelled(sessions, job_id, now=now)


def sweep_keys(session: Session, *, key_hours: float, now: datetime) -> Swept:
    """Forget the idempotency keys of jobs older than *key_hours*: a request with one is a new request from then on."""
    return Swept(more=jobs.forget_keys(session, before=now - timedelta(hours=key_hours), limit=CHUNK) == CHUNK)


def lanes_to_ring(session: Session, *, now: datetime) -> frozenset[Lane]:
    """Lanes in which something is ready while a live worker that serves them is idle.

    Level, not event: a bell that was lost is simply rung again at the next look.  No live worker, no bell.
    """
    waiting = items.ready_lanes(session)
    if not waiting:
        return frozenset()
    return frozenset(waiting & workers.idle_lanes(session, since=now - ALIVE))
