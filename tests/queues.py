"""Small deeds that tests of the queue share: submit items, hold them, look at them."""

import json
import random
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from adloom.core.kinds import BUILT_IN
from adloom.core.lanes import Lane
from adloom.core.specs import NoopSpec
from models import Database, Item, Job, Sessions
from services.acquire import MicroBatch, acquire_micro_batch
from services.record import Budgets, Made, Recorded, Result, record, report
from services.submit import ItemRequest, JobTerms, Submitted, new_items, submit_job

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
COPY = Lane.COPY
KINDS = {kind.name: kind for kind in BUILT_IN}
SLOW, QUICK = uuid4(), uuid4()


def noop(**fields: Any) -> ItemRequest:  # Any: fields of ItemRequest
    """A request for an item that makes nothing."""
    spec = NoopSpec(payload=fields.pop("payload", ""), seconds=fields.pop("seconds", 0.0))
    return ItemRequest(KINDS["noop"], spec, **fields)


def submit(
    sessions: Sessions,
    requests: int | Sequence[ItemRequest] = 1,
    *,
    owner: str = "ada",
    key: str | None = None,
    fingerprint: str = "f",
    seed: int = 7,
    name: str = "",
    webhook_url: str = "",
    now: datetime = NOON,
) -> Submitted:
    """Submit a job of *requests*, or of that many no-ops."""
    items = [noop() for _ in range(requests)] if isinstance(requests, int) else requests
    terms = JobTerms(
        owner=owner, fingerprint=fingerprint, seed=seed, name=name, idempotency_key=key, webhook_url=webhook_url
    )
    with sessions.begin() as session:
        return submit_job(session, new_items(items), terms, now=now)


def acquire(sessions: Sessions, *, worker: UUID = QUICK, limit: int = 100, now: datetime = NOON) -> MicroBatch | None:
    """Lease a micro-batch of the copy lane for a minute."""
    with sessions.begin() as session:
        return acquire_micro_batch(session, COPY, worker=worker, limit=limit, lease_seconds=60, now=now)


def held(sessions: Sessions, **arguments: Any) -> MicroBatch:  # Any: arguments of acquire
    """`acquire`, when there must be something."""
    batch = acquire(sessions, **arguments)
    assert batch is not None
    return batch


def made(item_id: UUID, text: str = "made") -> Made:
    """A result with one text."""
    variant = {"number": 0, "field": "noop", "text": text, "source": "template", "score": 0.0}
    return Made(item_id, json.dumps([variant]))


def recorded(sessions: Sessions, batch: MicroBatch, results: Sequence[Result], *, now: datetime = NOON) -> Recorded:
    """Record *results* for *batch*."""
    with sessions.begin() as session:
        return record_in(session, batch, results, now=now)


def record_in(session: Session, batch: MicroBatch, results: Sequence[Result], *, now: datetime = NOON) -> Recorded:
    """Record on an open session."""
    return record(session, report(batch, results, budgets=Budgets(), retry_seconds=5, jitter=random.Random(1), now=now))


def release(session: Session, batch: MicroBatch, item_ids: Collection[UUID], *, now: datetime = NOON) -> None:
    """Give leases back on an open session, as a worker that stops before these items were made."""
    jitter = random.Random(1)
    record(session, report(batch, [], budgets=Budgets(), retry_seconds=5, jitter=jitter, now=now, released=item_ids))


def succeed(sessions: Sessions, batch: MicroBatch, *, now: datetime = NOON) -> Recorded:
    """Record success for all of *batch*."""
    return recorded(sessions, batch, [made(item.id) for item in batch.items], now=now)


def items_of(sessions: Sessions, job_id: UUID) -> list[Item]:
    """The items of a job, in order."""
    with sessions.read() as session:
        return list(session.scalars(sa.select(Item).where(Item.job_id == job_id).order_by(Item.position)))


def states_of(sessions: Sessions, job_id: UUID) -> list[str]:
    """The states of a job's items, in order."""
    return [item.state.value for item in items_of(sessions, job_id)]


def job_of(sessions: Sessions, job_id: UUID) -> Job:
    """A job as it stands."""
    with sessions.read() as session:
        job = session.get(Job, job_id)
        assert job is not None
        return job


def count(values: Iterable[str]) -> Mapping[str, int]:
    """How often each value occurs."""
    found: dict[str, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found


def wait_for_lock(database: Database) -> None:
    """Wait until some transaction on PostgreSQL waits for another's lock."""
    waiting = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    for _ in range(200):
        with database.sessions.read() as session:
            if session.scalar(waiting):
                return
        time.sleep(0.05)
    raise TimeoutError
