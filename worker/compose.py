"""Puts a process's runtime together, and takes it apart again."""

from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

from adloom.core.memory import look_seldom
from adloom.core.settings import Settings
from broker import OpenRinger
from metrics import MetricsServer, Registry, WorkMetrics
from models import open_database
from models.queries import workers
from storage import PublicFetcher, open_store
from worker.runtime import Drain, Runtime, assemble, bury

GRACE = 0.75  #: of the time to drain, before what is held is given back


def open_runtime(
    settings: Settings, ringer: OpenRinger, registry: Registry, *, drain_file: Path, main: UUID
) -> tuple[Runtime, ExitStack]:
    """A child of *main* that has settled what its dead siblings held; all of it or, on failure, nothing.

    Closing the stack ends its threads and forgets it.
    """
    with ExitStack() as opened:
        database = open_database(settings.database(), pool_size=2)
        opened.callback(database.close)
        made = assemble(
            settings,
            database=database,
            store=open_store(settings.storage()),
            fetcher=PublicFetcher(),
            ringer=ringer,
            drain=Drain(drain_file, grace_seconds=settings.drain_seconds * GRACE),
            main=main,
            metrics=WorkMetrics(registry),
        )
        opened.callback(_forget, made)
        bury(made, main)  # its bells wait in the ringer
        ringer.start()
        opened.callback(ringer.close)
        made.renewals.start()
        opened.callback(made.renewals.close)
        server = MetricsServer(registry, host=settings.metrics_host, port=settings.metrics_port)
        server.start()
        opened.callback(server.close)
        look_seldom()
        return made, opened.pop_all()


def _forget(made: Runtime) -> None:
    with made.database.sessions.begin() as session:
        workers.leave(session, made.worker)
