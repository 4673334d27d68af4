"""The life of an item: acquire, record, fences, budgets, fairness, sweep."""

import json
import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from adloom.core.drafts import Continue, Failure
from adloom.core.lanes import Lane
from adloom.core.states import ItemState, JobState
from models import Attempt, Database, Item, Sessions
from models.queries import items, workers
from services.acquire import acquire_micro_batch
from services.cancel import cancel_job
from services.record import Budgets
from services.renew import renew_leases
from services.sweep import lanes_to_ring, sweep_due, sweep_expired
from tests.queues import (
    COPY,
    MINUTE,
    NOON,
    QUICK,
    SLOW,
    acquire,
    held,
    items_of,
    job_of,
    made,
    noop,
    record_in,
    recorded,
    release,
    states_of,
    submit,
    succeed,
)


def sweep(sessions: Sessions, *, now: datetime, budgets: Budgets | None = None) -> frozenset[Lane]:
    with sessions.begin() as session:
        return sweep_expired(session, grace_seconds=5, budgets=budgets or Budgets(), now=now).lanes


def test_a_job_whose_items_succeed_is_succeeded(sessions: Sessions) -> None:
    job = submit(sessions, 3)

    succeed(sessions, held(sessions))

    found = job_of(sessions, job.job_id)
    assert (found.state, found.remaining, found.succeeded) == (JobState.SUCCEEDED, 0, 3)
    assert items_of(sessions, job.job_id)[0].variants == json.loads(made(uuid4()).variants)


def test_two_workers_never_hold_the_same_item(sessions: Sessions) -> None:
    submit(sessions, 4)

    first, second = held(sessions, worker=SLOW, limit=2), held(sessions, worker=QUICK, limit=2)

    assert not set(first.held()) & set(second.held())
    assert acquire(sessions) is None


def test_a_second_worker_finds_work_while_the_first_has_not_committed(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time: the second waits for the first")
    submit(database.sessions, 4)
    with database.sessions.begin() as one, database.sessions.begin() as two:
        first = acquire_micro_batch(one, COPY, worker=SLOW, limit=2, lease_seconds=60, now=NOON)
        second = acquire_micro_batch(two, COPY, worker=QUICK, limit=2, lease_seconds=60, now=NOON)

    assert first is not None
    assert second is not None
    assert not set(first.held()) & set(second.held())


def test_a_second_worker_takes_the_next_batch_key_while_the_first_holds_all_of_one(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time: the second waits for the first")
    submit(database.sessions, 4)
    with database.sessions.begin() as session:
        session.execute(sa.update(Item).where(Item.position >= 2).values(batch_key="other|"))
    with database.sessions.begin() as one, database.sessions.begin() as two:
        acquire_micro_batch(one, COPY, worker=SLOW, limit=8, lease_seconds=60, now=NOON)
        second = acquire_micro_batch(two, COPY, worker=QUICK, limit=8, lease_seconds=60, now=NOON)

    assert second is not None
    assert [item.position for item in second.items] == [2, 3]


def test_many_workers_at_once_take_every_item_exactly_once(database: Database) -> None:
    submit(database.sessions, 60)
    taken: list[object] = []

    def work() -> None:
        while batch := acquire(database.sessions, worker=uuid4(), limit=7):
            taken.extend(batch.held())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == len(set(taken)) == 60


def test_a_limit_is_a_limit(sessions: Sessions) -> None:
    submit(sessions, 50)

    assert len(held(sessions, limit=8).items) == 8


def test_a_kind_limits_its_own_micro_batches(sessions: Sessions) -> None:
    submit(sessions, 300)

    batch = held(sessions, limit=1_000)

    assert len(batch.items) == 256
    assert batch.full


def test_only_items_of_one_batch_key_share_a_micro_batch(sessions: Sessions) -> None:
    submit(sessions, [noop(), noop(), noop()])
    with sessions.begin() as session:
        session.execute(sa.update(Item).where(Item.position == 1).values(batch_key="other|"))

    assert [item.position for item in held(sessions).items] == [0, 2]
    assert [item.position for item in held(sessions).items] == [1]


def test_a_preferred_batch_key_comes_first_if_there_is_any(sessions: Sessions) -> None:
    submit(sessions, [noop(), noop()])
    with sessions.begin() as session:
        session.execute(sa.update(Item).where(Item.position == 1).values(batch_key="other|"))
        batch = acquire_micro_batch(session, COPY, worker=QUICK, limit=8, lease_seconds=60, now=NOON, prefer="other|")
        rest = acquire_micro_batch(session, COPY, worker=QUICK, limit=8, lease_seconds=60, now=NOON, prefer="other|")

    assert batch
    assert rest
    assert [item.position for item in batch.items] == [1]
    assert [item.position for item in rest.items] == [0]


def test_a_late_worker_cannot_overwrite_its_successor(sessions: Sessions) -> None:
    job, later = submit(sessions), NOON + 2 * MINUTE
    late = held(sessions, worker=SLOW)
    sweep(sessions, now=later)
    successor = held(sessions, worker=QUICK, now=later)

    refused = recorded(sessions, late, [made(late.items[0].id, "late")], now=later)
    succeed(sessions, successor, now=later)

    assert refused.left_out == (late.items[0].id,)
    variants = items_of(sessions, job.job_id)[0].variants
    assert variants
    assert variants[0]["text"] == "made"


def test_a_late_write_leaves_its_neighbours_alone(sessions: Sessions) -> None:
    job = submit(sessions, 2)
    batch = held(sessions)
    with sessions.begin() as session:
        session.execute(sa.update(Item).where(Item.position == 0).values(fence=Item.fence + 1))

    assert succeed(sessions, batch).left_out == (batch.items[0].id,)
    assert states_of(sessions, job.job_id) == ["leased", "succeeded"]


def test_a_lease_that_is_renewed_is_not_swept(sessions: Sessions) -> None:
    submit(sessions)
    batch = held(sessions)
    with sessions.begin() as session:
        assert not renew_leases(session, batch.held(), lease_seconds=60, now=NOON + MINUTE)

    assert not sweep(sessions, now=NOON + 1.5 * MINUTE)


def test_renewing_tells_what_was_cancelled(sessions: Sessions, database: Database) -> None:
    job = submit(sessions)
    batch = held(sessions)
    cancel_job(sessions, job.job_id, owner="ada", now=lambda session: NOON)

    with sessions.begin() as session:
        assert renew_leases(session, batch.held(), lease_seconds=60, now=NOON) == set(batch.held())


def test_a_lease_that_ran_out_goes_back_to_the_queue(sessions: Sessions) -> None:
    job = submit(sessions)
    held(sessions)

    assert sweep(sessions, now=NOON + 2 * MINUTE) == {COPY}

    item = items_of(sessions, job.job_id)[0]
    assert (item.state, item.losses, item.suspect) == (ItemState.QUEUED, 1, False)


def test_a_lease_is_not_taken_within_its_grace(sessions: Sessions) -> None:
    submit(sessions)
    held(sessions)

    assert not sweep(sessions, now=NOON + MINUTE + timedelta(seconds=4))


def test_an_item_that_is_lost_too_often_fails(sessions: Sessions) -> None:
    job, now = submit(sessions), NOON
    for _ in range(3):
        held(sessions, now=now)
        now += 2 * MINUTE
        sweep(sessions, now=now, budgets=Budgets(losses=3))

    item = items_of(sessions, job.job_id)[0]
    assert (item.state, item.error_code) == (ItemState.FAILED, "lease-lost")
    assert job_of(sessions, job.job_id).state == JobState.FAILED


def test_a_suspect_is_leased_alone_and_fills_no_micro_batch(sessions: Sessions) -> None:
    submit(sessions, 4)
    batch = held(sessions, limit=2)
    with sessions.begin() as session:
        items.mark_on_device(session, batch.held())
    sweep(sessions, now=NOON + 2 * MINUTE)

    sizes = []
    while found := acquire(sessions, now=NOON + 2 * MINUTE):
        sizes.append([item.position for item in found.items])

    assert sorted(sizes) == [[0], [1], [2, 3]]


def test_a_suspect_further_down_does_not_fill_the_heads_micro_batch(sessions: Sessions) -> None:
    submit(sessions, 3)
    with sessions.begin() as session:
        session.execute(sa.update(Item).where(Item.position == 1).values(suspect=True))

    assert [item.position for item in held(sessions).items] == [0, 2]


def test_the_fence_rises_whenever_an_item_changes_hands(sessions: Sessions) -> None:
    job = submit(sessions)
    fences = [0]

    def look() -> None:
        fences.append(items_of(sessions, job.job_id)[0].fence)

    batch = held(sessions)
    look()
    with sessions.begin() as session:
        release(session, batch, [batch.items[0].id], now=NOON)
    look()
    held(sessions)
    look()
    sweep(sessions, now=NOON + 2 * MINUTE)
    look()
    cancel_job(sessions, job.job_id, owner="ada", now=lambda session: NOON)
    look()

    assert fences == sorted(set(fences))


def test_a_transient_error_waits_and_then_runs_again(sessions: Sessions) -> None:
    job = submit(sessions)
    batch = held(sessions)
    recorded(sessions, batch, [Failure(batch.items[0].id, "source-timeout", "slow", retryable=True)])
    assert states_of(sessions, job.job_id) == ["blocked"]
    assert acquire(sessions) is None

    with sessions.begin() as session:
        assert sweep_due(session, now=NOON + MINUTE).lanes == {COPY}

    assert succeed(sessions, held(sessions)).left_out == ()
    assert job_of(sessions, job.job_id).state == JobState.SUCCEEDED


def test_transient_errors_are_a_budget(sessions: Sessions) -> None:
    job, now = submit(sessions), NOON
    for _ in range(5):
        batch = held(sessions, now=now)
        failure = Failure(batch.items[0].id, "source-timeout", "slow", retryable=True)
        recorded(sessions, batch, [failure], now=now)
        now += 10 * MINUTE
        with sessions.begin() as session:
            sweep_due(session, now=now)

    item = items_of(sessions, job.job_id)[0]
    assert (item.state, item.errors, item.error_code) == (ItemState.FAILED, 5, "source-timeout")


def test_what_waits_for_the_platform_looks_again_within_half_a_minute(sessions: Sessions) -> None:
    submit(sessions)
    for now in (NOON + n * timedelta(seconds=24) for n in range(12)):  # and the sweeper comes within five
        batch = held(sessions, now=now)
        recorded(sessions, batch, [Failure(batch.items[0].id, "away", "away", blameless=True)], now=now)
        with sessions.begin() as session:
            assert sweep_due(session, now=now + timedelta(seconds=24)).items == 1


def test_a_permanent_error_fails_at_once_and_alone(sessions: Sessions) -> None:
    job = submit(sessions, 2)
    batch = held(sessions)
    bad, good = batch.items
    recorded(sessions, batch, [Failure(bad.id, "image-missing", "gone"), made(good.id)])

    assert states_of(sessions, job.job_id) == ["failed", "succeeded"]
    assert job_of(sessions, job.job_id).state == JobState.PARTIAL


def test_what_is_released_costs_no_budget(sessions: Sessions) -> None:
    job = submit(sessions)
    batch = held(sessions)
    with sessions.begin() as session:
        release(session, batch, [batch.items[0].id], now=NOON)

    item = items_of(sessions, job.job_id)[0]
    assert (item.state, item.errors, item.losses, item.crashes) == (ItemState.QUEUED, 0, 0, 0)
    assert recorded(sessions, batch, [made(item.id)]).left_out == (item.id,)


def test_an_item_that_is_not_done_continues_from_its_checkpoint(sessions: Sessions) -> None:
    job = submit(sessions)
    batch = held(sessions)
    recorded(sessions, batch, [Continue(batch.items[0].id, "epoch 3")])

    assert held(sessions).items[0].checkpoint == "epoch 3"
    assert items_of(sessions, job.job_id)[0].errors == 0


def test_five_items_do_not_wait_for_a_thousand(sessions: Sessions) -> None:
    submit(sessions, 1000, owner="large")
    succeed(sessions, held(sessions, limit=10))
    submit(sessions, 5, owner="small")

    owners = [item.owner for _ in range(3) for item in held(sessions, limit=4).items]

    assert owners.count("small") == 5


def test_a_higher_priority_comes_first(sessions: Sessions) -> None:
    submit(sessions, [noop(), noop(priority=5)])

    assert held(sessions, limit=1).items[0].position == 1


def test_an_item_waits_for_its_hour(sessions: Sessions) -> None:
    submit(sessions, [noop(run_at=NOON + MINUTE)])
    assert acquire(sessions) is None
    with sessions.begin() as session:
        assert not sweep_due(session, now=NOON).lanes
        assert sweep_due(session, now=NOON + MINUTE).lanes == {COPY}

    assert acquire(sessions) is not None


def test_every_lease_leaves_a_closed_attempt(sessions: Sessions) -> None:
    submit(sessions)
    held(sessions)
    sweep(sessions, now=NOON + 2 * MINUTE)
    succeed(sessions, held(sessions))

    with sessions.read() as session:
        outcomes = list(session.scalars(sa.select(Attempt.outcome).order_by(Attempt.fence)))
    assert outcomes == ["lost", "succeeded"]


def test_a_transaction_that_fails_records_nothing(sessions: Sessions) -> None:
    job = submit(sessions)
    batch = held(sessions)

    def record_and_crash() -> None:
        with sessions.begin() as session:
            record_in(session, batch, [made(batch.items[0].id)])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        record_and_crash()

    assert states_of(sessions, job.job_id) == ["leased"]


def test_a_lane_is_rung_when_something_waits_and_a_live_worker_is_idle(sessions: Sessions) -> None:
    def rung() -> frozenset[Lane]:
        with sessions.read() as session:
            return lanes_to_ring(session, now=NOON)

    def seen(worker: UUID, at: datetime) -> None:
        row = {"id": worker, "main": worker, "lanes": ["copy"], "host": "h", "pid": 1, "started_at": at, "seen_at": at}
        with sessions.begin() as session:
            workers.report(session, row)

    submit(sessions, 2)
    assert not rung()  # no worker
    seen(SLOW, NOON - MINUTE)
    assert not rung()  # a dead one
    seen(QUICK, NOON)
    assert rung() == {COPY}
    held(sessions, worker=QUICK, limit=1)
    assert not rung()  # a busy one
