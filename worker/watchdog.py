"""Finds a consumer that went deaf: its link to the broker is half open, it hears nothing, and no error tells it.

Such a worker looks well from outside: its process lives, it reports itself, its socket is open.  So its main process
compares what it hears with what the database says.
"""

import threading
import time
from collections.abc import Callable, Collection
from uuid import UUID

import structlog

from adloom.core.lanes import Lane
from models import Database
from models.queries import items, workers
from worker.processes import is_alive

log = structlog.get_logger()

DEAF = 75  #: exit status of a main process that hears no bells: whoever started it starts it again


class Hearing:
    """Whether a worker hears what it should, from what was seen at each look.  Times are seconds on any one clock."""

    def __init__(self, *, patience_seconds: float) -> None:
        self._patience_seconds = patience_seconds
        self._heard_at = float("-inf")
        self._since: float | None = None  #: since when work waits while this worker could do it

    def heard(self, now: float) -> None:
        """A bell was heard."""
        self._heard_at = now

    def look(self, now: float, *, is_idle: bool, has_work: bool) -> float:
        """How long, in seconds, this worker has been idle beside waiting work, without a bell."""
        if not (is_idle and has_work):
            self._since = None
            return 0.0
        if self._since is None:
            self._since = now
        return now - max(self._since, self._heard_at)

    def excuse(self) -> None:
        """Nothing can be said against it: begin to watch anew."""
        self._since = None

    def is_deaf(self, silent_seconds: float) -> bool:
        """Whether it has been silent for too long."""
        return silent_seconds >= self._patience_seconds


class Watchdog:
    """Ends a main process whose consumer is deaf, once its children hold nothing."""

    def __init__(
        self,
        database: Database,
        *,
        main: UUID,
        lanes: Collection[Lane],
        patience_seconds: float,
        ring: Callable[[Lane], None],
        stop_children: Callable[[], None],
        end: Callable[[], None],
    ) -> None:
        self._database = database
        self._main = main
        self._lanes = frozenset(lanes)
        self._look_seconds = min(10.0, patience_seconds / 6)
        self._ring = ring  #: publishes a bell over a connection of its own; raises where the broker is away
        self._stop_children = stop_children  #: lets the children acquire nothing more
        self._end = end
        self._hearing = Hearing(patience_seconds=patience_seconds)

    def heard(self) -> None:
        """A bell was heard."""
        self._hearing.heard(time.monotonic())

    def run(self, stop: threading.Event) -> None:
        """Look every few seconds, until *stop* or the end."""
        while not stop.wait(self._look_seconds):
            try:
                self.look()
            except Exception as error:  # a database that is away says nothing about the broker: do nothing
                self._hearing.excuse()
                log.warning("watchdog.blind", error=type(error).__name__)

    def look(self) -> None:
        """Look once; end the process if its consumer is deaf."""
        is_idle, waiting = self._see()
        silent_seconds = self._hearing.look(time.monotonic(), is_idle=is_idle, has_work=bool(waiting))
        if not self._hearing.is_deaf(silent_seconds):
            return
        if not self._broker_takes_bells(waiting):
            self._hearing.excuse()
            return
        time.sleep(min(2.0, self._look_seconds))
        if self._hearing.look(time.monotonic(), is_idle=True, has_work=True) < silent_seconds:
            return  # it heard that one
        log.error("worker.deaf", lanes=sorted(waiting), silent_seconds=round(silent_seconds))
        self._stop_children()
        while self._is_busy():  # one of them got hold of something at the last moment
            time.sleep(0.5)
        with self._database.sessions.begin() as session:
            workers.leave_all(session, main=self._main)
        self._end()

    def _see(self) -> tuple[bool, frozenset[Lane]]:
        """Whether a child is there that holds nothing, and which of this worker's lanes have work.

        Where the only one is dead, or has not reported yet, one is starting: its main process must not end for that,
        again and again.  One that lives and hangs has lost its leases, and is a reason.
        """
        with self._database.sessions.read() as session:
            idle, waiting = workers.idle_children(session, main=self._main), items.ready_lanes(session)
        return any(map(is_alive, idle)), self._lanes & waiting

    def _is_busy(self) -> bool:
        with self._database.sessions.read() as session:
            return workers.is_busy(session, main=self._main)

    def _broker_takes_bells(self, lanes: Collection[Lane]) -> bool:
        """Ring a last time, over a fresh connection: a broker that is away is not this worker's fault."""
        try:
            for lane in sorted(lanes):
                self._ring(lane)
        except Exception as error:  # whatever the transport raises
            log.warning("watchdog.broker_away", error=type(error).__name__)
            return False
        return True
