"""Workers and sweepers die, pause and are replaced: F1 to F5, F7, F26 to F28."""

import signal
import time
from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa

from models import Asset, Attempt
from tests.chaos.conftest import Rigs, need_memory_groups
from tests.chaos.memory import memory_limit
from tests.chaos.processes import Managed
from tests.chaos.rig import LEASE_SECONDS, Plan, Rig, gone, rises, until
from tests.chaos.trial import Fault, Trial, rounds, trial

pytestmark = pytest.mark.chaos


def test_f01_a_killed_child_is_settled_by_its_successor(servers: Rig) -> None:
    fault = Fault("F1", "kill -9 of the process that generates", "", 10, starts=1)
    with trial(servers, fault) as made:
        made.keep_busy(seconds=0.05)
        for _ in range(rounds(8)):
            worker, holder = servers.busy()
            child = servers.child(worker)
            assert child is not None
            with made.broken(forgiving=False):
                child.kill()
                made.recovered(servers.is_rid_of(holder), what="the rescue")


@pytest.mark.chaos(short=True)
def test_f02_a_killed_worker_loses_nothing(servers: Rig) -> None:
    with trial(servers, Fault("F2", "kill -9 of a whole worker", "", 75, starts=1)) as made:
        made.keep_busy(seconds=0.05)
        for _ in range(rounds(8)):
            worker, holder = servers.busy()
            with made.broken(forgiving=False):
                worker.kill()
                made.recovered(servers.is_rid_of(holder), what="the rescue")


@pytest.mark.chaos(short=True)
def test_f03_a_worker_that_wakes_after_its_lease_changes_nothing(servers: Rig) -> None:
    fault = Fault("F3", "SIGSTOP of a worker for two leases, then SIGCONT", "late writes are refused", 75)
    with trial(servers, fault) as made:
        for _ in range(rounds(3)):
            refused = servers.logs().count("items.lease_lost")
            pause_one_that_holds_results(made, servers)
            made.finish(60)
            assert servers.logs().count("items.lease_lost") > refused, "the late write was not refused, or never came"


def pause_one_that_holds_results(made: Trial, servers: Rig) -> None:
    """Pause a worker that has made something and not recorded it, until others have taken it over."""
    made.load.submit(made.orders(1, lambda _: made.fakes(4, seconds=4.0))[0])  # others still hold them when it wakes
    worker, holder = servers.busy()
    mine = {str(item.id) for item in made.items() if item.worker == holder}
    until(lambda: len(servers.testimony("start", mine)) >= 2, what="a first result", seconds=20)
    with made.broken(forgiving=False):
        worker.signal(signal.SIGSTOP)
        begun = time.monotonic()
        try:
            made.recovered(servers.is_rid_of(holder), what="the sweep")
            time.sleep(max(0.0, 2 * LEASE_SECONDS - (time.monotonic() - begun)))
        finally:
            worker.signal(signal.SIGCONT)


def test_f04_a_death_between_upload_and_record_leaves_one_result(servers: Rig) -> None:
    fault = Fault("F4", "the process ends after an object is stored, before its row is written", "", 10, starts=1)
    with trial(servers, fault) as made:
        made.keep_busy(seconds=0.05)
        for _ in range(rounds(4)):
            servers.busy()
            armed = servers.arm("after-upload")
            with made.broken(forgiving=False):
                until(gone(armed), what="the failpoint", seconds=20)
                made.recovered(servers.only_the_living_hold, what="the rescue")
        made.finish(90)
        seconds = until(lambda: not litter(made), what="the collection of what nobody refers to", seconds=40)
        made.remarks.append(f"litter gone {seconds:.0f} s after the end")


def litter(made: Trial) -> set[str]:
    """The files of this trial's items to which no row refers."""
    mine = [item.id for item in made.items()]
    with made.rig.database.sessions.read() as session:
        kept = set(session.scalars(sa.select(Asset.key).where(Asset.item_id.in_(mine))))
    names = {str(item) for item in mine}
    files = [path.relative_to(made.rig.store) for path in made.rig.store.glob("assets/**/*") if path.is_file()]
    return {str(path) for path in files if path.parts[3] in names} - kept


@pytest.mark.parametrize("side", ["worker", "api"])
def test_f05_an_answer_to_commit_that_is_lost_is_no_harm(servers: Rig, side: str) -> None:
    done = f"the link of {side} and database is reset between COMMIT and its answer"
    with trial(servers, Fault(f"F5 {side}", done, "", 75)) as made:
        made.keep_busy(8, seconds=0.02)
        link = servers.links[f"{side}-database"]
        for _ in range(rounds(8)):
            another = rises(lambda: link.cuts)
            with made.broken():
                link.cut(b"COMMIT")
                until(another, what="a commit", seconds=20)
                link.heal()
            time.sleep(made.chance.uniform(0.2, 0.6))


def test_f07_a_killed_sweeper_is_not_missed(servers: Rig) -> None:
    fault = Fault("F7", "kill -9 of the sweeper with a worker, and while a bell is lost", "", 75, starts=1)
    servers.add("sweeper-1", "-m", "worker.sweeper")
    with trial(servers, fault) as made:
        made.keep_busy(seconds=0.05)
        for number in range(rounds(6)):
            if number == 3:
                servers.supervisor.stop("sweeper-1")
            worker, holder = servers.busy()
            with made.broken():
                servers.supervisor[made.chance.choice(servers.supervisor.names("sweeper"))].kill()
                worker.kill()
                made.recovered(servers.is_rid_of(holder), what="the rescue")
        made.finish(60)
        with made.broken():
            servers.supervisor["sweeper-0"].kill()
            servers.links["api-broker"].reset(refuse=True)
            order = made.orders(1, lambda _: made.fakes(1))[0]
            job = made.load.submit(order)
            servers.links["api-broker"].heal()
            made.recovered(lambda: made.load.poll(job)["state"] != "running", what="the sweeper's bell")


def test_f26_an_item_that_eats_the_memory_ends_alone(patient: Rig) -> None:
    fault = Fault("F26", "the kernel kills a process that is out of memory (cgroup)", "worker-crashed; 7 of 8 made")
    need_memory_groups()
    others = patient.supervisor.names("worker")[1:]
    for name in others:
        patient.supervisor.stop(name)
    with trial(patient, fault) as made, memory_limit(patient, "worker-0", megabytes=700):
        items = [*made.fakes(4), *made.fakes(1, script="hog:1500"), *made.fakes(3)]
        with made.broken():
            made.load.start(made.orders(1, lambda _: items))
            until(lambda: made.states() == {"succeeded": 7, "failed": 1}, what="seven of eight", seconds=90)
        assert [item.error_code for item in made.items() if item.error_code] == ["worker-crashed"]
    for name in others:
        patient.supervisor.start(name)


def test_f27_a_rolling_restart_costs_nobody_anything(servers: Rig) -> None:
    fault = Fault("F27", "SIGTERM to one process after another under load", "0 failed, no budget spent, no 5xx", 90)
    with trial(servers, fault) as made:
        made.keep_busy(24, seconds=0.8)
        for name in [*servers.supervisor.names("worker") * rounds(2), "api", "sweeper-0"]:
            managed = servers.supervisor[name]
            has_ended = rises(partial(len, managed.exits))
            made.times += 1
            if name.startswith("worker"):  # six items take longer than it has to drain: it must give some back
                until(partial(holds_many, servers, managed), what=f"{name} to hold seven of eight items", seconds=60)
            managed.signal(signal.SIGTERM, whole=False)
            made.recovered(has_ended, what=f"the end of {name}")
            servers.wait_ready()
        made.finish(90)
        spent = [item for item in made.items() if item.errors or item.losses or item.crashes]
        assert not spent, f"{len(spent)} items have paid for a restart"
        given_back = releases(made)
        made.remarks.append(f"{given_back} leases given back")
        if not given_back:
            raise RuntimeError("Nobody had to give anything back: the load is too light to show anything.")


def holds_many(servers: Rig, worker: Managed) -> bool:
    """Whether *worker* has hardly begun its micro-batch of eight."""
    return servers.holds(worker) >= 7


def releases(made: Trial) -> int:
    """How many leases of this trial were given back."""
    mine = [item.id for item in made.items()]
    with made.rig.database.sessions.read() as session:
        counted = sa.select(sa.func.count()).where(Attempt.outcome == "released", Attempt.item_id.in_(mine))
        return session.scalar(counted) or 0


def test_f28_a_signal_in_the_middle_of_a_commit_doubles_nothing(servers: Rig) -> None:
    fault = Fault("F28", "SIGTERM and SIGQUIT while a record is being committed", "", 75, starts=1)
    with trial(servers, fault) as made:
        made.keep_busy(seconds=0.02)
        for number in range(rounds(4)):
            worker, holder = servers.busy()
            armed = servers.arm("slow-commit")
            until(gone(armed), what="a commit", seconds=20)
            with made.broken():
                worker.signal([signal.SIGTERM, signal.SIGQUIT][number % 2], whole=False)
                made.recovered(servers.is_rid_of(holder), what="the rescue")
                servers.wait_ready()


def test_items_that_take_longer_than_a_lease_are_made_once(servers: Rig) -> None:
    fault = Fault("Renewal", "nothing: micro-batches that take twice as long as a lease", "one attempt each")
    with trial(servers, fault) as made:
        made.run(2, 4, seconds=1.5)
        made.finish(60)
        assert {(item.attempts, item.losses) for item in made.items()} == {(1, 0)}


@pytest.mark.parametrize(
    "fault",
    [
        test_f01_a_killed_child_is_settled_by_its_successor,
        test_f02_a_killed_worker_loses_nothing,
        test_f03_a_worker_that_wakes_after_its_lease_changes_nothing,
        test_f27_a_rolling_restart_costs_nobody_anything,
    ],
    ids=["f01", "f02", "f03", "f27"],
)
def test_without_a_broker(fault: Callable[[Rig], None], rigs: Rigs) -> None:
    fault(rigs.get(Plan(broker="none", workers=3)))
