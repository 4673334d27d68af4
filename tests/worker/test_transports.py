"""What every transport has to keep, with a real worker on each: a bell wakes it, and nothing in a queue harms it."""

import json
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import kombu
import pytest
import redis

from adloom.core.lanes import Lane
from broker import DRAIN, CeleryRinger, has_broker, make_celery, queue_name
from tests.conftest import FreshDatabase
from tests.lone import Lone, lone_worker
from tests.servers import find_rabbitmq, free_port, rabbitmq_server, redis_server

pytestmark = pytest.mark.slow

SERVERS = {"redis": "redis_url", "amqp": "rabbitmq_url"}


@pytest.fixture(params=["filesystem", "redis", "amqp", "none"])
def lone(request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Lone]:
    server = SERVERS.get(request.param)
    known = {"none": "none:", "filesystem": f"filesystem://{tmp_path}/bells"}
    url = request.getfixturevalue(server) if server else known[request.param]
    with lone_worker(tmp_path, database_url=fresh_database("sqlite"), broker_url=url) as lone:
        yield lone


def is_made(lone: Lone) -> float:
    """Submit a job, ring once, and wait for its end; how long that took, in seconds."""
    job = lone.submit()
    lone.ring()
    return lone.await_job(job)


def publish(lone: Lone, body: object, headers: dict[str, object]) -> None:
    """Put a message into the copy lane's queue, whatever it says."""
    celery = make_celery(lone.broker_url)
    with celery.connection_for_write() as connection:
        producer = kombu.Producer(connection, exchange=kombu.Exchange("adloom", type="direct"))
        name = queue_name(Lane.COPY)
        queue = next(queue for queue in celery.conf.task_queues if queue.name == name)
        producer.publish(body, routing_key=name, headers=headers, declare=[queue], serializer="json")


def task(name: str, *arguments: object) -> tuple[object, dict[str, object]]:
    """A message as Celery writes it, for a task and arguments of the caller's."""
    headers: dict[str, object] = {"lang": "py", "task": name, "id": "1", "root_id": "1", "retries": 0, "eta": None}
    return [list(arguments), {}, {}], headers


def test_a_bell_wakes_a_worker_again_and_again(lone: Lone) -> None:
    lone.start_worker("copy")

    took = [is_made(lone) for _ in range(4)]

    assert min(took) < 2.5


def test_a_hundred_bells_for_one_item_make_it_once(lone: Lone) -> None:
    worker = lone.start_worker("copy")
    job = lone.submit()
    for _ in range(100):
        lone.ring()
    lone.await_job(job)

    is_made(lone)  # behind the stale ones
    assert worker.poll() is None


def test_a_bell_that_is_lost_costs_only_time(lone: Lone) -> None:
    lone.start_worker("copy")
    job = lone.submit()
    time.sleep(1)

    lone.ring()  # as the sweeper does
    lone.await_job(job)


def test_garbage_in_the_queue_does_no_harm(lone: Lone, tmp_path: Path) -> None:
    if not has_broker(lone.broker_url):
        pytest.skip("without a broker there is no queue")
    worker = lone.start_worker("copy")
    for body, headers in (
        task(DRAIN, "no-such-lane"),
        task(DRAIN),
        task(DRAIN, {"v": 99}, 7),
        task("somebody.elses"),
        ("not a task", dict[str, object]()),
        ({"v": 1, "lane": "copy"}, dict[str, object](task=5)),
    ):
        publish(lone, body, headers)
    if lone.broker_url.startswith("filesystem"):
        (tmp_path / "bells/queue/1_x.lane.copy.msg").write_bytes(b"\0 not JSON")

    is_made(lone)
    assert worker.poll() is None


def test_bytes_that_are_no_message_end_no_worker_on_redis(
    redis_url: str, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    url = redis_url.replace("/0", "/1")
    with lone_worker(tmp_path, database_url=fresh_database("sqlite"), broker_url=url) as lone:
        worker = lone.start_worker("copy")
        with redis.Redis.from_url(url) as server:
            for raw in (b"\xff\0", b"{}", json.dumps({"body": "?"}).encode()):
                server.lpush(f"adloom:{queue_name(Lane.COPY)}", raw)
        job = lone.submit()
        deadline = time.monotonic() + 30
        while not lone.is_done(job) and time.monotonic() < deadline:  # it may reconnect over each of them
            lone.ring()
            time.sleep(0.5)

        assert lone.is_done(job)
        assert worker.poll() is None


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_ringing_never_waits_for_a_broker_that_hangs(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hung:  # takes connections and never says a word
        address = f"127.0.0.1:{hung.getsockname()[1]}"
        ringer = CeleryRinger(make_celery(f"{scheme}://{address}/"))
        ringer.start()
        since = time.monotonic()
        for _ in range(1000):
            ringer.ring([Lane.COPY])
        rung = time.monotonic() - since
        ringer.close()

        assert rung < 0.5
        assert time.monotonic() - since < 2.5


@pytest.mark.parametrize("kind", ["redis", "amqp"])
def test_a_worker_hears_bells_again_after_its_broker_was_killed(
    kind: str, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    if kind == "amqp" and find_rabbitmq() is None:
        pytest.skip("RabbitMQ is not installed: apt-get install rabbitmq-server")
    port = free_port()
    url = f"amqp://guest:guest@127.0.0.1:{port}//" if kind == "amqp" else f"redis://127.0.0.1:{port}/0"
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        lone_worker(tmp_path, database_url=fresh_database("sqlite"), broker_url=url) as lone,
    ):

        def start() -> AbstractContextManager[str]:
            return rabbitmq_server(Path(folder), port=port) if kind == "amqp" else redis_server(port=port)

        with start():
            worker = lone.start_worker("copy")
            is_made(lone)
        time.sleep(1)
        with start():
            job = lone.submit()
            until = time.monotonic() + 60
            while not lone.is_done(job) and time.monotonic() < until:
                with suppress(Exception):
                    lone.ring()
                time.sleep(0.5)
            assert lone.is_done(job)
            assert worker.poll() is None
