"""A real worker whose link to its broker goes half open: alive, connected, deaf."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adloom.core.lanes import Lane
from broker import make_celery, open_ringer, queue_name, ring_afresh
from tests.conftest import FreshDatabase
from tests.lone import Lone, lone_worker
from tests.proxy import Proxy
from worker.watchdog import DEAF

pytestmark = pytest.mark.slow


@pytest.fixture(params=["redis", "amqp"])
def broker_url(request: pytest.FixtureRequest) -> str:
    name = "rabbitmq_url" if request.param == "amqp" else "redis_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def link(broker_url: str) -> Iterator[Proxy]:
    parts = urlsplit(broker_url)
    assert parts.hostname
    assert parts.port
    with Proxy(parts.hostname, parts.port) as link:
        yield link


@pytest.fixture
def through(broker_url: str, link: Proxy) -> str:
    """The broker's URL by way of the link."""
    return broker_url.replace(f":{urlsplit(broker_url).port}", f":{link.port}")


@pytest.fixture
def lone(through: str, fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Lone]:
    with lone_worker(tmp_path, database_url=fresh_database("sqlite"), broker_url=through) as lone:
        yield lone


def test_a_deaf_worker_ends_and_its_successor_does_the_work(lone: Lone, link: Proxy, broker_url: str) -> None:
    celery = make_celery(broker_url)
    worker = lone.start_worker("copy", ADLOOM_WATCHDOG_SECONDS="3")
    job = lone.submit()
    ring_afresh(celery, Lane.COPY)
    lone.await_job(job)

    link.half_open()
    job = lone.submit()
    ring_afresh(celery, Lane.COPY)

    assert worker.wait(60) == DEAF
    assert "worker.deaf" in lone.log.read_text()
    lone.start_worker("copy")
    ring_afresh(celery, Lane.COPY)
    lone.await_job(job)


def test_a_worker_is_left_alone_while_its_broker_is_away(lone: Lone, link: Proxy, broker_url: str) -> None:
    worker = lone.start_worker("copy", ADLOOM_WATCHDOG_SECONDS="1")
    link.half_open()
    link.reset(refuse=True)
    lone.submit()

    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(8)


def test_a_ringer_whose_link_went_half_open_is_heard_again(link: Proxy, through: str, broker_url: str) -> None:
    celery = make_celery(broker_url)
    ringer = open_ringer(through, poll_seconds=0.05)
    ringer.start()
    with celery.connection_for_read() as connection:
        queue = next(queue for queue in celery.conf.task_queues if queue.name == queue_name(Lane.TRAIN))
        bells = connection.SimpleQueue(queue)
        ringer.ring([Lane.TRAIN])
        bells.get(timeout=10).ack()

        link.half_open()
        heard, until = False, time.monotonic() + 40
        while not heard and time.monotonic() < until:
            ringer.ring([Lane.TRAIN])  # as the sweeper does, every few seconds
            with suppress(bells.Empty):
                bells.get(timeout=1).ack()
                heard = True
        bells.close()

    ringer.close()
    assert heard
