"""Bells are merged, never waited for, and heard on every transport."""

import time
from pathlib import Path

import pytest
from celery import Celery
from celery.concurrency import get_implementation

from adloom.core.errors import BadConfiguration
from adloom.core.lanes import Lane
from broker import DRAIN, CeleryRinger, make_celery, open_ringer, queue_name


@pytest.fixture(params=["filesystem", "redis"])
def celery(request: pytest.FixtureRequest, tmp_path: Path) -> Celery:
    url = f"filesystem://{tmp_path}" if request.param == "filesystem" else request.getfixturevalue("redis_url")
    return make_celery(url)


def heard(celery: Celery, lane: Lane) -> int:
    """Take every bell out of *lane*'s queue; how many there were."""
    with celery.connection_for_read() as connection:
        queue = connection.SimpleQueue(
            next(queue for queue in celery.conf.task_queues if queue.name == queue_name(lane))
        )
        number = 0
        try:
            while True:
                queue.get(timeout=0.5).ack()
                number += 1
        except queue.Empty:
            return number


def test_a_bell_is_heard_in_its_own_lane(celery: Celery) -> None:
    ringer = CeleryRinger(celery)
    ringer.start()
    ringer.ring([Lane.COPY])
    ringer.close()

    assert heard(celery, Lane.COPY) == 1
    assert heard(celery, Lane.BANNER) == 0


def test_bells_that_are_rung_together_are_merged(celery: Celery) -> None:
    ringer = CeleryRinger(celery)
    for _ in range(100):
        ringer.ring([Lane.COPY])
    ringer.start()
    ringer.close()

    assert heard(celery, Lane.COPY) == 1


def test_a_bell_is_heard_by_a_worker_whose_clock_is_fast(celery: Celery) -> None:
    ringer = CeleryRinger(celery)
    ringer.start()
    ringer.ring([Lane.COPY])
    ringer.close()

    with celery.connection_for_read() as connection:
        queue = next(queue for queue in celery.conf.task_queues if queue.name == queue_name(Lane.COPY))
        message = connection.SimpleQueue(queue).get(timeout=5)
        message.ack()
    assert message.headers["task"] == DRAIN
    assert message.headers["expires"] is None  # a worker drops what its own clock calls expired


def test_ringing_never_waits_for_a_broker_that_is_away() -> None:
    ringer = CeleryRinger(make_celery("redis://127.0.0.1:1/0"))
    ringer.start()
    started = time.monotonic()
    ringer.ring([Lane.COPY])
    ringer.close()

    assert time.monotonic() - started < 2


def test_rabbitmq_keeps_bells_in_queues_that_remember_acknowledgements() -> None:
    queues = make_celery("amqp://nowhere.invalid").conf.task_queues

    assert {queue.queue_arguments["x-queue-type"] for queue in queues} == {"quorum"}


def test_an_unknown_scheme_says_what_to_use() -> None:
    with pytest.raises(BadConfiguration, match="filesystem://"):
        make_celery("kafka://example")


def test_whoever_opens_a_ringer_is_told_of_its_bells(tmp_path: Path) -> None:
    noted: list[tuple[Lane, bool]] = []
    ringer = open_ringer(
        f"filesystem://{tmp_path}", poll_seconds=0.05, note=lambda lane, published, _: noted.append((lane, published))
    )
    ringer.start()
    ringer.ring([Lane.COPY])
    ringer.close()

    assert noted == [(Lane.COPY, True)]


def test_without_a_broker_ringing_does_nothing() -> None:
    ringer = open_ringer("none:", poll_seconds=0.05)
    ringer.start()
    ringer.ring([Lane.COPY])
    ringer.close()


def test_a_pool_of_processes_looks_for_its_dead_twice_a_second() -> None:
    pool = get_implementation(make_celery("memory://").conf.worker_pool).Pool
    looks = pool.timers.fget(pool)
    assert looks == {pool.maintain_pool: 0.5}
