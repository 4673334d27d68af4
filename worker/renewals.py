"""Leases kept alive from one thread, for as long as there is progress."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import structlog

from generators.base import Stopping
from metrics import WorkMetrics, new_registry
from models import Database
from services.renew import renew_leases

log = structlog.get_logger()

Stop = Callable[[], bool]  #: whether this process has to let go of its work now


@dataclass
class Progress:
    """What a generator calls at every step: ticks, and says which requests to drop."""

    stop: Stop
    patience_seconds: float  #: without a tick for this long, the leases are no longer renewed
    ticked_at: float = field(default_factory=time.monotonic)
    dropped: set[UUID] = field(default_factory=set)

    def __call__(self) -> AbstractSet[UUID]:
        """Tick; returns the requests that were cancelled or lost.

        Raises:
            Stopping: this process has to let go of its work now.
        """
        self.ticked_at = time.monotonic()
        if self.stop():
            raise Stopping
        return self.dropped

    @contextmanager
    def patient(self, seconds: float) -> Iterator[None]:
        """Allow *seconds* without a tick inside the block: weights are being loaded."""
        before, self.patience_seconds = self.patience_seconds, seconds
        try:
            yield
        finally:
            self.patience_seconds = before
            self.ticked_at = time.monotonic()


@dataclass
class _Watched:
    held: Callable[[], Mapping[UUID, int]]
    progress: Progress
    renewed_at: float = field(default_factory=time.monotonic)


class Renewals:
    """Renews every watched lease from one thread, for the whole process."""

    def __init__(
        self,
        database: Database,
        *,
        lease_seconds: float,
        heartbeat_seconds: float,
        beat: Callable[[], None],
        give_up: Callable[[], None],
        metrics: WorkMetrics | None = None,
    ) -> None:
        self._database = database
        self._lease_seconds = lease_seconds
        self._heartbeat_seconds = heartbeat_seconds
        self._beat = beat  #: reports that this process lives
        self._give_up = give_up  #: ends a process that hangs
        self._metrics = metrics or WorkMetrics(new_registry())  # else a registry that nobody reads
        self._watched: dict[UUID, _Watched] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="renewals", daemon=True)

    def start(self) -> None:
        """Start renewing.  Call it after a fork or spawn, never before."""
        self._thread.start()

    def close(self) -> None:
        """Stop renewing; leases then end by themselves."""
        self._stopped.set()
        self._thread.join(timeout=5)

    @contextmanager
    def watch(self, held: Callable[[], Mapping[UUID, int]], progress: Progress) -> Iterator[Progress]:
        """Keep the leases on what *held* says until the block ends, as long as *progress* is made.

        A lost lease is not an error here: the fence makes the late write a no-op.  What was lost or cancelled is what
        the next ``progress()`` returns.
        """
        key = uuid4()
        with self._lock:
            self._watched[key] = _Watched(held, progress)
        try:
            yield progress
        finally:
            with self._lock:
                del self._watched[key]

    def _run(self) -> None:
        while not self._stopped.wait(self._heartbeat_seconds):
            with suppress(Exception):  # logged where it happens; the next beat tries again
                self._beat()
            with self._lock:
                watched = list(self._watched.values())
            for each in watched:
                self._renew(each)

    def _renew(self, watched: _Watched) -> None:
        now = time.monotonic()
        silent_seconds = now - watched.progress.ticked_at
        if silent_seconds > watched.progress.patience_seconds:
            self._metrics.stalled()
            log.warning("items.stalled", items=[str(item) for item in watched.held()])
            if silent_seconds > watched.progress.patience_seconds + self._lease_seconds:
                self._give_up()  # its items are long someone else's; only this process still waits for them
            return
        held = {item: fence for item, fence in watched.held().items() if item not in watched.progress.dropped}
        try:
            with self._metrics.database("renew"), self._database.sessions.begin() as session:
                clock = self._database.now(session)
                lost = renew_leases(session, held, lease_seconds=self._lease_seconds, now=clock)
        except Exception as error:  # the database may be back at the next beat
            log.warning("leases.not_renewed", reason=type(error).__name__)
            self._metrics.not_renewed(len(held))
            if now - watched.renewed_at > self._lease_seconds:
                watched.progress.dropped.update(held)  # they have certainly been given to someone else
            return
        watched.renewed_at = now
        self._metrics.renewed(kept=len(held) - len(lost), lost=len(lost))
        watched.progress.dropped.update(lost)
