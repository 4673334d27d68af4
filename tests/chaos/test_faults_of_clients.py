"""The API dies, cancels storm, clocks jump, handles run out, the store fills up: F6, F20, F29, F31, F32, F35."""

import resource
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from models import Attempt, Item
from tests.chaos.conftest import Rigs, lack, need_root
from tests.chaos.disks import ballast, small_disk
from tests.chaos.load import Load, Order
from tests.chaos.races import race
from tests.chaos.rig import Plan, Rig, until
from tests.chaos.trial import Fault, Trial, rounds, trial

pytestmark = pytest.mark.chaos

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


def test_f06_an_api_that_dies_in_a_submit_makes_one_job_or_none(servers: Rig) -> None:
    fault = Fault("F6", "kill -9 of the API while clients submit, and send the same again", "", 10, scales=False)
    with trial(servers, fault, clients=4) as made:
        made.keep_busy(10, asset=False)
        for _ in range(rounds(8)):
            time.sleep(made.chance.uniform(0.05, 0.6))
            with made.broken(forgiving=False):
                servers.supervisor["api"].kill()
                made.recovered(servers.api_is_ready, what="the API")


def test_f20_a_store_that_is_full_burns_no_attempts(rigs: Rigs) -> None:
    need_root()
    fault = Fault("F20", "the store's disk is full for 3 s", "no budget spent, no item failed", 30)
    with small_disk(megabytes=16) as disk:
        plan = Plan(workers=2, settings={"ADLOOM_STORAGE_URL": f"file:{disk}"})
        servers = rigs.get(plan)
        with trial(servers, fault) as made:
            made.run(2, 40, seconds=0.02)
            servers.busy()
            for _ in range(rounds(2)):
                with made.broken(forgiving=False), ballast(disk):
                    until(lambda: "asset.not_stored" in servers.logs(), what="the trouble", seconds=20)
                    time.sleep(3)
                    assert made.states().get("failed", 0) == 0
                    waiting = [item.id for item in made.items() if item.state == "blocked"]
                assert waiting
                made.recovered(made.have_woken(waiting), what="those that met the full disk")
                made.run(1, 40, seconds=0.02)
            made.finish(90)
            assert not [item for item in made.items() if item.errors or item.crashes or item.losses]
        rigs.close()


def test_f20_a_log_that_is_full_stops_nobody(servers: Rig) -> None:
    need_root()
    fault = Fault("F20 log", "the disk of every process's log is full", "nothing stops, no budget spent", 30)
    logs = {name: servers.supervisor[name].log for name in servers.supervisor.names()}
    with small_disk(megabytes=4) as disk, trial(servers, fault) as made:
        with made.broken(times=0):
            start_again(servers, {name: disk / log.name for name, log in logs.items()})
        exits = [list(servers.supervisor[name].exits) for name in logs]
        with made.broken(), ballast(disk):
            made.run(3, 40, seconds=0.02)
            made.finish(60)
            made.recoveries.append(made.probe())
        assert [servers.supervisor[name].exits for name in logs] == exits
        assert not [item for item in made.items() if item.errors or item.crashes or item.losses]
        with made.broken(times=0):
            start_again(servers, logs)


def start_again(servers: Rig, logs: Mapping[str, Path]) -> None:
    """Start processes again, with their logs elsewhere."""
    for name, log in logs.items():
        servers.supervisor[name].log = log
        servers.supervisor[name].kill()
    servers.wait_ready()


def test_f29_clocks_that_are_wrong_take_no_lease_early(servers: Rig, tmp_path: Path) -> None:
    if not FAKETIME.exists():
        lack("faketime (apt install faketime)")
    fault = Fault("F29", "clocks 10 minutes fast, 10 slow, and jumping, of workers and API", "no lease lost")
    with trial(servers, fault) as made:
        clocks = {name: tmp_path / name for name in [*servers.supervisor.names("worker")[:2], "api"]}
        with made.broken():
            for (name, file), offset in zip(clocks.items(), ("+600", "-600", "+600"), strict=True):
                tell_time(file, offset)
                set_clock(servers, name, file)
            servers.wait_ready()
        made.keep_busy(seconds=0.05)
        servers.busy()
        for offset in ("-600", "+0", "+600", "+0")[: rounds(4)]:
            time.sleep(1.0)
            made.times += 1
            for file in clocks.values():
                tell_time(file, offset)
        made.finish(90)
        assert not [item for item in made.items() if item.losses], "a lease was taken away early"
        with made.broken():
            for name in clocks:
                set_clock(servers, name, None)
            servers.wait_ready()


def tell_time(file: Path, offset: str) -> None:
    """Set the clock that *file* says; whoever reads it meanwhile reads the old or the new one."""
    file.with_suffix(".new").write_text(offset)
    file.with_suffix(".new").rename(file)


def set_clock(servers: Rig, name: str, file: Path | None) -> None:
    """Start a process again with the clock that *file* says, or with the machine's."""
    managed = servers.supervisor[name]
    wrong = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    right = {key: value for key, value in managed.environment.items() if key not in wrong}
    managed.environment = {**right, **wrong} if file else right
    managed.kill()


def test_f31_of_two_sweepers_a_cancel_and_a_record_one_wins(servers: Rig) -> None:
    times = rounds(300, 20)
    fault = Fault("F31", "two sweeps, a cancel and a record at the same instant", "one winner, no deadlock")
    with trial(servers, fault) as made:
        made.probe()
        for name in [*servers.supervisor.names("worker"), "sweeper-0"]:
            servers.supervisor.stop(name)
        try:
            tally = race(servers.environment["ADLOOM_DATABASE_URL"], times=times)
        finally:
            for name in ("sweeper-0", *(f"worker-{number}" for number in range(servers.plan.workers))):
                servers.supervisor.start(name)
            servers.wait_ready()
        made.times = times
        made.remarks.append(", ".join(f"{name} won {count}" for name, count in sorted(tally.items())))


def test_f31_a_row_that_someone_holds_is_passed_by(servers: Rig) -> None:
    fault = Fault(
        "F31 locked", "another transaction holds the head of the lane for 3 s", "all others are made meanwhile"
    )
    assert servers.database_server is not None
    address = servers.database_server.url.replace("+psycopg", "")
    with trial(servers, fault) as made:
        made.probe()
        with made.broken(forgiving=False), psycopg.connect(address) as holder:
            for worker in servers.workers():
                worker.signal(signal.SIGSTOP)
            made.load.submit(made.order(made.fakes(10))[0])
            head = (
                "SELECT id FROM items WHERE state = 'queued' ORDER BY priority DESC, fair_rank, id LIMIT 1 FOR UPDATE"
            )
            assert holder.execute(head).fetchone()
            for worker in servers.workers():
                worker.signal(signal.SIGCONT)
            until(lambda: made.states()["succeeded"] == 10, what="those behind it", seconds=8)
            holder.rollback()


def test_f32_what_is_cancelled_never_starts(servers: Rig) -> None:
    fault = Fault("F32", "jobs are withdrawn at random moments", "nothing is leased after", 20, unscaled_seconds=1.0)
    with trial(servers, fault, clients=6) as made:
        orders = [
            Order(order.key, order.items, cancel_after=made.chance.uniform(0.0, 4.0))
            for order in made.orders(rounds(30), lambda _: made.fakes(10, seconds=0.1))
        ]
        made.load.start(orders)
        made.finish(90)
        made.times = len(made.load.cancelled)
        for item in made.items():
            cancelled_at = made.load.cancelled.get(str(item.job_id))
            if cancelled_at is not None:
                late = [line["at"] - cancelled_at for line in servers.testimony("start", {str(item.id)})]
                made.recoveries += [seconds for seconds in late if seconds > 0]
        assert late_leases(made) == 0, "something was leased after the answer that its job is withdrawn"
        made.remarks.append(f"{len(made.recoveries)} items of running micro-batches began after the answer")


def late_leases(made: Trial) -> int:
    """How many leases began after a client knew that the job was withdrawn.  One machine, one clock."""
    offset = time.time() - time.monotonic()
    answered = {UUID(job): at + offset for job, at in made.load.cancelled.items()}
    leases = sa.select(Item.job_id, Attempt.started_at).join(Item, Item.id == Attempt.item_id)
    with made.rig.database.sessions.read() as session:
        rows = session.execute(leases.where(Item.job_id.in_(answered))).all()
    return sum(started_at.timestamp() > answered[job] for job, started_at in rows)


def test_f35_an_api_without_file_handles_comes_back(servers: Rig) -> None:
    fault = Fault("F35", "the API may open no more files for 3 s", "it does not end, and recovers")
    with trial(servers, fault) as made:
        made.probe()
        exits = list(servers.supervisor["api"].exits)
        with made.broken(), few_handles(servers.supervisor["api"].pid):
            threads = [threading.Thread(target=poll_for, args=(made.load, 3.0)) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        made.recoveries.append(made.probe())
        assert servers.supervisor["api"].exits == exits


@contextmanager
def few_handles(pid: int) -> Iterator[None]:
    """Let a process have no more files than it has open, while the block runs."""
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    open_now = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_now + 1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


def poll_for(load: Load, seconds: float) -> None:
    """Poll again and again, whatever comes."""
    job, until_at = next(iter(load.accepted.values())), time.monotonic() + seconds
    while time.monotonic() < until_at:
        load.ask_once("poll", "GET", f"/v1/jobs/{job}", timeout=2.0)
        time.sleep(0.05)
