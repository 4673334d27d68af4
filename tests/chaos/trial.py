"""One fault on a running platform: load before, during and after it, how long recovery took, and whether all held."""

import os
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from adloom.core.states import FINAL, ItemState
from models import Item, Job
from tests.chaos import invariants
from tests.chaos.load import History, Load, Order, fakes, orders
from tests.chaos.report import Row, write_row
from tests.chaos.rig import SCALE, Rig, until
from tests.history import check_history, read_history

IS_WHOLE = os.environ.get("CHAOS") == "all"  #: make chaos; else the short selection of make test
WINDOW_SECONDS = 2.0  #: how long after a fault is over the API may still answer that it is not
PLANTED = "planted-secret-f1d0"  #: stands in specs, and must stand in no log
FLOORS = {"rss": 24 << 20, "threads": 42, "fds": 44}  #: what its pools of 40 may grow by, beyond a tenth


@dataclass(frozen=True)
class Fault:
    """One row of the matrix.  *target_seconds*: the recovery that is promised with production's timers."""

    number: str
    done: str
    checked: str = ""
    target_seconds: float | None = None
    starts: int = 0  #: recovery includes the start of so many processes at once, which no timer scales
    unscaled_seconds: float = 0.0  #: what recovery waits for besides, whatever our timers say
    scales: bool = True  #: False: none of our timers has a part in it, and the promise holds as it is


@dataclass
class Trial:
    """A fault being tried on a rig."""

    rig: Rig
    fault: Fault
    prefix: str
    load: Load
    watch: invariants.Watch
    chance: random.Random
    times: int = 0  #: how often the fault was done
    recoveries: list[float] = field(default_factory=list)
    windows: list[tuple[float, float]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def target(self) -> float | None:
        """The target on this rig: the promise, scaled, but never less than a start costs on this machine just now."""
        if self.fault.target_seconds is None or not self.fault.scales:
            return self.fault.target_seconds
        scaled, start = self.fault.target_seconds / SCALE, self.rig.start_seconds
        return (
            scaled + start * self.fault.starts if self.fault.starts else max(scaled, start)
        ) + self.fault.unscaled_seconds

    def orders(self, jobs: int, make: Callable[[int], Sequence[Any]]) -> list[Order]:  # Any: JSON
        """Orders whose keys belong to this trial."""
        return list(islice(orders(self.prefix, make), jobs))

    def order(self, items: Sequence[Any]) -> list[Order]:  # Any: JSON
        """One order, of these items."""
        return self.orders(1, lambda _: items)

    def has_ended(self, job: str) -> Callable[[], bool]:
        """A question: is that job over?"""
        return lambda: bool(self.load.poll(job)["state"] != "running")

    def fakes(self, number: int, **spec: Any) -> list[dict[str, Any]]:  # Any: fields of FakeSpec, JSON
        """*number* items for the fake GPU, with a secret in each."""
        return fakes(number, note=PLANTED, **spec)

    def run(self, jobs: int, items: int, **spec: Any) -> None:  # Any: fields of FakeSpec
        """Put a load of fakes on the platform and go on at once."""
        self.load.start(self.orders(jobs, lambda _: self.fakes(items, **spec)))

    def keep_busy(self, items: int = 40, **spec: Any) -> None:  # Any: fields of FakeSpec
        """Let every client submit one job after another, until the block ends."""
        self.load.start(orders(self.prefix, lambda _: self.fakes(items, **spec)), endless=True)

    def probe(self, seconds: float = 60, **spec: Any) -> float:  # Any: fields of FakeSpec
        """Submit one item and return how long it took to its end."""
        begun = time.monotonic()
        order = self.orders(1, lambda _: self.fakes(1, **spec))[0]
        job = self.load.submit(order)
        until(lambda: self.load.poll(job)["state"] != "running", what="one item", seconds=seconds)
        return time.monotonic() - begun

    def recovered(self, done: Callable[[], bool], *, what: str, since: float | None = None, limit: float = 60) -> float:
        """Wait for *done*, and note how long that took, from *since* if given."""
        begun = time.monotonic() if since is None else since
        until(done, what=what, seconds=limit)
        self.recoveries.append(time.monotonic() - begun)
        return self.recoveries[-1]

    @contextmanager
    def broken(self, *, times: int = 1, forgiving: bool = True) -> Iterator[None]:
        """Something is broken inside the block: the API may say so, and leases may outlive their time."""
        begun = time.monotonic()
        self.watch.forgive(forgiving)
        self.windows.append((begun, float("inf")))  # open until the block ends
        try:
            yield
        finally:
            self.times += times
            self.windows[-1] = (begun, time.monotonic() + WINDOW_SECONDS)
            self.watch.forgive(False)

    def states(self) -> dict[str, int]:
        """How many items of this trial stand where."""
        mine = sa.select(Job.id).where(Job.idempotency_key.startswith(self.prefix, autoescape=True))
        counted = sa.select(Item.state, sa.func.count()).where(Item.job_id.in_(mine)).group_by(Item.state)
        with self.rig.database.sessions.read() as session:
            return {state.value: count for state, count in session.execute(counted)}

    def is_over(self) -> bool:
        """Whether everything has ended."""
        return not set(self.states()) - {state.value for state in FINAL}

    def finish(self, seconds: float) -> None:
        """Submit nothing more, and wait for the end of what was begun."""
        self.load.enough()
        until(lambda: self.load.wait(0.1) and self.is_over(), what=f"the end of {self.prefix}", seconds=seconds)

    def have_woken(self, items: Sequence[UUID]) -> Callable[[], bool]:
        """A question: does none of these wait for its hour any more?"""
        blocked = sa.select(sa.func.count()).where(Item.id.in_(items), Item.state == ItemState.BLOCKED)

        def ask() -> bool:
            with self.rig.database.sessions.read() as session:
                return session.scalar(blocked) == 0

        return ask

    def items(self) -> list[Any]:  # Any: rows of items
        """This trial's items, all columns, in the order of their jobs and positions."""
        mine = sa.select(Job.id).where(Job.idempotency_key.startswith(self.prefix, autoescape=True))
        with self.rig.database.sessions.read() as session:
            rows = sa.select(Item).where(Item.job_id.in_(mine)).order_by(Item.job_id, Item.position)
            return list(session.scalars(rows))


@contextmanager
def trial(rig: Rig, fault: Fault, *, rest_seconds: float = 90, clients: int = 3) -> Iterator[Trial]:
    """Try *fault* on *rig*: the block does it; then everything must come to rest, and all must hold.

    *rest_seconds*: how long what is left after the block may take.
    """
    rig.wait_ready()
    prefix = f"{fault.number.replace(' ', '-')}-{uuid4().hex[:6]}"
    history = History(rig.folder / f"history-{prefix}.jsonl")
    load = Load(rig.url, rig.key, history, webhook=rig.told.url, clients=clients)
    seed = int(os.environ.get("CHAOS_SEED", "1"))
    made = Trial(rig, fault, prefix, load, invariants.Watch(rig.database, prefix), random.Random(f"{fault}{seed}"))
    stopped = threading.Event()
    watching = threading.Thread(target=_watch, args=(made.watch, stopped), daemon=True)
    watching.start()
    before = _vitals(rig)
    trouble: list[str] = ["it did not get to its end"]
    try:
        yield made
        trouble = _rest(made, rest_seconds)
        trouble += _judge(made, before)
    except BaseException as error:
        trouble = [f"{type(error).__name__}: {error}"]
        raise
    finally:
        stopped.set()
        watching.join()
        load.stop()
        rig.is_dirty = bool(trouble)
        if not rig.plan.mutations:
            _report(made, trouble)
    if trouble:
        pytest.fail(f"{fault.number} on {rig.plan.name}:\n" + "\n".join(trouble[:20]), pytrace=False)


def _watch(watch: invariants.Watch, stopped: threading.Event) -> None:
    while not stopped.wait(1.0):
        watch.look()


def _rest(made: Trial, seconds: float) -> list[str]:
    """Heal everything and wait for the end of the trial's jobs."""
    made.rig.heal()
    made.load.enough()
    begun = time.monotonic()
    if not made.load.wait(seconds):
        return [f"I2: clients still wait after {seconds:.0f} s: {made.states()}"]
    while not made.is_over():
        if time.monotonic() - begun > seconds:
            return [f"I2: not at rest after {seconds:.0f} s: {made.states()}"]
        time.sleep(0.1)
    for job in made.load.accepted.values():  # a last look by a client, whoever submitted it
        made.load.poll(job)
    return []


def _judge(made: Trial, before: dict[int, dict[str, float]]) -> list[str]:
    rig = made.rig
    seen = invariants.look(rig.database, made.prefix)
    found = [*made.load.troubles, *made.watch.violations, *invariants.at_rest(seen, made.load, rig.store)]
    found += invariants.ends_are_told(seen, rig.told.heard)
    found += [f"history: {wrong}" for wrong in check_history(read_history(made.load.history.path))]
    found += invariants.answers_are_honest(made.load, made.windows)
    found += invariants.nothing_is_told(rig.logs(), [*rig.secrets, PLANTED])
    found += _grown(rig, before)
    target = made.target
    if target is not None and made.recoveries and max(made.recoveries) > target:
        found.append(f"recovery took {max(made.recoveries):.1f} s, and {target:.1f} s are promised")
    return found


def _vitals(rig: Rig) -> dict[int, dict[str, float]]:
    """Memory, threads and open files of the processes that live long: those that no fault replaces."""
    found = {}
    for name in [*rig.supervisor.names("api"), *rig.supervisor.names("sweeper")]:
        for process in rig.supervisor[name].tree()[:1]:
            with process.oneshot():
                memory, threads, files = process.memory_info().rss, process.num_threads(), process.num_fds()
            found[process.pid] = {"rss": float(memory), "threads": threads, "fds": files}
    return found


def _grown(rig: Rig, before: dict[int, dict[str, float]]) -> list[str]:
    """I12: what lived through the trial is as large as before, but for its pools."""
    return [
        f"I12: process {pid} has grown: {name} {before[pid][name]:.0f} -> {value:.0f}"
        for pid, after in _vitals(rig).items()
        if pid in before
        for name, value in after.items()
        if value > before[pid][name] * 1.1 + FLOORS[name]
    ]


def _report(made: Trial, trouble: Sequence[str]) -> None:
    recoveries = sorted(made.recoveries)
    row = Row(
        fault=made.fault.number,
        on=made.rig.plan.name,
        done=made.fault.done,
        times=made.times,
        checked="; ".join(part for part in ("I1–I12", made.fault.checked, *made.remarks) if part),
        p50=statistics.median(recoveries) if recoveries else None,
        most=recoveries[-1] if recoveries else None,
        promised=made.fault.target_seconds,
        target=made.target,
        start=made.rig.start_seconds if made.target is not None and made.fault.scales else None,
        unscaled=made.fault.unscaled_seconds or None,
        items=sum(made.states().values()) if not trouble else 0,
        verdict="held" if not trouble else trouble[0][:200],
    )
    write_row(row)


def kill_postgres(rig: Rig, *, down_seconds: float = 0.0) -> float:
    """Kill every process of PostgreSQL, start it again on its data, and say when it was ready."""
    assert rig.database_server is not None
    rig.database_server.kill()
    time.sleep(down_seconds)
    rig.database_server.start()
    return time.monotonic()


def rounds(whole: int, short: int = 1) -> int:
    """How often a fault is done: *whole* in ``make chaos``, *short* in ``make test``."""
    return whole if IS_WHOLE else short
