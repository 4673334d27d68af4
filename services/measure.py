"""Measure the queue, for whoever watches the platform."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from adloom.core.states import FINAL, ItemState
from metrics import QueueNumbers
from models import ALIVE
from models.queries import measure

PATIENCE_SECONDS = 5
QUANTILES = {"0.5": 50, "0.99": 99, "1": 100}


def measure_queue(session: Session, *, now: datetime) -> QueueNumbers:
    """What is not final, who works, what waits to be delivered.

    The cost grows with the items of unfinished jobs, never with what is final.  On PostgreSQL a question that takes
    more than five seconds is given up, with an error.
    """
    measure.be_modest(session, seconds=PATIENCE_SECONDS)
    rows = measure.open_items(session, list(QUANTILES.values()))
    pending, oldest = measure.outbox(session)
    return QueueNumbers(
        items=_items(rows),
        ages=_ages(rows, now),
        workers=_workers(session, now),
        paused=frozenset(measure.paused_lanes(session)),
        jobs={measure.TIER: 0} | {tier: number for tier, number in measure.unfinished_jobs(session)},
        deliveries=pending,
        delivery_age_seconds=_seconds(now, oldest or now),
    )


def _items(rows: Sequence[measure.Found]) -> dict[tuple[ItemState, Lane, str], int]:
    none = {(state, lane, measure.TIER): 0 for state in ItemState if state not in FINAL for lane in Lane}
    return none | {(row[0], row[1], row[2]): int(row[3]) for row in rows if row[0] is not None}


def _ages(rows: Sequence[measure.Found], now: datetime) -> dict[tuple[Lane, str], float]:
    ages = {(lane, quantile): 0.0 for lane in Lane for quantile in QUANTILES}
    for _, lane, _, _, *instants in (row for row in rows if row[0] is None):
        ages |= {(lane, quantile): _seconds(now, at) for quantile, at in zip(QUANTILES, instants, strict=True)}
    return ages


def _seconds(now: datetime, since: datetime) -> float:
    return max(0.0, (now - since).total_seconds())


def _workers(session: Session, now: datetime) -> dict[tuple[Lane, str], int]:
    busy = measure.busy_workers(session)
    states = ((lane, worker) for worker, lanes in measure.live_workers(session, since=now - ALIVE) for lane in lanes)
    found = Counter((Lane(lane), "busy" if worker in busy else "idle") for lane, worker in states)
    return {(lane, state): found[lane, state] for lane in Lane for state in ("busy", "idle")}
