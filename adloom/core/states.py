"""The lives of an item and of a job, as tables of states and moves."""

from collections.abc import Mapping
from enum import StrEnum

from adloom.core.errors import IllegalMove


class ItemState(StrEnum):
    """Where an item stands.  Values are stored in the database: never rename one."""

    BLOCKED = "blocked"  #: waits for its parents, for its hour, or for its job to be resumed
    QUEUED = "queued"  #: ready, waiting for a worker
    LEASED = "leased"  #: held by one worker until ``lease_expires_at``
    SUCCEEDED = "succeeded"  #: its variants are stored; final
    FAILED = "failed"  #: the error says why; final
    CANCELLED = "cancelled"  #: withdrawn by its owner; final


class JobState(StrEnum):
    """Where a job stands.  Values are stored in the database: never rename one."""

    RUNNING = "running"  #: some item is not final yet
    SUCCEEDED = "succeeded"  #: every item succeeded; final
    PARTIAL = "partial"  #: some items succeeded, others failed; final
    FAILED = "failed"  #: no item succeeded; final
    CANCELLED = "cancelled"  #: withdrawn by its owner; what had succeeded stays; final


MOVES: Mapping[ItemState, frozenset[ItemState]] = {
    ItemState.BLOCKED: frozenset({ItemState.QUEUED, ItemState.FAILED, ItemState.CANCELLED}),
    ItemState.QUEUED: frozenset({ItemState.LEASED, ItemState.BLOCKED, ItemState.FAILED, ItemState.CANCELLED}),
    ItemState.LEASED: frozenset(
        {ItemState.SUCCEEDED, ItemState.FAILED, ItemState.QUEUED, ItemState.BLOCKED, ItemState.CANCELLED}
    ),
    ItemState.SUCCEEDED: frozenset(),
    ItemState.FAILED: frozenset(),
    ItemState.CANCELLED: frozenset(),
}

FINAL: frozenset[ItemState] = frozenset(state for state, moves in MOVES.items() if not moves)

FINAL_JOB: frozenset[JobState] = frozenset(JobState) - {JobState.RUNNING}


def check_move(old: ItemState, new: ItemState) -> None:
    """Raise `IllegalMove` unless an item may go from *old* to *new*."""
    if new not in MOVES[old]:
        raise IllegalMove(f"An item cannot go from {old} to {new}.")


def job_state(*, succeeded: int, failed: int, cancelled: bool) -> JobState:
    """How a job whose items are all final has ended; *cancelled*: its owner withdrew it."""
    if cancelled:
        return JobState.CANCELLED
    if failed == 0:
        return JobState.SUCCEEDED
    return JobState.PARTIAL if succeeded else JobState.FAILED
