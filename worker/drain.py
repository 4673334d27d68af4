"""Drain a lane: acquire, generate, record, again."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog

from adloom.core.drafts import Continue, Failure, Outcome
from adloom.core.errors import PlatformError, TransientError
from adloom.core.lanes import Lane
from generators.base import DeviceLost, Generator, Stopping
from models import DatabaseTrouble, Session
from services.acquire import MicroBatch, acquire_micro_batch
from services.record import Recorded, Result, record, report
from worker.generate import generate
from worker.metrics import outcomes
from worker.prepare import prepare
from worker.renewals import Progress
from worker.runtime import Runtime
from worker.store import discard, store_outcome

log = structlog.get_logger()

BROKEN = 71  #: exit status of a process whose device answers nothing any more
WAKE_SECONDS = 1.0
RETRY_SECONDS = 1.0
RECORD_SECONDS = 30.0  #: how long a result waits for a database that is away, before its lease is left to run out
PREFER_AT_MOST = 4  #: micro-batches in a row for the weights that are loaded; then the head's turn comes


def heed(runtime: Runtime, lane: Lane, *, leave: Callable[[int], object] = os._exit) -> None:
    """`drain`, and end this process if its device breaks: its replacement settles what it held, as after any crash."""
    try:
        drain(runtime, lane)
    except DeviceLost:
        leave(BROKEN)


def drain(runtime: Runtime, lane: Lane) -> None:
    """Run micro-batches until the lane is empty, the bell's budget is spent or this process is told to stop."""
    until = time.monotonic() + runtime.bell_seconds
    prefer, woke_at = _Preference(), float("-inf")
    batch = _acquire(runtime, lane, None) if not runtime.drain.requested() else None
    while batch is not None:
        prefer.seen(batch.batch_key)
        if batch.full and time.monotonic() - woke_at >= WAKE_SECONDS:
            woke_at = time.monotonic()
            runtime.ringer.ring([lane])  # there may be more: wake a neighbour, but never pile bells up in the broker
        goes_on = time.monotonic() < until and not runtime.drain.requested()
        more = batch.full and goes_on  # else whoever waits for this one's commit would wait for a search in vain
        batch = run(runtime, batch, then=partial(_next, runtime, lane, prefer.key) if more else None)
        if goes_on and not more:
            batch = _acquire(runtime, lane, prefer.key)
        if not goes_on:
            runtime.ringer.ring([lane])  # a bell's task stays short against every timer of the broker


class _Preference:
    """Which batch key to ask for next: the one just seen, at most `PREFER_AT_MOST` times in a row."""

    def __init__(self) -> None:
        self.key: str | None = None
        self._last = ""
        self._in_a_row = 0

    def seen(self, key: str) -> None:
        self._in_a_row = self._in_a_row + 1 if key == self._last else 1
        self._last = key
        self.key = key if self._in_a_row < PREFER_AT_MOST else None


def _acquire(runtime: Runtime, lane: Lane, prefer: str | None) -> MicroBatch | None:
    with runtime.metrics.database("acquire"), runtime.database.sessions.begin() as session:
        return _next(runtime, lane, prefer, session, runtime.database.now(session))


Next = Callable[[Session, datetime], MicroBatch | None]


def _next(runtime: Runtime, lane: Lane, prefer: str | None, session: Session, now: datetime) -> MicroBatch | None:
    if runtime.drain.requested():
        return None
    return acquire_micro_batch(
        session,
        lane,
        worker=runtime.worker,
        limit=runtime.micro_batch,
        lease_seconds=runtime.lease_seconds,
        now=now,
        prefer=prefer,
        on_device=True,
    )


def run(runtime: Runtime, batch: MicroBatch, *, then: Next | None = None) -> MicroBatch | None:
    """Generate, store and record one micro-batch.  No transaction is open while the generator works.

    *then* leases the next one in the transaction that records this one.

    Raises:
        DeviceLost: what was made is recorded; the rest is left to the process that replaces this one, as in a crash.
    """
    runtime.metrics.acquired(batch.lane, len(batch.items), runtime.most_together(batch.kind))
    log.debug("batch.started", batch=str(batch.id), kind=batch.kind, items=len(batch.items))
    results: list[Result] = []
    lost: DeviceLost | None = None
    with runtime.renewals.watch(batch.held, runtime.progress()) as step:
        try:
            for outcome in _outcomes(runtime, batch, step):
                results.append(store_outcome(runtime.store, batch.by_id[outcome.request], outcome))
        except Stopping:
            log.info("batch.stopped", batch=str(batch.id))
        except DeviceLost as error:
            lost, then = error, None
        except Exception as error:  # whatever it is: what was made is kept, the rest goes back
            log.error("batch.interrupted", batch=str(batch.id), error=type(error).__name__, exc_info=True)
        undone = [] if lost else _undone(batch, results, step)
        recorded, after = _settle(runtime, batch, results, undone, step, then)
    runtime.ringer.ring(recorded.lanes)  # children that just became ready
    discard(runtime.database, runtime.store, results, recorded)
    _report(batch, results, recorded)
    if lost:
        raise lost
    return after


def _outcomes(runtime: Runtime, batch: MicroBatch, step: Progress) -> Iterator[Outcome]:
    """An outcome for each item of *batch* that is not dropped on the way."""
    requests, failures = prepare(runtime, batch, step)  # what it fetches comes before the device
    yield from failures
    if not requests:
        return
    loaded = _load(runtime, batch, step)
    if isinstance(loaded, PlatformError):
        passing = isinstance(loaded, TransientError)
        for request in requests:
            yield Failure(request.id, loaded.code, str(loaded), retryable=passing, blameless=passing)
        return
    yield from generate(loaded, requests, step)


def _load(runtime: Runtime, batch: MicroBatch, step: Progress) -> Generator | PlatformError:
    """The batch's generator with its weights, or why there is none."""
    weights = batch.batch_key.partition("|")[2]
    try:
        with step.patient(runtime.load_seconds):
            return runtime.generators.get(batch.kind, weights)
    except PlatformError as error:
        log.error("weights.not_loaded", kind=batch.kind, weights=weights, code=error.code, detail=str(error))
        return error
    except Exception as error:
        log.error("weights.not_loaded", kind=batch.kind, weights=weights, error=type(error).__name__, exc_info=True)
        return WeightsNotLoaded()


class WeightsNotLoaded(TransientError):
    """The generator's weights could not be loaded."""

    code = "weights-not-loaded"


Settled = tuple[Recorded, MicroBatch | None]


def _undone(batch: MicroBatch, results: Sequence[Result], step: Progress) -> list[UUID]:
    """What was not yielded, and is still ours."""
    if len(results) == len(batch.items):
        return []
    done = {result.request for result in results}
    return [item.id for item in batch.items if item.id not in done and item.id not in step.dropped]


def _settle(
    runtime: Runtime,
    batch: MicroBatch,
    results: Sequence[Result],
    undone: Sequence[UUID],
    step: Progress,
    then: Next | None,
) -> Settled:
    """Record what was yielded; what is *undone* goes back to the queue at no charge.

    The fence makes a repeat harmless, so a database that is away for seconds costs nothing that was made.
    """
    until = time.monotonic() + RECORD_SECONDS
    while True:
        try:
            return _record(runtime, batch, results, undone, then)
        except DatabaseTrouble as error:
            log.warning("batch.not_recorded", batch=str(batch.id), error=type(error).__name__)
            if time.monotonic() > until:
                raise
            step.ticked_at = time.monotonic()  # waiting here is no stall: the leases are to be kept
            time.sleep(RETRY_SECONDS)


def _record(
    runtime: Runtime, batch: MicroBatch, results: Sequence[Result], undone: Sequence[UUID], then: Next | None
) -> Settled:
    with runtime.metrics.database("record"), runtime.database.sessions.begin() as session:
        now = runtime.database.now(session)
        written_up = report(
            batch,
            results,
            budgets=runtime.budgets,
            retry_seconds=runtime.retry_seconds,
            jitter=runtime.jitter,
            now=now,
            released=undone,
        )
        after = then(session, now) if then else None  # before the jobs are counted: neighbours wait for their rows
        recorded = record(session, written_up)
    ended = outcomes(batch, results, left_out=recorded.left_out, released=undone)
    runtime.metrics.ended(batch.kind, ended)
    return recorded, after


def _report(batch: MicroBatch, results: Sequence[Result], recorded: Recorded) -> None:
    failed = {result.code for result in results if isinstance(result, Failure)}
    continued = sum(isinstance(result, Continue) for result in results)
    log.info(
        "batch.ended",
        batch=str(batch.id),
        kind=batch.kind,
        results=len(results),
        failed=sorted(failed),
        continued=continued,
    )
    if recorded.left_out:
        log.warning("items.lease_lost", items=[str(item) for item in recorded.left_out])
