"""``python -m worker.sweeper``: take back lost leases, wake what is due, ring for idle workers, send webhooks,
tidy up.

Any number may run; every step is idempotent.
"""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from adloom.core.lanes import Lane
from adloom.core.log import configure
from adloom.core.settings import Settings
from broker import Ringer, open_ringer
from metrics import BellMetrics, MetricsServer, SweepMetrics, new_registry
from models import Database, DatabaseTrouble, Session, open_database
from models.queries import deliveries, work, workers
from services.deadline import sweep_deadlines
from services.lanes import measure_lanes
from services.outbox import KEEP
from services.pause import sweep_paused
from services.record import Budgets
from services.sweep import Swept, lanes_to_ring, sweep_cancelled, sweep_due, sweep_expired, sweep_keys
from services.throughput import MEMORY
from worker.collector import start_collector
from worker.patience import Patience
from worker.webhooks import LEAVE_SECONDS, start_sender

log = structlog.get_logger()

RING_AGAIN_SECONDS = 5.0  #: a lane that was rung waits this long for its worker to answer
GAP_SECONDS = 5.0  #: a look that takes longer is an outage even where heartbeats are quick
FORGET = timedelta(days=1)


@dataclass(frozen=True)
class Timers:
    """How often the sweeper looks, and how long it lets things be; settings of the same names say more."""

    sweep_seconds: float = 5.0
    heartbeat_seconds: float = 15.0  #: the workers'
    grace_seconds: float = 5.0
    key_hours: float = 72.0


class Sweeper:
    """Looks again and again, and does what is due."""

    def __init__(
        self, database: Database, ringer: Ringer, timers: Timers, *, metrics: SweepMetrics | None = None
    ) -> None:
        self._database = database
        self._ringer = ringer
        self._timers = timers
        self._patience = Patience(
            gap_seconds=max(GAP_SECONDS, timers.heartbeat_seconds),
            wait_seconds=timers.heartbeat_seconds + timers.grace_seconds,
        )
        self._metrics = metrics or SweepMetrics(new_registry())
        self._rung_at: dict[Lane, float] = {}

    def run(self, stop: threading.Event) -> None:
        """Sweep every few seconds and look for idle lanes every second, until *stop*."""
        swept_at = float("-inf")
        while not stop.is_set():
            try:
                if time.monotonic() - swept_at >= self._timers.sweep_seconds:
                    swept_at = time.monotonic()
                    self.sweep()
                self.ring()
            except Exception as error:  # the database may be back at the next look
                log.warning("sweep.failed", error=type(error).__name__, detail=str(error)[:200])
            stop.wait(min(1.0, self._timers.sweep_seconds))

    def sweep(self) -> None:
        """One sweep: lost leases, hours and deadlines that have come, interrupted cancels and pauses, lanes, keys.

        What goes wrong in one of them keeps none of the others.
        """
        for step in self._steps():
            try:
                with self._metrics.step(step.__name__.lstrip("_")):
                    step()
            except Exception as error:  # the database may be back at the next look
                log.warning("sweep.failed", step=step.__name__, error=type(error).__name__, detail=str(error)[:200])

    def _steps(self) -> Sequence[Callable[[], None]]:
        return (
            self._expired,
            self._due,
            self._cancelled,
            self._deadlines,
            self._paused,
            self._measured,
            self._gone,
            self._keys,
        )

    def _expired(self) -> None:
        self._until_few("expired", self._expire)

    def _expire(self, session: Session, now: datetime) -> Swept:
        self._patience.looked(now)  # a sweep of many chunks is no gap
        if not self._patience.is_over(now):
            return Swept()
        return sweep_expired(session, grace_seconds=self._timers.grace_seconds, budgets=Budgets(), now=now)

    def _due(self) -> None:
        self._until_few("due", lambda session, now: sweep_due(session, now=now))

    def _keys(self) -> None:
        self._until_few("keys", lambda session, now: sweep_keys(session, key_hours=self._timers.key_hours, now=now))

    def _until_few(self, step: str, sweep: Callable[[Session, datetime], Swept]) -> None:
        while True:
            with self._database.sessions.begin() as session:
                swept = sweep(session, self._database.now(session))
            self._metrics.found(step, swept.items)
            self._ringer.ring(swept.lanes)
            if not swept.more:
                return

    def _cancelled(self) -> None:
        sweep_cancelled(self._database.sessions, now=self._database.now)

    def _deadlines(self) -> None:
        sweep_deadlines(self._database.sessions, now=self._database.now)

    def _paused(self) -> None:
        self._ringer.ring(sweep_paused(self._database.sessions, now=self._database.now))

    def _measured(self) -> None:
        with self._database.sessions.begin() as session:
            measure_lanes(session, now=self._database.now(session))

    def _gone(self) -> None:
        with self._database.sessions.begin() as session:
            now = self._database.now(session)
            workers.prune(session, before=now - FORGET)
            deliveries.prune(session, before=now - KEEP)
            work.prune(session, before=now - MEMORY)

    def ring(self) -> None:
        """Ring for lanes where something waits and a worker is idle, unless one was rung just now."""
        try:
            with self._database.sessions.read() as session:
                clock = self._database.now(session)
                lanes = lanes_to_ring(session, now=clock)
        except DatabaseTrouble:
            self._patience.failed()
            raise
        self._patience.looked(clock)
        now = time.monotonic()
        again = [lane for lane in lanes if now - self._rung_at.get(lane, float("-inf")) >= RING_AGAIN_SECONDS]
        self._rung_at.update(dict.fromkeys(again, now))
        self._ringer.ring(again)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    settings = Settings()
    configure(settings.log_format)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    database = open_database(settings.database(), pool_size=2)
    registry = new_registry()
    ringer = open_ringer(settings.broker(), poll_seconds=settings.poll_seconds, note=BellMetrics(registry).rung)
    ringer.start()
    sender = start_sender(settings, database, stop)
    start_collector(settings, database, stop)
    server = MetricsServer(registry, host=settings.metrics_host, port=settings.metrics_port)
    server.start()
    log.info("sweeper.started")
    Sweeper(database, ringer, _timers(settings), metrics=SweepMetrics(registry)).run(stop)
    if sender:
        sender.join(LEAVE_SECONDS + 1)
    server.close()
    ringer.close()
    database.close()


def _timers(settings: Settings) -> Timers:
    return Timers(
        sweep_seconds=settings.sweep_seconds,
        heartbeat_seconds=settings.heartbeat_seconds,
        grace_seconds=settings.grace_seconds,
        key_hours=settings.key_hours,
    )


if __name__ == "__main__":
    main()
