"""Short stories that chance tells too seldom: moves of the state machine in a fixed order, checked after each."""

from collections.abc import Mapping, Sequence

from adloom.core.lanes import Lane
from models import Database
from tests.queue_machine import machine_on
from tests.queue_moves import LANES, WORKERS, Move, Operate, OwnerActs, Submit, Wish, Work

_PLAIN = Wish(Lane.COPY, "wide", priority=0, back=frozenset(), run_in=None)
_CHILD = Wish(Lane.COPY, "wide", priority=0, back=frozenset({1}), run_in=None)
_ACQUIRE = Work(WORKERS[0], LANES, limit=8, prefer=None, begins="never", endings=())
_FAIL = Work(WORKERS[0], LANES, limit=8, prefer=None, begins="later", endings=("permanent",))

SCRIPTS: Mapping[str, Sequence[Move]] = {
    "withdrawn by a process that died": [Submit((_PLAIN, _PLAIN)), OwnerActs(0, "cancel", dies=True), _ACQUIRE],
    "paused by a process that died": [Submit((_PLAIN, _PLAIN)), OwnerActs(0, "pause", dies=True), _ACQUIRE],
    "a paused lane": [Submit((_PLAIN,)), Operate(Lane.COPY, pauses=True), _ACQUIRE],
    "a parent that fails": [Submit((_PLAIN, _CHILD, _CHILD)), _FAIL],
}


def run_script(database: Database, name: str) -> None:
    """Raise AssertionError unless the database follows the model through the script of this *name*, and to its end."""
    machine = machine_on(database)()
    first, *rest = SCRIPTS[name]
    assert isinstance(first, Submit)
    machine.start(first)
    for move in rest:
        machine.step(move)
        machine.check()
    machine.teardown()
