"""Write down how the items of a micro-batch ended, each guarded by its fence."""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from adloom.core.drafts import Continue, Failure
from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models.queries import attempts, work
from services.acquire import Held, MicroBatch
from services.settle import Ledger, close_ledger, hold_ledger

MAX_BACKOFF_SECONDS = 300.0
STORE_AWAY = "storage-unavailable"  #: the code of a failure that may have stored a part of its files
MAX_OUTAGE_SECONDS = 15.0  #: what waits for the platform itself looks again so often, give or take a half


@dataclass(frozen=True)
class Budgets:
    """How often an item may end badly before it fails, each kind of bad end on its own account."""

    errors: int = 5  #: transient errors, counted here
    crashes: int = 3  #: processes seen to die with it on the device
    losses: int = 10  #: leases that ran out, counted by the sweep


@dataclass(frozen=True)
class StoredFile:
    """A draft's file in the store."""

    id: UUID
    number: int
    key: str
    media_type: str
    sha256: str
    size_bytes: int


class Made(NamedTuple):
    """An item's drafts, their files stored: *variants*, *notes* and *provenance* are what its row will say, as JSON."""

    request: UUID
    variants: str
    files: Sequence[StoredFile] = ()
    notes: str = "[]"
    provenance: str = "{}"


Result = Made | Failure | Continue


@dataclass(frozen=True)
class Recorded:
    """What was written.  *left_out*: items that had been taken away meanwhile; nothing of them was written."""

    lanes: frozenset[Lane]
    left_out: tuple[UUID, ...]


@dataclass(frozen=True)
class Report:
    """How a micro-batch ended, written up before anything is locked, as if every lease still held."""

    batch: MicroBatch
    held: Mapping[UUID, Held]
    page: "_Page"
    write_up: Callable[[Ledger], "_Page"]  #: the same again, of what turned out to be held


@dataclass(frozen=True)
class _Page:
    ledger: Ledger
    files: Sequence[tuple[UUID, StoredFile]]
    left_out: Sequence[UUID]


def report(
    batch: MicroBatch,
    results: Sequence[Result],
    *,
    budgets: Budgets,
    retry_seconds: float,
    jitter: random.Random,
    now: datetime,
    released: Collection[UUID] = (),
) -> Report:
    """Write *results* up for `record`; *released* items go back to the queue as they came, at no charge.

    On SQLite all others wait for whoever writes: what can be done before is done here.
    """

    def write_up(ledger: Ledger) -> _Page:
        left_out: list[UUID] = []
        files: list[tuple[UUID, StoredFile]] = []
        for result in results:
            row = ledger.rows.get(result.request)
            if row is None:
                left_out.append(result.request)
            elif isinstance(result, Made):
                ledger.succeed(row, (result.variants, result.notes, result.provenance))
                files += [(result.request, file) for file in result.files]
            else:
                _end(ledger, result, budgets=budgets, retry_seconds=retry_seconds, jitter=jitter)
        for item_id in released:
            if item_id in ledger.rows:
                ledger.move(item_id, ItemState.QUEUED, outcome="released", tidy=True)
        return _Page(ledger, files, left_out)

    held = _held(batch, results, released)
    return Report(batch, held, write_up(Ledger(held, now, has_below=False)), write_up)


def record(session: Session, report: Report) -> Recorded:
    """Record a micro-batch in one transaction.

    An item whose fence has moved on is left out and returned, never raised: its neighbours keep their results.
    """
    page, batch, now = report.page, report.batch, report.page.ledger.now
    locked = hold_ledger(session, report.held, now=now)
    if locked.rows is not report.held:  # some are not ours any more, or others depend on them
        page = report.write_up(locked)
    ledger = page.ledger
    _add_files(session, page.files, now=now)
    lanes = close_ledger(session, ledger)
    done = [row.cost for row, state in ledger.moved if state is ItemState.SUCCEEDED]
    if done:
        work.add(session, batch.lane, batch.items[0].worker, len(done), sum(done), now)
    again = {batch.lane} if ledger.ended(ItemState.QUEUED) else set()
    return Recorded(lanes | again, tuple(sorted(page.left_out)))


def _held(batch: MicroBatch, results: Sequence[Result], released: Collection[UUID]) -> Mapping[UUID, Held]:
    """What of *batch* is to be settled: not what was dropped."""
    if len(results) == len(batch.items):
        return batch.by_id
    ended = {*(result.request for result in results), *released}
    return {item.id: item for item in batch.items if item.id in ended}


def _end(
    ledger: Ledger, result: Failure | Continue, *, budgets: Budgets, retry_seconds: float, jitter: random.Random
) -> None:
    match result:
        case Failure():
            _fail(ledger, result, budgets=budgets, retry_seconds=retry_seconds, jitter=jitter)
        case Continue(item_id, checkpoint):
            ledger.move(item_id, ItemState.QUEUED, outcome="continued", tidy=True, checkpoint=checkpoint)


def _add_files(session: Session, files: Sequence[tuple[UUID, StoredFile]], *, now: datetime) -> None:
    rows = [
        (file.id, item_id, file.number, file.key, file.media_type, file.sha256, file.size_bytes)
        for item_id, file in files
    ]
    attempts.add_assets(session, rows, now=now)


def _fail(ledger: Ledger, failure: Failure, *, budgets: Budgets, retry_seconds: float, jitter: random.Random) -> None:
    row = ledger.rows[failure.request]
    errors = row.errors if failure.blameless else row.errors + 1
    if failure.blameless or (failure.retryable and errors < budgets.errors):
        times = row.attempts if failure.blameless else errors
        most = MAX_OUTAGE_SECONDS if failure.blameless else MAX_BACKOFF_SECONDS
        delay = min(most, retry_seconds * 2 ** min(times - 1, 10)) * jitter.uniform(0.5, 1.5)
        ledger.move(
            failure.request,
            ItemState.BLOCKED,
            outcome=failure.code,
            tidy=failure.code != STORE_AWAY,
            errors=errors,
            run_at=ledger.now + timedelta(seconds=delay),
        )
        return
    ledger.move(
        failure.request,
        ItemState.FAILED,
        outcome=failure.code,
        tidy=failure.code != STORE_AWAY,
        errors=errors,
        error_code=failure.code,
        error_message=failure.message[:300],
        error_retryable=failure.retryable,
    )
