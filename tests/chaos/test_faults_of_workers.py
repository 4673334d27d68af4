"""Workers die, pause, are replaced: F1, F2, F3, F4, F7, F27, F28."""

import pytest

from tests.chaos.rig import Rig
from tests.chaos.trial import IS_WHOLE, Fault, trial

pytestmark = pytest.mark.chaos


def rounds(whole: int, short: int = 2) -> int:
    """How often a fault is done: *whole* in ``make chaos``, *short* in ``make test``."""
    return whole if IS_WHOLE else short


def test_f01_a_killed_child_is_settled_by_its_parent(servers: Rig) -> None:
    fault = Fault("F1", "kill -9 of the process that generates", "no neighbour failed", 10, starts=True)
    with trial(servers, fault) as made:
        made.run(6, 60, seconds=0.05)
        for _ in range(rounds(10)):
            worker, holder = servers.busy()
            child = servers.child(worker)
            assert child is not None
            with made.broken(forgiving=False):
                child.kill()
                made.recovered(servers.is_rid_of(holder), what="the rescue")
        made.remarks.append(f"{_failed(made.states())} failed")


@pytest.mark.chaos(short=True)
def test_f02_a_killed_worker_loses_nothing(servers: Rig) -> None:
    fault = Fault("F2", "kill -9 of a whole worker", "", 75, starts=True)
    with trial(servers, fault) as made:
        made.run(6, 60, seconds=0.05)
        for _ in range(rounds(10)):
            worker, holder = servers.busy()
            with made.broken(forgiving=False):
                worker.kill()
                made.recovered(servers.is_rid_of(holder), what="the rescue")


def _failed(states: dict[str, int]) -> int:
    return states.get("failed", 0)
