"""Compare a whole database with the model of `queue_model`, and with itself."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adloom.core.states import FINAL, ItemState
from models import Attempt, Delivery, Item, Job, Sessions
from models.queries.pauses import PARKED
from tests.queue_model import KnownItem, QueueModel

Row = sa.Row[*tuple[Any, ...]]  # Any: one type per selected column

_ITEMS = sa.select(
    Item.id,
    Item.job_id,
    Item.state,
    Item.fence,
    Item.worker,
    Item.lease_expires_at,
    Item.on_device,
    Item.suspect,
    Item.attempts,
    Item.errors,
    Item.crashes,
    Item.losses,
    Item.parents_left,
    Item.run_at,
    Item.variants,
)
_JOBS = sa.select(Job.id, Job.state, Job.total, Job.remaining, Job.succeeded, Job.failed, Job.cancelled)
_ENDED = (
    sa.select(Attempt.item_id, Attempt.fence, Attempt.worker, Attempt.started_at, Attempt.outcome)
    .where(Attempt.ended_at.is_not(None))
    .order_by(Attempt.item_id, Attempt.fence)
)


def check_database(sessions: Sessions, model: QueueModel) -> None:
    """Raise AssertionError unless every row is as *model* says; takes note of the fences it finds."""
    with sessions.read() as session:
        items = session.execute(_ITEMS).all()
        jobs = session.execute(_JOBS).all()
        attempts = session.execute(_ENDED).all()
        told = list(session.scalars(sa.select(Delivery.job_id)))
    assert {row.id for row in items} == set(model.items), "items appeared or went missing"
    assert {row.id for row in jobs} == set(model.jobs), "jobs appeared or went missing"
    for row in items:
        _check_item(row, model, model.items[row.id])
    for job in jobs:
        _check_job(job, model, items)
    _check_attempts(attempts, model)
    ended = [job.id for job in model.jobs.values() if job.webhook_url and model.finished(job)]
    assert sorted(told) == sorted(ended), "a webhook for each job that has ended and wants one, and no other"


def _check_item(row: Row, model: QueueModel, known: KnownItem) -> None:
    text = row.variants[0]["text"] if row.variants else None
    found = {
        "state": _state(row, known),
        "worker": row.worker,
        "expires_at": row.lease_expires_at,
        "on_device": row.on_device,
        "suspect": row.suspect,
        "attempts": row.attempts,
        "errors": row.errors,
        "crashes": row.crashes,
        "losses": row.losses,
        "text": text,
    }
    wrong = {name: (value, vars(known)[name]) for name, value in found.items() if value != vars(known)[name]}
    assert not wrong, f"item {known.id}: (found, expected) {wrong}"
    assert row.fence >= known.fence + known.moved, f"the fence is {row.fence} after {known.fence}"
    known.fence, known.moved = row.fence, False
    if row.state == ItemState.LEASED:
        assert model.handed.get((row.id, row.fence)) == row.worker, "held under a lease that nobody was given"
    if row.state not in FINAL:
        assert row.parents_left == model.parents_left(known), f"{row.parents_left} parents left"


def _state(row: Row, known: KnownItem) -> ItemState:
    """What is parked is ready but for its job, or was not: the model does not tell them apart."""
    state: ItemState = row.state
    if state == ItemState.BLOCKED and row.run_at == PARKED and known.state in {ItemState.QUEUED, ItemState.BLOCKED}:
        return known.state
    return state


def _check_job(row: Row, model: QueueModel, items: Sequence[Row]) -> None:
    known = model.jobs[row.id]
    states = Counter(item.state for item in items if item.job_id == row.id)
    counters = (row.succeeded, row.failed, row.cancelled)
    assert counters == (states[ItemState.SUCCEEDED], states[ItemState.FAILED], states[ItemState.CANCELLED])
    assert row.total == sum(states.values()) == len(known.items)
    assert row.remaining == row.total - sum(counters)
    assert row.state == model.state_of(known), f"the job is {row.state}, not {model.state_of(known)}"


def _check_attempts(attempts: Sequence[Row], model: QueueModel) -> None:
    ended: dict[UUID, list[Row]] = {}
    for row in attempts:
        ended.setdefault(row.item_id, []).append(row)
        assert model.handed.get((row.item_id, row.fence)) == row.worker, "an attempt of a lease that nobody was given"
    for item_id, known in model.items.items():
        rows = ended.get(item_id, [])
        assert [row.outcome for row in rows] == known.outcomes, f"attempts {rows}, not {known.outcomes}"
        assert rows == sorted(rows, key=lambda row: (row.started_at, row.fence)), "attempts out of order"
        succeeded = sum(row.outcome == "succeeded" for row in rows)
        assert succeeded == (known.state == ItemState.SUCCEEDED), f"{succeeded} successful attempts"
