"""A worker ends soon after it was asked to, whatever it is doing, and nothing of its work is lost or counted."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from adloom.core.kinds import Kind
from adloom.core.lanes import Lane
from adloom.core.specs import NoopSpec
from models import Attempt
from services.submit import ItemRequest
from tests.conftest import FreshDatabase
from tests.lone import Lone, lone_worker
from tests.platforms import until
from tests.queues import items_of, states_of

pytestmark = pytest.mark.slow

BROKERS = {"redis": "redis_url", "amqp": "rabbitmq_url"}
STONE = Kind("stone", "Makes no step", Lane.COPY, NoopSpec, lambda spec: "", lambda spec: 1.0, 8)
PLUGIN = """
import time
from adloom.core.kinds import Kind
from adloom.core.lanes import Lane
from adloom.core.specs import NoopSpec

KIND = Kind("stone", "Makes no step", Lane.COPY, NoopSpec, lambda spec: "", lambda spec: 1.0, 8)

class Stone:
    def __init__(self, settings):
        pass

    def load(self, weights, device):
        pass

    def generate(self, requests, *, step):
        time.sleep(600)
        yield from ()
"""


@pytest.fixture(params=["filesystem", "redis", "amqp", "none"])
def lone(request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Lone]:
    name = BROKERS.get(request.param)
    url = request.getfixturevalue(name) if name else {"none": "none:"}.get(request.param, f"filesystem://{tmp_path}/b")
    with lone_worker(tmp_path, database_url=fresh_database("sqlite"), broker_url=url) as lone:
        yield lone


def busy(lone: Lone, job: UUID) -> None:
    """Wait until a worker has begun."""
    lone.ring()
    until(lambda: "leased" in states_of(lone.database.sessions, job), what=f"a lease; see {lone.log}", seconds=20)


def assert_given_back(lone: Lone, job: UUID) -> None:
    item = items_of(lone.database.sessions, job)[0]
    assert (item.state.value, item.errors, item.crashes, item.losses) == ("queued", 0, 0, 0)
    with lone.database.sessions.read() as session:
        assert list(session.scalars(sa.select(Attempt.outcome))) == ["released"]
    assert lone.workers() == 0


def test_an_idle_worker_ends_at_once(lone: Lone) -> None:
    took = []
    for _ in range(2):  # the better of two: others use this machine, too
        worker = lone.start_worker("copy", ADLOOM_DRAIN_SECONDS="60")
        since = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0
        took.append(time.monotonic() - since)
        assert lone.workers() == 0

    assert min(took) < 1.5


def test_a_worker_finishes_its_micro_batch_and_takes_no_other(lone: Lone) -> None:
    worker = lone.start_worker("copy", ADLOOM_DRAIN_SECONDS="20", ADLOOM_MICRO_BATCH="4")
    job = lone.submit(12, seconds=0.25)
    busy(lone, job)

    for _ in range(3):  # whoever is impatient changes nothing
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.1)

    assert worker.wait(20) == 0
    states = states_of(lone.database.sessions, job)
    assert states.count("succeeded") == 4
    assert states.count("queued") == 8


def test_what_takes_longer_than_the_time_to_drain_is_given_back(lone: Lone) -> None:
    worker = lone.start_worker("copy", ADLOOM_DRAIN_SECONDS="2")
    job = lone.submit(1, seconds=60)
    busy(lone, job)

    since = time.monotonic()
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(20) == 0
    assert time.monotonic() - since < 5
    assert_given_back(lone, job)


def test_a_second_signal_that_is_harsher_gives_back_at_once(lone: Lone) -> None:
    worker = lone.start_worker("copy", ADLOOM_DRAIN_SECONDS="60")
    job = lone.submit(1, seconds=60)
    busy(lone, job)

    since = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    worker.send_signal(signal.SIGQUIT)

    assert worker.wait(20) == 0
    assert time.monotonic() - since < 4
    assert_given_back(lone, job)


def test_a_generator_that_makes_no_step_does_not_hold_a_worker_up(lone: Lone, tmp_path: Path) -> None:
    about = tmp_path / "site" / "stone-1.0.dist-info"
    about.mkdir(parents=True)
    (tmp_path / "site/stone.py").write_text(PLUGIN)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: stone\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[adloom.kinds]\nstone=stone:KIND\n[adloom.generators]\nstone=stone:Stone\n"
    )
    paths = os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")])
    worker = lone.start_worker("copy", ADLOOM_DRAIN_SECONDS="2", PYTHONPATH=paths)
    job = lone.submit([ItemRequest(STONE, NoopSpec())])
    busy(lone, job)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(10) == 0
    assert_given_back(lone, job)
