"""A worker that went deaf is found and restarted; no other is."""

import os
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from models import Database, open_database
from models.queries import workers
from tests.conftest import FreshDatabase
from tests.queues import COPY, acquire, submit
from worker.watchdog import Hearing, Watchdog

MAIN = uuid4()


@pytest.fixture
def database(fresh_database: FreshDatabase) -> Iterator[Database]:
    database = open_database(fresh_database("sqlite"))
    yield database
    database.close()


def child(database: Database, *, seconds_ago: float = 0.0, main: UUID = MAIN, pid: int | None = None) -> UUID:
    """A child that reported itself so long ago; it lives, unless *pid* is another's."""
    with database.sessions.begin() as session:
        seen = database.now(session) - timedelta(seconds=seconds_ago)
        worker = uuid4()
        row = {"id": worker, "main": main, "lanes": ["copy"], "host": "here", "pid": pid or os.getpid()}
        workers.report(session, {**row, "started_at": seen, "seen_at": seen})
    return worker


def is_ended(database: Database) -> bool:
    """Whether a deaf worker with a very short patience is ended."""
    ends: list[bool] = []
    watchdog = Watchdog(
        database,
        main=MAIN,
        lanes=[COPY],
        patience_seconds=0.06,
        ring=lambda lane: None,
        stop_children=lambda: None,
        end=lambda: ends.append(True),
    )
    for _ in range(3):
        watchdog.look()
        time.sleep(0.05)
    return bool(ends)


def hearing() -> Hearing:
    return Hearing(patience_seconds=60)


def test_an_idle_worker_beside_work_that_hears_nothing_for_a_minute_is_deaf() -> None:
    found = hearing()

    silent = [found.look(10.0 * n, is_idle=True, has_work=True) for n in range(7)]

    assert [found.is_deaf(seconds) for seconds in silent] == [False] * 6 + [True]


def test_a_worker_that_hears_bells_is_not_deaf() -> None:
    found = hearing()
    for n in range(20):
        assert not found.is_deaf(found.look(10.0 * n, is_idle=True, has_work=True))
        if n % 5 == 0:
            found.heard(10.0 * n)


def test_a_worker_that_is_busy_is_not_deaf_and_has_a_minute_from_its_end_on() -> None:
    found = hearing()
    found.look(0.0, is_idle=True, has_work=True)
    for n in range(1, 20):
        assert not found.is_deaf(found.look(10.0 * n, is_idle=False, has_work=True))

    assert not found.is_deaf(found.look(200.0, is_idle=True, has_work=True))
    assert not found.is_deaf(found.look(259.0, is_idle=True, has_work=True))


def test_a_worker_without_work_is_not_deaf_and_silence_before_the_work_does_not_count() -> None:
    found = hearing()
    found.look(0.0, is_idle=True, has_work=True)
    for n in range(1, 100):
        assert not found.is_deaf(found.look(10.0 * n, is_idle=True, has_work=False))

    assert not found.is_deaf(found.look(1000.0, is_idle=True, has_work=True))
    assert not found.is_deaf(found.look(1059.0, is_idle=True, has_work=True))
    assert found.is_deaf(found.look(1060.0, is_idle=True, has_work=True))


def test_who_is_excused_is_watched_anew() -> None:
    found = hearing()
    found.look(0.0, is_idle=True, has_work=True)
    found.excuse()

    assert found.look(100.0, is_idle=True, has_work=True) == 0


def test_a_deaf_worker_beside_work_is_ended(database: Database) -> None:
    submit(database.sessions)
    child(database)

    assert is_ended(database)


def test_a_worker_whose_child_is_still_starting_is_not_ended(database: Database) -> None:
    submit(database.sessions)
    child(database, main=uuid4())

    assert not is_ended(database)


def test_a_worker_whose_child_has_died_is_not_ended(database: Database) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    submit(database.sessions)
    child(database, pid=dead.pid)

    assert not is_ended(database)


def test_a_worker_whose_child_hangs_and_has_lost_its_leases_is_ended(database: Database) -> None:
    submit(database.sessions)
    child(database, seconds_ago=600)

    assert is_ended(database)


def test_a_worker_whose_child_holds_a_lease_is_not_ended(database: Database) -> None:
    with database.sessions.read() as session:
        now = database.now(session)
    submit(database.sessions, 2, now=now)
    acquire(database.sessions, worker=child(database), limit=1, now=now)

    assert not is_ended(database)
