"""Rigs that faults share, and which faults run: all of them in ``make chaos``, a short selection in ``make test``."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.chaos.memory import group_folder
from tests.chaos.rig import Plan, Rig, rig
from tests.chaos.trial import IS_WHOLE
from tests.servers import find_rabbitmq


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long ones out of ``make test``; keep the faults of one rig together, and those with their own last."""
    if not IS_WHOLE:
        left_out = [item for item in items if _is_long(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _is_long(item)]
    items.sort(key=_rig_of)


def _rig_of(item: pytest.Item) -> tuple[bool, ...]:
    asked = getattr(item, "fixturenames", ())
    return not {"servers", "patient"} & {*asked}, _is_on_rabbitmq(item), "patient" in asked


def _is_on_rabbitmq(item: pytest.Item) -> bool:
    return "rabbitmq" in item.name.partition("[")[2]


def _is_long(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("chaos")
    return marker is not None and (not marker.kwargs.get("short") or _is_on_rabbitmq(item))


class Rigs:
    """The rig that is running, and the means to replace it by another."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._factory = factory
        self._open = ExitStack()
        self._running: Rig | None = None

    def get(self, plan: Plan) -> Rig:
        """A rig of that *plan*: the one that runs if it is one and unharmed, else a new one."""
        if self._running is None or self._running.plan != plan or self._running.is_dirty:
            self.close()
            self._running = self._open.enter_context(rig(self._factory.mktemp("rig"), plan))
        return self._running

    def close(self) -> None:
        """End the one that runs."""
        self._running = None
        self._open.close()


@pytest.fixture(scope="session")
def rigs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rigs]:
    """Starts rigs and ends them."""
    made = Rigs(tmp_path_factory)
    yield made
    made.close()


@pytest.fixture(params=["redis", "rabbitmq"])
def servers(request: pytest.FixtureRequest, rigs: Rigs) -> Rig:
    """PostgreSQL with Redis, then with RabbitMQ, and the whole platform on them; faults that leave it well share it."""
    if request.param == "rabbitmq" and find_rabbitmq() is None:
        lack("RabbitMQ (apt install rabbitmq-server)")
    return rigs.get(Plan(broker=request.param, workers=3 if IS_WHOLE else 2))


@pytest.fixture(params=["redis", "rabbitmq"])
def patient(request: pytest.FixtureRequest, rigs: Rigs) -> Rig:
    """The same with leases that outlast the start of a process, as they do in production: who is to blame is told."""
    if request.param == "rabbitmq" and find_rabbitmq() is None:
        lack("RabbitMQ (apt install rabbitmq-server)")
    return rigs.get(
        Plan(broker=request.param, settings={"ADLOOM_LEASE_SECONDS": "20", "ADLOOM_HEARTBEAT_SECONDS": "5"})
    )


def lack(tool: str) -> None:
    """A tool is missing: a named skip in ``make test``, a failure in ``make chaos``."""
    if IS_WHOLE:
        pytest.fail(f"{tool} is missing, and the fault suite is not whole without it.")
    pytest.skip(f"NOT TESTED: {tool} is missing.")


def need_root() -> None:
    """Some faults mount a small disk."""
    if os.geteuid() != 0:
        lack("root")


def need_memory_groups() -> None:
    """One fault has the kernel kill a process that eats its memory."""
    if group_folder() is None:
        lack("a writable control group for memory")
