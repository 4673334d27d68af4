"""Write down how the items of a micro-batch ended, each guarded by its fence."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from adloom.core.drafts import Continue, Failure
from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models.queries import attempts
from services.acquire import Held, MicroBatch
from services.settle import Ledger, close_ledger, open_ledger

MAX_BACKOFF_SECONDS = 300.0
MAX_OUTAGE_SECONDS = 60.0  #: what waits for the platform itself looks again at least so often


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


@dataclass(frozen=True)
class Made:
    """An item's drafts, their files stored: *variants* is what its row will say."""

    request: UUID
    variants: Sequence[Mapping[str, Any]]  # Any: JSON
    files: Sequence[StoredFile] = ()
    notes: Sequence[str] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON


Result = Made | Failure | Continue


@dataclass(frozen=True)
class Recorded:
    """What was written.  *left_out*: items that had been taken away meanwhile; nothing of them was written."""

    lanes: frozenset[Lane]
    left_out: tuple[UUID, ...]


def record(
    session: Session,
    batch: MicroBatch,
    results: Sequence[Result],
    *,
    budgets: Budgets,
    retry_seconds: float,
    jitter: random.Random,
    now: datetime,
) -> Recorded:
    """Record *results* in one transaction.

    An item whose fence has moved on is left out and returned, never raised: its neighbours keep their results.
    """
    held = {item.id: item for item in batch.items}
    ledger = open_ledger(session, [result.request for result in results], now=now)
    kept = [result for result in results if _still_held(ledger, held[result.request])]
    for result in kept:
        match result:
            case Made():
                _succeed(session, ledger, result)
            case Failure():
                _fail(ledger, result, budgets=budgets, retry_seconds=retry_seconds, jitter=jitter)
            case Continue():
                ledger.move(
                    result.request,
                    ItemState.QUEUED,
                    outcome="continued",
                    checkpoint=result.checkpoint,
                    finished_at=None,
                )
    lanes = close_ledger(session, ledger)
    again = {batch.lane} if ledger.ended(ItemState.QUEUED) else set()
    left_out = {result.request for result in results} - {result.request for result in kept}
    return Recorded(lanes | again, tuple(sorted(left_out)))


def release(session: Session, batch: MicroBatch, item_ids: Sequence[UUID], *, now: datetime) -> frozenset[Lane]:
    """Give leases back, at no charge: the worker stops before these items were made."""
    held = {item.id: item for item in batch.items}
    ledger = open_ledger(session, item_ids, now=now)
    for item_id in item_ids:
        if _still_held(ledger, held[item_id]):
            ledger.move(item_id, ItemState.QUEUED, outcome="released")
    close_ledger(session, ledger)
    return frozenset({batch.lane})


def _still_held(ledger: Ledger, item: Held) -> bool:
    row = ledger.rows.get(item.id)
    return row is not None and row.state == ItemState.LEASED and row.fence == item.fence


def _succeed(session: Session, ledger: Ledger, made: Made) -> None:
    attempts.add_assets(
        session,
        [
            {
                "id": file.id,
                "item_id": made.request,
                "number": file.number,
                "key": file.key,
                "media_type": file.media_type,
                "sha256": file.sha256,
                "size_bytes": file.size_bytes,
                "created_at": ledger.now,
            }
            for file in made.files
        ],
    )
    ledger.move(
        made.request,
        ItemState.SUCCEEDED,
        outcome="succeeded",
        variants=[dict(variant) for variant in made.variants],
        notes=list(made.notes),
        provenance=dict(made.provenance),
    )


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
            errors=errors,
            run_at=ledger.now + timedelta(seconds=delay),
        )
        return
    ledger.move(
        failure.request,
        ItemState.FAILED,
        outcome=failure.code,
        errors=errors,
        error_code=failure.code,
        error_message=failure.message[:300],
        error_retryable=failure.retryable,
    )
