"""Measure the queue, for whoever watches the platform."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from adloom.core.states import FINAL, ItemState
from metrics import QueueNumbers
from models.queries import measure

ALIVE = timedelta(seconds=30)  #: a worker seen within this time is alive
PATIENCE_SECONDS = 5
QUANTILES = {"0.5": 50, "0.99": 99, "1": 100}


def measure_queue(session: Session, *, now: datetime) -> QueueNumbers:
    """What is not final, who works, what waits to be delivered.

    The cost grows with the items of unfinished jobs, never with what is final.  On PostgreSQL a question that takes
    more than five seconds is given up, with an error.
    """
    measure.give_up_after(session, PATIENCE_SECONDS)
    pending, oldest = measure.outbox(session)
    return QueueNumbers(
        items=_items(session),
        ages=_ages(session, now),
        workers=_workers(session, now),
        paused=frozenset(measure.paused_lanes(session)),
        jobs={measure.TIER: 0} | {tier: number for tier, number in measure.unfinished_jobs(session)},
        deliveries=pending,
        delivery_age_seconds=_seconds(now, oldest or now),
    )


def _items(session: Session) -> dict[tuple[ItemState, Lane, str], int]:
    none = {(state, lane, measure.TIER): 0 for state in ItemState if state not in FINAL for lane in Lane}
    return none | {(state, lane, tier): number for state, lane, tier, number in measure.open_items(session)}


def _ages(session: Session, now: datetime) -> dict[tuple[Lane, str], float]:
    ages = {(lane, quantile): 0.0 for lane in Lane for quantile in QUANTILES}
    for lane, rank, number, since in measure.ready_since(session, list(QUANTILES.values())):
        for quantile, percent in QUANTILES.items():
            if measure.rank_of(percent, number) == rank:
                ages[lane, quantile] = _seconds(now, since)
    return ages


def _seconds(now: datetime, since: datetime) -> float:
    return max(0.0, (now - since).total_seconds())


def _workers(session: Session, now: datetime) -> dict[tuple[Lane, str], int]:
    busy = measure.busy_workers(session)
    states = ((lane, worker) for worker, lanes in measure.live_workers(session, since=now - ALIVE) for lane in lanes)
    found = Counter((Lane(lane), "busy" if worker in busy else "idle") for lane, worker in states)
    return {(lane, state): found[lane, state] for lane in Lane for state in ("busy", "idle")}
