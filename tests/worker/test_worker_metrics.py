"""What a worker counts equals what it did and what the database says of it."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from prometheus_client import generate_latest

from adloom.core.drafts import Continue, Draft, Drafts, Failure, Outcome, Source
from adloom.core.specs import NoopSpec
from generators.base import Request, Step
from generators.registry import GeneratorSettings
from metrics import Registry, SweepMetrics, WorkMetrics, new_registry
from models import Attempt, Item
from services.cancel import cancel_job
from tests.queues import COPY, MINUTE, QUICK, held, noop, submit
from tests.worker.conftest import Rig
from worker.drain import drain
from worker.metrics import TimedGenerator, TimedStore
from worker.renewals import Progress
from worker.runtime import Generators
from worker.sweeper import Sweeper, Timers


@pytest.fixture
def registry(rig: Rig) -> Registry:
    """The registry that the rig's worker counts into from now on."""
    registry = new_registry()
    metrics = WorkMetrics(registry)
    rig.runtime = replace(rig.runtime, metrics=metrics, store=TimedStore(rig.store, metrics))
    rig.runtime.renewals._metrics = metrics
    return registry


def samples(registry: Registry, name: str) -> dict[tuple[str, ...], float]:
    """Label values, in the order of their names -> value, without zeros."""
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in registry.collect()
        for sample in family.samples
        if sample.name == name and sample.value
    }


def mixed(requests: Sequence[Request[Any]], step: Step) -> Iterator[Outcome]:
    """Succeed, fail, continue, as the payload says."""
    for request in requests:
        step()
        match request.spec.payload:
            case "fail":
                yield Failure(request.id, "bad-output", "no")
            case "continue" if not request.checkpoint:
                yield Continue(request.id, "half")
            case payload:
                yield Drafts(request.id, (Draft("noop", Source.TEMPLATE, text=payload),))


def test_the_attempts_that_are_counted_are_those_in_the_database(rig: Rig, registry: Registry) -> None:
    rig.with_generator(mixed)
    submit(rig.database.sessions, [noop(payload=word) for word in ("a", "fail", "b", "continue", "fail")])
    drain(rig.runtime, COPY)
    with rig.database.sessions.read() as session:
        written = Counter(session.scalars(sa.select(Attempt.outcome)))
    counted = Counter(
        {code or outcome: number for (code, _, outcome), number in samples(registry, "adloom_attempts_total").items()}
    )
    assert counted == written == {"succeeded": 3, "bad-output": 2, "continued": 1}


def test_what_was_taken_away_meanwhile_is_left_out_and_no_success(rig: Rig, registry: Registry) -> None:
    job_id = submit(rig.database.sessions, 2).job_id

    def cancelled(requests: Sequence[Request[Any]], step: Step) -> Iterator[Outcome]:
        cancel_job(rig.database.sessions, job_id, owner="ada", now=rig.database.now)
        yield from mixed(requests, step)

    rig.with_generator(cancelled)
    rig.runtime.renewals.close()  # or a heartbeat would drop them first
    drain(rig.runtime, COPY)
    assert samples(registry, "adloom_attempts_total") == {("", "noop", "left_out"): 2}


def test_what_a_heartbeat_found_lost_is_dropped(rig: Rig, registry: Registry) -> None:
    job_id = submit(rig.database.sessions, 3).job_id

    def wait(requests: Sequence[Request[Any]], step: Step) -> Iterator[Outcome]:
        cancel_job(rig.database.sessions, job_id, owner="ada", now=rig.database.now)
        until(lambda: len(step()) == 3)
        yield from ()

    rig.with_generator(wait)
    drain(rig.runtime, COPY)
    assert samples(registry, "adloom_attempts_total") == {("", "noop", "dropped"): 3}
    assert samples(registry, "adloom_lease_renewals_total")["lost",] == 3


def test_micro_batches_are_counted_with_their_size_and_fill(rig: Rig, registry: Registry) -> None:
    rig.runtime = replace(rig.runtime, micro_batch=4)
    submit(rig.database.sessions, 6)
    drain(rig.runtime, COPY)
    assert samples(registry, "adloom_micro_batch_items_sum") == {("copy",): 6}
    assert samples(registry, "adloom_micro_batch_items_count") == {("copy",): 2}
    assert samples(registry, "adloom_micro_batch_fill_ratio_sum") == {("copy",): 1.5}


def test_a_kinds_own_limit_is_what_a_micro_batch_could_have_held(rig: Rig, registry: Registry) -> None:
    submit(rig.database.sessions, 64)
    drain(rig.runtime, COPY)
    assert samples(registry, "adloom_micro_batch_fill_ratio_sum") == {("copy",): 64 / 256}


def test_transactions_are_timed_by_what_they_do(rig: Rig, registry: Registry) -> None:
    submit(rig.database.sessions, 1)
    rig.with_generator(slowly(0.2))
    drain(rig.runtime, COPY)
    times = samples(registry, "adloom_database_seconds_count")
    assert times["acquire",] == 2  # nobody searches for more in the transaction of a micro-batch that was not full
    assert times["record",] == 1
    assert times["renew",] >= 1
    assert 0 < samples(registry, "adloom_database_seconds_sum")["record",] < 0.2


def slowly(seconds: float) -> Callable[[Sequence[Request[Any]], Step], Iterator[Outcome]]:
    def work(requests: Sequence[Request[Any]], step: Step) -> Iterator[Outcome]:
        time.sleep(seconds)
        yield from mixed(requests, step)

    return work


def test_leases_are_counted_at_each_heartbeat(rig: Rig, registry: Registry) -> None:
    submit(rig.database.sessions, 3)
    rig.with_generator(slowly(0.3))
    drain(rig.runtime, COPY)
    renewed = samples(registry, "adloom_lease_renewals_total")
    beats = samples(registry, "adloom_database_seconds_count")["renew",]
    assert renewed == {("renewed",): 3 * beats}


def test_a_heartbeat_that_cannot_reach_the_database_is_an_error(rig: Rig, registry: Registry) -> None:
    submit(rig.database.sessions, 2)
    batch = held(rig.database.sessions)
    with rig.database.sessions.begin() as session:
        session.execute(sa.text("ALTER TABLE items RENAME TO away"))
    with rig.runtime.renewals.watch(batch.held, rig.runtime.progress()):
        until(lambda: bool(samples(registry, "adloom_lease_renewals_total")))
    assert {result for (result,) in samples(registry, "adloom_lease_renewals_total")} == {"error"}


def test_a_generator_that_makes_no_step_is_a_stall(rig: Rig, registry: Registry) -> None:
    submit(rig.database.sessions, 1)
    batch = held(rig.database.sessions)
    with rig.runtime.renewals.watch(batch.held, Progress(stop=lambda: False, patience_seconds=0.0)):
        until(lambda: bool(samples(registry, "adloom_stalls_total")))
    assert samples(registry, "adloom_lease_renewals_total") == {}


def test_loads_and_calls_of_a_real_generator_are_timed(rig: Rig, registry: Registry) -> None:
    rig.runtime = replace(rig.runtime, generators=Generators(GeneratorSettings(), rig.runtime.metrics))
    submit(rig.database.sessions, 2)
    drain(rig.runtime, COPY)
    assert samples(registry, "adloom_weights_loads_total") == {("noop", "loaded"): 1}
    assert samples(registry, "adloom_generator_seconds_count") == {("noop",): 1}


def test_the_time_between_two_outcomes_is_not_the_generators(registry: Registry) -> None:
    class Quick:
        def load(self, weights: str, device: str) -> None:
            raise OSError("no weights")

        def generate(self, requests: Sequence[Request[Any]], *, step: Step) -> Iterator[Outcome]:
            for request in requests:
                time.sleep(0.05)
                yield Failure(request.id, "bad-output", "no")
            raise OSError("broken")

    timed = TimedGenerator("noop", Quick(), WorkMetrics(fresh := new_registry()))
    asked = [Request(QUICK, NoopSpec(), 1, 0), Request(QUICK, NoopSpec(), 1, 1)]
    with pytest.raises(OSError, match="broken"):
        consume(timed.generate(asked, step=lambda: set()), pause_seconds=0.2)
    assert 0.1 <= samples(fresh, "adloom_generator_seconds_sum")["noop",] < 0.3
    with pytest.raises(OSError, match="no weights"):
        timed.load("", "cpu")
    assert samples(fresh, "adloom_weights_loads_total") == {("noop", "failed"): 1}


def consume(outcomes: Iterator[Outcome], *, pause_seconds: float) -> None:
    for _ in outcomes:
        time.sleep(pause_seconds)


def test_the_store_is_timed_and_does_as_before(rig: Rig, registry: Registry) -> None:
    store = rig.runtime.store
    assert store.put("a/b", b"x", media_type="text/plain").size_bytes == 1
    assert (store.get("a/b"), store.exists("a/b")) == (b"x", True)
    store.delete("a/b")
    assert not rig.store.exists("a/b")
    times = samples(registry, "adloom_store_seconds_count")
    assert times == {("delete",): 1, ("exists",): 1, ("get",): 1, ("put",): 1}


def test_no_id_owner_or_payload_is_in_any_label(rig: Rig, registry: Registry) -> None:
    rig.with_generator(mixed)
    job_id = submit(
        rig.database.sessions, [noop(payload="planted-words"), noop(payload="fail")], owner="owner-7"
    ).job_id
    drain(rig.runtime, COPY)
    text = generate_latest(registry).decode()
    with rig.database.sessions.read() as session:
        planted = ["owner-7", "planted-words", job_id, rig.runtime.worker, *session.scalars(sa.select(Item.id))]
    assert not [each for each in planted if str(each) in text]


def test_a_sweep_says_what_it_found(rig: Rig) -> None:
    registry = new_registry()
    sessions = rig.database.sessions
    with sessions.read() as session:
        now = rig.database.now(session)
    submit(sessions, 3, now=now - 10 * MINUTE)
    held(sessions, now=now - 10 * MINUTE)
    submit(sessions, [noop(run_at=now), noop(run_at=now)], now=now - MINUTE)
    Sweeper(
        rig.database, rig.ringer, Timers(heartbeat_seconds=0, grace_seconds=0), metrics=SweepMetrics(registry)
    ).sweep()
    assert samples(registry, "adloom_swept_items_total") == {("expired",): 3, ("due",): 2}
    assert samples(registry, "adloom_sweeps_total") == {
        ("done", step): 1 for step in ("expired", "due", "cancelled", "deadlines", "paused", "measured", "gone", "keys")
    }


def test_a_sweep_that_fails_is_counted(rig: Rig) -> None:
    registry = new_registry()
    with rig.database.sessions.begin() as session:
        session.execute(sa.text("ALTER TABLE workers RENAME TO away"))
    Sweeper(
        rig.database, rig.ringer, Timers(heartbeat_seconds=0, grace_seconds=0), metrics=SweepMetrics(registry)
    ).sweep()
    assert samples(registry, "adloom_sweeps_total")["failed", "gone"] == 1


def until(done: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)
