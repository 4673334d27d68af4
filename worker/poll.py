"""A worker without a broker: it looks for work by itself, by the same query that others ask when they hear a bell.

A small parent starts the process that works, replaces it when it dies, and tells it to drain.
"""

import ctypes
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from uuid import UUID, uuid4

import structlog

from adloom.core.lanes import Lane
from adloom.core.log import configure
from adloom.core.settings import Settings
from metrics import new_registry
from models import DatabaseTrouble, open_database
from models.queries import items
from services.giveback import give_back
from worker.compose import open_runtime
from worker.drain import heed
from worker.runtime import Runtime

log = structlog.get_logger()

BUSY_SECONDS = 0.25  #: from one look to the next where there was work just now
IDLE_SECONDS = 1.0  #: where there was none: looks come further and further apart, up to this
STOP_SECONDS = 0.1  #: how soon the order to drain is noticed
QUICK_SECONDS = 10.0  #: a process that lives shorter did not really start: the next one waits a little

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h


class LocalRinger:
    """Bells within one process: what its own work made ready is looked for at once."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def start(self) -> None:
        """There is nothing to start."""

    def close(self) -> None:
        """There is nothing to close."""

    def ring(self, lanes: Iterable[Lane]) -> None:
        """Wake the loop if *lanes* are any."""
        if set(lanes):
            self._rung.set()

    def wait(self, seconds: float) -> bool:
        """Wait for a bell, for at most *seconds*; whether there was one."""
        rung = self._rung.wait(seconds)
        self._rung.clear()
        return rung


def poll(runtime: Runtime, ringer: LocalRinger, lanes: Collection[Lane]) -> None:
    """Drain *lanes* whenever something is ready there, until this process is told to stop."""
    wait_seconds = BUSY_SECONDS
    while not runtime.drain.requested():
        found = _work(runtime, lanes)
        wait_seconds = BUSY_SECONDS if found else min(IDLE_SECONDS, wait_seconds * 2)
        until = time.monotonic() + wait_seconds
        while not runtime.drain.requested() and time.monotonic() < until:
            if ringer.wait(STOP_SECONDS):
                break


def _work(runtime: Runtime, lanes: Collection[Lane]) -> bool:
    """Drain what is ready in *lanes*, if anything."""
    try:
        with runtime.database.sessions.read() as session:
            ready = items.ready_lanes(session) & set(lanes)
        for lane in sorted(ready):
            heed(runtime, lane)
    except Exception as error:  # the database may be back at the next look; whatever else it is costs its own bell only
        log.error("drain.failed", error=type(error).__name__, detail=str(error)[:200])
        return False
    return bool(ready)


def run_child(lanes: Collection[Lane], *, main: UUID, parent: int, drain_file: Path) -> None:
    """Work until *drain_file* is there.  The signals of a terminal are the parent's to judge."""
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel was asked
        return
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    settings = Settings()
    configure(settings.log_format)
    ringer = LocalRinger()
    runtime, opened = open_runtime(settings, ringer, new_registry(), drain_file=drain_file, main=main)
    with opened:
        poll(runtime, ringer, lanes)
    sys.stdout.flush()
    os._exit(0)  # tearing an interpreter down takes a second and does nothing for anyone


class Parent:
    """Keeps one process at work for *lanes* until it is told to stop."""

    def __init__(self, lanes: Collection[Lane], settings: Settings) -> None:
        self._lanes = list(lanes)
        self._settings = settings
        self._told: set[int] = set()  #: the signals that came
        self._main = uuid4()
        self._drain_file = Path(tempfile.mkdtemp(prefix="adloom-")) / "drain"
        self._kill_at = float("inf")

    def run(self) -> int:
        """Work until SIGTERM, then drain; the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, self._stop)
        try:
            while not self._told:
                self._tend()
        finally:
            shutil.rmtree(self._drain_file.parent, ignore_errors=True)
        return 0

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Drain; SIGQUIT or a second Ctrl-C: give back what is held, and end at once."""
        with suppress(OSError):
            self._drain_file.parent.mkdir(mode=0o700, exist_ok=True)  # many hosts clear old folders out of /tmp
            self._drain_file.touch()
        if number == signal.SIGQUIT or (number == signal.SIGINT and number in self._told):
            self._kill_at = 0.0
        elif not self._told:
            self._kill_at = time.monotonic() + self._settings.drain_seconds
        self._told.add(number)

    def _tend(self) -> None:
        """Start a process and wait for its end."""
        started_at = time.monotonic()
        child = multiprocessing.get_context("spawn").Process(
            target=run_child,
            args=(self._lanes,),
            kwargs={"main": self._main, "parent": os.getpid(), "drain_file": self._drain_file},
        )
        child.start()
        while child.is_alive():
            child.join(0.1)
            if time.monotonic() > self._kill_at:
                child.kill()
                child.join()
                self._give_back()
        if not self._told:
            log.warning("child.ended", code=child.exitcode)
            if time.monotonic() - started_at < QUICK_SECONDS:
                time.sleep(1.0)

    def _give_back(self) -> None:
        """What the process held that was killed is someone else's at once, not when its leases end."""
        database = open_database(self._settings.database(), pool_size=1, statement_seconds=5)
        try:
            with database.sessions.begin() as session:
                give_back(session, main=self._main, now=database.now(session))
        except DatabaseTrouble as error:
            log.warning("leases.not_given_back", error=type(error).__name__)
        finally:
            database.close()
