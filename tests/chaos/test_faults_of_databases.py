"""The database dies, ends connections, is slow, full or used up: F15 to F19."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.chaos.conftest import Rigs, need_root
from tests.chaos.disks import ballast, small_disk
from tests.chaos.load import fakes
from tests.chaos.rig import Plan, Rig, rises, until
from tests.chaos.trial import Fault, Trial, kill_postgres, rounds, trial

pytestmark = pytest.mark.chaos

RETRY_SECONDS = 1.0  #: a result waits so long between tries: nobody scales that


def address(servers: Rig) -> str:
    """Where psycopg finds the database."""
    assert servers.database_server is not None
    return servers.database_server.url.replace("postgresql+psycopg://", "postgresql://")


def succeeded(made: Trial) -> int:
    """How many items have succeeded; none are seen while the database is away."""
    with suppress(Exception):
        return made.states().get("succeeded", 0)
    return 0


@pytest.mark.chaos(short=True)
def test_f15_postgresql_may_be_killed(servers: Rig) -> None:
    fault = Fault("F15", "kill -9 of all PostgreSQL processes, and a restart", "", 10, unscaled_seconds=RETRY_SECONDS)
    with trial(servers, fault) as made:
        made.keep_busy(seconds=0.05)
        for number in range(rounds(4)):
            servers.busy()
            with made.broken():
                ready_at = kill_postgres(servers, down_seconds=number % 2)
                more = rises(lambda: succeeded(made))
                made.recovered(more, what="the next result", since=ready_at)


def test_f16_connections_may_be_ended(servers: Rig) -> None:
    fault = Fault("F16", "pg_terminate_backend of two connections", "at most 1 % of answers 5xx", 10)
    with trial(servers, fault, clients=4) as made, psycopg.connect(address(servers), autocommit=True) as admin:
        repeated = servers.logs().count("request.repeated")
        made.keep_busy(8, seconds=0.02)
        for _ in range(rounds(20)):
            with made.broken():
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE"
                    " application_name = 'adloom' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 2) AS two"
                )
            time.sleep(0.3)
        again = servers.logs().count("request.repeated") - repeated
        made.remarks.append(f"{share_of_failures(made)}, {again} requests done again")


def share_of_failures(made: Trial) -> str:
    """How many answers were a 5xx, as a remark: the API itself does again what it can."""
    failed = [answer for answer in made.load.answers if answer.status >= 500]
    assert len(failed) <= 0.01 * len(made.load.answers), f"{len(failed)} of {len(made.load.answers)} answers were 5xx"
    assert all(answer.retry_after for answer in failed)
    return f"{len(failed)} of {len(made.load.answers)} answers 5xx"


def test_f17_a_database_that_is_slow_or_locked_is_waited_for(servers: Rig) -> None:
    fault = Fault("F17", "100 ms on every piece of every link; LOCK TABLE items for 5 s", "nothing piles up", 10)
    with trial(servers, fault) as made:
        made.keep_busy(24, seconds=0.05)
        with made.broken():
            for side in ("worker", "api"):
                servers.links[f"{side}-database"].delay(0.1)
            time.sleep(8)
            for side in ("worker", "api"):
                servers.links[f"{side}-database"].heal()
        with made.broken(), psycopg.connect(address(servers)) as holder:
            holder.execute("LOCK TABLE items")
            time.sleep(5)
            held = holder.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
            holder.rollback()
        assert held is not None
        made.remarks.append(f"{held[0]} transactions waited for the lock")
        more = rises(lambda: succeeded(made))
        made.recovered(more, what="the next result")
        assert held[0] <= 30


def test_f18_a_database_without_free_connections_is_answered_503(servers: Rig) -> None:
    fault = Fault("F18", "every connection of PostgreSQL is taken for 3 s", "503 with Retry-After", 5)
    with trial(servers, fault) as made:
        made.probe()
        for _ in range(rounds(2)):
            with made.broken():
                with every_connection(servers):
                    statuses = ask_for(servers, made, seconds=3)
                begun = time.monotonic()
            until(lambda: made.load.poll(next(iter(made.load.accepted.values()))) is not None, what="200", seconds=30)
            made.recoveries.append(time.monotonic() - begun)
            assert 503 in statuses, f"the API answered {statuses}"
        told = {answer.retry_after for answer in made.load.answers if answer.status == 503}
        assert told
        assert "" not in told


@contextmanager
def every_connection(servers: Rig) -> Iterator[None]:
    """Take every connection there is, and end those of the platform."""
    taken: list[psycopg.Connection] = []
    try:
        taken.append(psycopg.connect(address(servers), autocommit=True))
        for _ in range(3):  # what is ended comes back: take again
            with suppress(psycopg.OperationalError):
                while True:
                    taken.append(psycopg.connect(address(servers), autocommit=True))
            taken[0].execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'adloom'")
            time.sleep(0.1)
        with suppress(psycopg.OperationalError):
            while True:
                taken.append(psycopg.connect(address(servers), autocommit=True))
        yield
    finally:
        for connection in taken:
            connection.close()


def ask_for(servers: Rig, made: Trial, *, seconds: float) -> set[int]:
    """Poll for a while, whatever comes; returns the statuses."""
    job = next(iter(made.load.accepted.values()))
    before, until_at = len(made.load.answers), time.monotonic() + seconds
    while time.monotonic() < until_at:
        made.load.ask_once("poll", "GET", f"/v1/jobs/{job}")
        time.sleep(0.1)
    return {answer.status for answer in made.load.answers[before:]}


def test_f19_a_disk_that_is_full_corrupts_nothing(rigs: Rigs) -> None:
    need_root()
    fault = Fault("F19", "PostgreSQL's disk is full for 3 s", "503 meanwhile; every table readable after", 10)
    options = {"max_wal_size": "32MB", "min_wal_size": "32MB"}
    with small_disk(megabytes=160) as disk:
        plan = Plan(workers=2, database_folder=disk, database_options=options)
        servers = rigs.get(plan)
        with trial(servers, Fault(**{**vars(fault), "unscaled_seconds": RETRY_SECONDS, "starts": 1})) as made:
            made.keep_busy(seconds=0.05)
            servers.busy()
            with made.broken():
                with ballast(disk):
                    fill_up(made)
                    time.sleep(2)
                if not servers.database_server or not servers.database_server.is_running():
                    kill_postgres(servers)
                made.recovered(lambda: made.probe() > 0, what="an item")
            made.finish(90)
            read_everything(servers)
        rigs.close()


def read_everything(servers: Rig) -> None:
    """Read every row to its last byte, and build every index anew: neither gets past a page that is not whole."""
    with psycopg.connect(address(servers), autocommit=True) as admin:
        tables = admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            admin.execute(SQL("SELECT sum(length(one::text)) FROM {} AS one").format(Identifier(table)))
            admin.execute(SQL("REINDEX TABLE {}").format(Identifier(table)))


def fill_up(made: Trial) -> None:
    """Submit until the database cannot take any more."""
    for order in made.orders(40, lambda _: fakes(50, note="x" * 20_000)):
        if made.load.ask_once("submit", "POST", "/v1/jobs", json={"items": order.items}) >= 500:
            return
