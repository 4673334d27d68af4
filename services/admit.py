"""May this job come in: its owner's quotas, the length of its lanes, its deadline.

Checked in the transaction that submits, after the job's own row, under a lock of the owner's row: of two submits at
once the second counts what the first has brought.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from adloom.core.errors import Invalid, LaneFull, Problem, QuotaExceeded, TooLarge
from adloom.core.lanes import Lane
from models import Owner
from models.queries import lanes, owners
from services.throughput import items_per_second

DAY = timedelta(days=1)
FRESH = timedelta(minutes=1)  #: a measure older than that says nothing: the sweeper is away
RETRY_SECONDS = 30  #: where nobody can say
MAX_RETRY_SECONDS = 3600


@dataclass(frozen=True)
class Limits:
    """What a platform takes in; 0: no limit.  An owner's row may say otherwise of the first two."""

    max_waiting: int = 0  #: an owner's items that are not final
    max_daily: int = 0  #: an owner's items in 24 hours
    max_lane: int = 0  #: ready items in a lane, of all owners


NO_LIMITS = Limits()


def check_deadline(deadline_at: datetime | None, *, now: datetime) -> None:
    """Refuse a deadline that nothing can meet.

    Raises:
        Invalid: it has passed.
    """
    if deadline_at is not None and deadline_at <= now:
        detail = "The deadline has passed already."
        raise Invalid(detail, problems=[Problem("/deadline_at", "in-the-past", detail)])


def admit(session: Session, owner: str, total: int, into: Collection[Lane], *, limits: Limits, now: datetime) -> None:
    """Let a job of *total* items into the lanes *into*; its own row is written already, and counts.

    Raises:
        LaneFull: one of the lanes is longer than it may be.
        QuotaExceeded: the owner has too much waiting, or has submitted too much today.
        TooLarge: the job alone is more than the owner may ever have.
    """
    row = owners.lock(session, owner)
    _check_waiting(session, row, total, into, limits=limits, now=now)
    _check_daily(session, row, total, limits=limits, now=now)
    _check_lanes(session, into, limits=limits, now=now)


def _check_waiting(
    session: Session, owner: Owner, total: int, into: Collection[Lane], *, limits: Limits, now: datetime
) -> None:
    most = _limit(owner.max_waiting, limits.max_waiting)
    if not most:
        return
    _check_alone(total, most, "that wait")
    over = owners.waiting(session, owner.owner) - most
    if over > 0:
        detail = f"You may have {most:,} items that are not final, and would have {over:,} more."
        raise QuotaExceeded(detail, retry_seconds=_until_done(session, over, into, now=now))


def _check_daily(session: Session, owner: Owner, total: int, *, limits: Limits, now: datetime) -> None:
    most = _limit(owner.max_daily, limits.max_daily)
    if not most:
        return
    _check_alone(total, most, "in 24 hours")
    over = owners.submitted(session, owner.owner, since=now - DAY) - most
    if over > 0:
        leaves = owners.submitted_by(session, owner.owner, since=now - DAY, items=over)
        wait = (leaves + DAY - now).total_seconds() if leaves else RETRY_SECONDS
        detail = f"You may submit {most:,} items in 24 hours, and would have submitted {over:,} more."
        raise QuotaExceeded(detail, retry_seconds=max(1, math.ceil(wait)))


def _check_lanes(session: Session, into: Collection[Lane], *, limits: Limits, now: datetime) -> None:
    if not limits.max_lane:
        return
    for state in lanes.full(session, into, most=limits.max_lane, since=now - FRESH):
        over = state.waiting - limits.max_lane + 1
        detail = f"{state.waiting:,} items wait in the lane {state.lane}, which takes no more just now."
        raise LaneFull(detail, retry_seconds=_until_done(session, over, [state.lane], now=now))


def _limit(own: int | None, default: int) -> int:
    return default if own is None else own


def _check_alone(total: int, most: int, which: str) -> None:
    """A job that can never fit is told so, rather than to come again."""
    if total > most:
        raise TooLarge(f"This job has {total:,} items, and you may have {most:,} {which}. Split it.")


def _until_done(session: Session, items: int, into: Collection[Lane], *, now: datetime) -> int:
    """Seconds in which so many items get done at the lanes' recent speed."""
    speed = items_per_second(session, into, now=now)
    return min(MAX_RETRY_SECONDS, max(1, math.ceil(items / speed))) if speed else RETRY_SECONDS
