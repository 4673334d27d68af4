"""A worker and a sweeper as real processes serve their metrics; a worker's child that dies hands its port on."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from adloom.core.specs import NoopSpec
from models import open_database
from services.submit import ItemRequest
from tests.conftest import FreshDatabase
from tests.metrics.test_metrics_server import get
from tests.platforms import process, until
from tests.queues import KINDS, states_of, submit
from tests.servers import free_port

pytestmark = pytest.mark.slow


def environment(url: str, folder: Path, port: int) -> Mapping[str, str]:
    return {
        **os.environ,
        "ADLOOM_HOME": str(folder),
        "ADLOOM_DATABASE_URL": url,
        "ADLOOM_STORAGE_URL": "memory:",
        "ADLOOM_METRICS_PORT": str(port),
        "ADLOOM_RETRY_SECONDS": "1",
    }


def says(port: int, line: str) -> Callable[[], bool]:
    """Whether the metrics at *port* have *line* by now."""

    def look() -> bool:
        try:
            return line in get(port, seconds=0)[1].splitlines()
        except OSError:
            return False

    return look


def child_of(worker: subprocess.Popen[bytes]) -> int:
    """The process that works: the one that listens."""
    port_owners = [
        int(child.pid)
        for child in psutil.Process(worker.pid).children(recursive=True)
        if any(each.status == psutil.CONN_LISTEN for each in child.net_connections())
    ]
    assert len(port_owners) == 1
    return port_owners[0]


def test_worker_and_sweeper_serve_and_a_new_child_takes_the_port(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    url, port, other = fresh_database("sqlite"), free_port(), free_port()
    database = open_database(url)
    with ExitStack() as started:
        worker = started.enter_context(
            process(["-m", "worker", "copy"], environment(url, tmp_path, port), tmp_path / "worker.log")
        )
        sweeper = ["-m", "worker.sweeper"]
        started.enter_context(process(sweeper, environment(url, tmp_path, other), tmp_path / "sweeper.log"))
        job_id = submit(database.sessions, 5).job_id
        until(lambda: set(states_of(database.sessions, job_id)) == {"succeeded"}, what="the job")
        counted = 'adloom_attempts_total{code="",kind="noop",outcome="succeeded"}'
        until(says(port, f"{counted} 5.0"), what="the worker's metrics")
        assert "adloom_sweeps_total" in get(other)[1]

        job_id = submit(database.sessions, [ItemRequest(KINDS["noop"], NoopSpec(seconds=2))] * 3).job_id
        until(lambda: "leased" in states_of(database.sessions, job_id), what="the lease")
        os.kill(child_of(worker), signal.SIGKILL)  # at work: an idle child would take Celery's pipe with it
        until(lambda: set(states_of(database.sessions, job_id)) == {"succeeded"}, what="the second job")
        until(says(port, f"{counted} 3.0"), what="the new child's metrics")
        assert "adloom_worker_crashes_total 1.0" in get(port)[1]
        assert 'adloom_bells_rung_total{lane="copy",result="published"}' in get(other)[1]
    database.close()
