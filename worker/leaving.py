"""How a worker ends: as soon as its processes hold nothing, and not much later than it was asked to.

Celery's own way takes seconds even when nothing is running, and as long as it takes when a task does not end.
"""

import threading
import time
from collections.abc import Callable
from uuid import UUID

import structlog

from models import Database, DatabaseTrouble
from models.queries import workers
from services.giveback import give_back

log = structlog.get_logger()

LOOK_SECONDS = 0.1
SETTLE_SECONDS = 0.2  #: between the end of the last task and ours: its acknowledgement leaves, and its last bells
QUIET_SECONDS = 2.0  #: nothing held for so long is the end of the work, whatever Celery believes


class Leaving:
    """Watches a worker that was told to stop, from a thread of its main process, and ends it."""

    def __init__(
        self,
        database: Database,
        *,
        main: UUID,
        is_working: Callable[[], bool],
        drain_seconds: float,
        end: Callable[[], None],
    ) -> None:
        self._database = database
        self._main = main
        self._is_working = is_working  #: whether a bell is being answered, as far as this process knows
        self._drain_seconds = drain_seconds
        self._end = end
        self._until = float("inf")
        self._thread = threading.Thread(target=self._run, name="leaving", daemon=True)

    def begin(self, *, at_once: bool = False) -> None:
        """Leave when nothing is held, or when the time to drain is over; *at_once*: give back what is held, now."""
        is_first = self._until == float("inf")
        if at_once:
            self._until = time.monotonic()
        elif is_first:
            self._until = time.monotonic() + self._drain_seconds
        if is_first:
            self._thread.start()

    def _run(self) -> None:
        quiet_since: float | None = None
        while (now := time.monotonic()) < self._until:
            is_holding = self._is_holding()
            quiet_since = None if is_holding is not False else quiet_since or now
            if not is_holding and not self._is_working():
                break
            if quiet_since is not None and now - quiet_since > QUIET_SECONDS:
                break
            time.sleep(LOOK_SECONDS)
        time.sleep(SETTLE_SECONDS)
        self._give_back()
        self._end()

    def _is_holding(self) -> bool | None:
        """Whether a child holds a lease; None where the database does not say."""
        try:
            with self._database.sessions.read() as session:
                return workers.is_busy(session, main=self._main)
        except DatabaseTrouble:
            return None

    def _give_back(self) -> None:
        """Whatever is still held is someone else's from here on, at once; without the database, when its lease ends."""
        try:
            with self._database.sessions.begin() as session:
                lanes = give_back(session, main=self._main, now=self._database.now(session))
        except DatabaseTrouble as error:
            log.warning("leases.not_given_back", error=type(error).__name__)
            return
        if lanes:
            log.warning("leases.given_back", lanes=sorted(lanes))
