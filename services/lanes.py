"""Lanes as their operator sees and sets them: paused or not, how long, and whether anybody works on them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from models import ALIVE
from models.queries import lanes

REMEASURE = timedelta(seconds=20)  #: well within the time for which a measure counts


@dataclass(frozen=True)
class LaneView:
    """One lane: ready items when it was last measured, and whether a live worker serves it."""

    lane: Lane
    paused_at: datetime | None
    waiting: int
    measured_at: datetime | None
    is_served: bool


def pause_lane(session: Session, lane: Lane, *, now: datetime) -> None:
    """Lease nothing from *lane* from here on; what is leased goes on.  A paused lane stays as it is."""
    if not lanes.is_paused(session, lane):
        lanes.put(session, lane, paused_at=now)


def resume_lane(session: Session, lane: Lane) -> None:
    """Lease from *lane* again."""
    lanes.put(session, lane, paused_at=None)


def list_lanes(session: Session, *, now: datetime) -> list[LaneView]:
    """Every lane, whether it has a row or not."""
    states, served = lanes.states(session), lanes.live(session, since=now - ALIVE)
    views = []
    for lane in Lane:
        row = states.get(lane)
        paused_at, measured_at = (row.paused_at, row.measured_at) if row else (None, None)
        views.append(LaneView(lane, paused_at, row.waiting if row else 0, measured_at, lane in served))
    return views


def measure_lanes(session: Session, *, now: datetime) -> None:
    """Count the ready items of every lane, for backpressure: one look at the ready index each.

    A number that stays is written down again only now and then: an idle platform should not write at every sweep.
    """
    states = lanes.states(session)
    for lane in Lane:
        waiting, row = lanes.count_ready(session, lane), states.get(lane)
        if row is None or row.waiting != waiting or row.measured_at is None or now - row.measured_at > REMEASURE:
            lanes.put(session, lane, waiting=waiting, measured_at=now)
