"""Deletes, from a thread of the sweeper, what attempts stored and could not record."""

import threading

import structlog

from adloom.core.settings import Settings
from models import Database
from services.litter import collect_litter
from storage import ObjectStore, open_store

log = structlog.get_logger()

LOOK_SECONDS = 60.0  #: litter is in no hurry, and a store that is away is not to be asked all the time


class Collector:
    """Looks for litter now and then, in a thread of its own: a store that hangs must not hold up the sweep."""

    def __init__(self, database: Database, store: ObjectStore, *, litter_seconds: float) -> None:
        self._database = database
        self._store = store
        self._litter_seconds = litter_seconds

    def run(self, stop: threading.Event) -> None:
        """Collect until *stop*."""
        wait_seconds = min(LOOK_SECONDS, self._litter_seconds)
        while not stop.wait(wait_seconds):
            try:
                while self.collect() and not stop.is_set():
                    pass
            except Exception as error:  # the store or the database may be back at the next look
                log.warning("litter.not_collected", error=type(error).__name__, detail=str(error)[:200])

    def collect(self) -> bool:
        """Collect some of what is due; is there more?"""
        return collect_litter(
            self._database.sessions, self._store, litter_seconds=self._litter_seconds, now=self._database.now
        )


def start_collector(settings: Settings, database: Database, stop: threading.Event) -> None:
    """Collect until *stop*, or until the process ends."""
    collector = Collector(database, open_store(settings.storage()), litter_seconds=settings.litter_seconds)
    threading.Thread(target=collector.run, args=(stop,), name="collector", daemon=True).start()
