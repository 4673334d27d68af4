"""The sweeper takes back what is lost, and only that."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from broker import MemoryRinger
from models import Database, DatabaseTrouble, Session, open_database
from services.renew import renew_leases
from tests.conftest import FreshDatabase
from tests.queues import NOON, held, states_of, submit, succeed
from worker.sweeper import Sweeper, Timers

TIMERS = Timers(sweep_seconds=5, heartbeat_seconds=15, grace_seconds=5, key_hours=72)


class Host:
    """A database whose clock a test turns, and a sweeper on it."""

    def __init__(self, database: Database) -> None:
        self.time = NOON
        self.fails = False
        self.database = Database(database.engine, database.sessions, self._now)
        self.sweeper = Sweeper(self.database, MemoryRinger(), TIMERS)

    def _now(self, session: Session) -> datetime:
        if self.fails:
            raise sa.exc.OperationalError("SELECT", None, Exception("away"))
        return self.time

    def pass_seconds(self, seconds: int) -> None:
        """Let time pass; the sweeper looks every second, as its loop does."""
        for _ in range(seconds):
            self.time += timedelta(seconds=1)
            self.sweeper.ring()
        self.sweeper.sweep()


@pytest.fixture
def host(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Host]:
    database = open_database(fresh_database("sqlite"))
    yield Host(database)
    database.close()


def test_a_lease_whose_worker_is_gone_is_taken_back(host: Host) -> None:
    job = submit(host.database.sessions)
    held(host.database.sessions)

    host.pass_seconds(60)
    assert states_of(host.database.sessions, job.job_id) == ["leased"]
    host.pass_seconds(6)
    assert states_of(host.database.sessions, job.job_id) == ["queued"]


def test_a_sweeper_that_looks_less_often_than_workers_beat_takes_back_all_the_same(host: Host) -> None:
    quick = Timers(sweep_seconds=1, heartbeat_seconds=0.5, grace_seconds=0.5, key_hours=72)
    host.sweeper = Sweeper(host.database, MemoryRinger(), quick)
    job = submit(host.database.sessions)
    held(host.database.sessions)

    host.pass_seconds(62)

    assert states_of(host.database.sessions, job.job_id) == ["queued"]


def test_workers_get_a_heartbeat_to_renew_after_an_outage(host: Host) -> None:
    job = submit(host.database.sessions)
    batch = held(host.database.sessions)
    host.pass_seconds(30)
    host.time += timedelta(minutes=10)  # the database was away for everyone

    host.pass_seconds(14)
    with host.database.sessions.begin() as session:
        assert renew_leases(session, batch.held(), lease_seconds=60, now=host.time) == set()
    host.pass_seconds(30)

    assert states_of(host.database.sessions, job.job_id) == ["leased"]


def test_who_did_not_renew_after_an_outage_is_gone(host: Host) -> None:
    job = submit(host.database.sessions)
    held(host.database.sessions)
    host.pass_seconds(30)
    host.time += timedelta(minutes=10)

    host.pass_seconds(21)

    assert states_of(host.database.sessions, job.job_id) == ["queued"]


def test_an_outage_of_one_look_is_an_outage(host: Host) -> None:
    job = submit(host.database.sessions)
    held(host.database.sessions)
    host.pass_seconds(59)
    host.fails = True
    with pytest.raises(DatabaseTrouble):
        host.pass_seconds(1)
    host.fails = False

    host.pass_seconds(19)
    assert states_of(host.database.sessions, job.job_id) == ["leased"]
    host.pass_seconds(3)
    assert states_of(host.database.sessions, job.job_id) == ["queued"]


def test_old_idempotency_keys_are_forgotten_and_younger_ones_are_not(host: Host) -> None:
    old = [submit(host.database.sessions, key=f"old-{number}").job_id for number in range(3)]
    host.time += timedelta(hours=73)
    young = submit(host.database.sessions, key="young", now=host.time - timedelta(hours=71)).job_id

    host.sweeper.sweep()

    again = submit(host.database.sessions, key="old-0", fingerprint="another request", now=host.time)
    assert again.job_id not in old
    replayed = submit(host.database.sessions, key="young", now=host.time)
    assert (replayed.job_id, replayed.replayed) == (young, True)
    succeed(host.database.sessions, held(host.database.sessions, now=host.time), now=datetime.now(UTC))
