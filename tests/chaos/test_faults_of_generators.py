"""The GPU hangs, runs out of memory, breaks, meets poison, misses its weights: F22 to F25, F34, and long items."""

import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from tests.chaos.rig import Rig, found, until
from tests.chaos.trial import Fault, Trial, rounds, trial

pytestmark = pytest.mark.chaos

HANG_SECONDS = 120 + 75  #: a stall is noticed, then the lease runs out


@pytest.mark.parametrize("held", ["hang", "hang-gil"])
def test_f22_a_generator_that_hangs_is_given_up(servers: Rig, held: str) -> None:
    lock = "held" if held == "hang-gil" else "released"
    done = f"one item of eight hangs in C, Python's lock {lock}"
    fault = Fault(f"F22 {lock}", done, "all made, the process replaced", HANG_SECONDS, starts=1)
    with trial(servers, fault) as made:
        items = [*made.fakes(3), *made.fakes(1, script=f"{held}:600", once=made.prefix), *made.fakes(4)]
        with made.broken():
            job = made.load.submit(made.order(items)[0])
            hung = found(lambda: hanging(servers, made), what="the item that hangs", seconds=30)
            made.keep_busy(seconds=0.05)
            made.recovered(made.has_ended(job), what="the item that hung", limit=90)
            until(lambda: not psutil.pid_exists(hung), what="the hung process's end", seconds=60)
            servers.wait_ready()
        assert {state for state, count in made.states().items() if count} <= {"succeeded", "queued", "leased"}


def hanging(servers: Rig, made: Trial) -> int | None:
    """The process that the item which hangs has hung; None before it does."""
    culprit = next(str(item.id) for item in made.items() if item.spec.get("script", "").startswith("hang"))
    told = servers.testimony("start", {culprit})
    return int(told[0]["pid"]) if told else None


def test_f23_out_of_memory_halves_until_it_fits(servers: Rig) -> None:
    fault = Fault("F23", "out of memory above 3 items; and even alone", "at most 2n forward passes; resource-exceeded")
    with trial(servers, fault) as made:
        made.times = rounds(3)
        for number in range(made.times):
            items = made.fakes(8, script="oom:3", group=f"fits-{number}")
            made.load.start(made.order(items))
        made.finish(60)
        passes = forwards(servers, made)
        assert made.states() == {"succeeded": 8 * made.times}
        assert passes <= 2 * 8 * made.times
        made.load.start(made.orders(1, lambda _: made.fakes(3, script="oom:0", group="never")))
        until(lambda: made.states().get("failed", 0) == 3, what="the hopeless ones", seconds=60)
        assert {item.error_code for item in made.items() if item.error_code} == {"resource-exceeded"}
        made.remarks.append(f"{passes} forward passes for {8 * made.times} items")


def forwards(servers: Rig, made: Trial) -> int:
    """How many forward passes this trial's items took."""
    mine = {str(item.id) for item in made.items()}
    return sum(bool(mine & set(line["items"])) for line in servers.testimony("forward"))


def test_f24_poison_takes_nobody_along(patient: Rig) -> None:
    fault = Fault(
        "F24", "one item of eight raises; one of eight ends its process", "7 of 8 made; neighbours crash once"
    )
    with trial(patient, fault) as made:
        raising = [*made.fakes(4), *made.fakes(1, script="raise"), *made.fakes(3)]
        deadly = [*made.fakes(2), *made.fakes(1, script="exit"), *made.fakes(5)]
        with made.broken(times=2):
            made.load.start(made.order(raising))
            until(lambda: made.states() == {"succeeded": 7, "failed": 1}, what="seven of eight", seconds=90)
            assert {item.attempts for item in made.items() if item.state == "succeeded"} == {1}
            made.load.start(made.order(deadly))
            until(lambda: made.states() == {"succeeded": 14, "failed": 2}, what="seven of eight", seconds=60)
        neighbours = [item for item in made.items() if item.state == "succeeded"]
        assert max(item.crashes for item in neighbours) <= 1
        killer = next(item for item in made.items() if item.error_code == "worker-crashed")
        assert killer.crashes == 3


def test_f25_a_broken_device_is_replaced_and_nobody_pays(patient: Rig) -> None:
    fault = Fault("F25", "one item breaks the device: every later call fails", "innocents unpenalised", 10, starts=1)
    with trial(patient, fault) as made:
        items = [*made.fakes(2), *made.fakes(1, script="sticky", once=made.prefix), *made.fakes(5)]
        with made.broken():
            job = made.load.submit(made.order(items)[0])
            made.recovered(made.has_ended(job), what="the end", limit=90)
        assert made.states() == {"succeeded": 8}
        assert Counter(item.errors for item in made.items()) == {0: 8}
        assert max(item.crashes for item in made.items()) <= 1


def test_f34_items_wait_for_weights_that_are_missing(servers: Rig, tmp_path: Path) -> None:
    fault = Fault("F34", "the file of the weights is missing for 3 s", "no budget spent", 60)
    weights = tmp_path / "weights"
    with trial(servers, fault) as made:
        for number in range(rounds(2)):
            with made.broken(forgiving=False):
                items = made.fakes(8, weights=str(weights), group=str(number))
                job = made.load.submit(made.order(items)[0])
                until(lambda: "weights.not_loaded" in servers.logs(), what="the alarm", seconds=20)
                time.sleep(3)
                assert made.states().get("failed", 0) == 0
                weights.write_bytes(b"weights")
                made.recovered(made.has_ended(job), what="the end")
                weights.unlink()
        assert not [item for item in made.items() if item.errors or item.crashes or item.losses]


def test_a_long_item_goes_on_from_where_it_was(servers: Rig) -> None:
    fault = Fault("Continue", "items that ask five times to be leased again, and a killed child", "no budget spent")
    with trial(servers, fault) as made:
        made.run(2, 8, script="continue:5", seconds=0.05)
        worker, _ = servers.busy()
        child = servers.child(worker)
        with made.broken(forgiving=False):
            if child is not None:
                child.kill()
        made.finish(60)
        assert min(item.attempts for item in made.items()) >= 6
        assert {item.errors for item in made.items()} == {0}
