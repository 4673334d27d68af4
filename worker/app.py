"""Composition root of a worker: ``celery -A worker.app worker``, or ``python -m worker LANE…``.

The main process imports this and so does each of its children, which Celery spawns.  Only a child that will run tasks
opens connections.
"""

import atexit
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from celery import signals

from adloom.core.log import configure
from adloom.core.settings import Settings
from broker import CeleryRinger, make_celery
from models import open_database
from models.queries import workers
from storage import PublicFetcher, open_store
from worker.runtime import Drain, Runtime, assemble, bury
from worker.tasks import register

DRAIN_FILE = "_ADLOOM_DRAIN_FILE"  #: set by the main process, inherited by its children
MAIN = "_ADLOOM_MAIN"  #: the main process's incarnation, likewise

settings = Settings()
configure(settings.log_format)
app = make_celery(settings.broker(), pool=settings.pool, poll_seconds=settings.poll_seconds)
app.conf.imports = ["worker.app"]  # a spawned child gets the settings, and its tasks from importing this module
app.conf.worker_soft_shutdown_timeout = settings.drain_seconds
drain_file = Path(os.environ.setdefault(DRAIN_FILE, f"{tempfile.gettempdir()}/adloom-drain-{os.getpid()}"))
main = UUID(os.environ.setdefault(MAIN, str(uuid4())))


@cache
def runtime() -> Runtime:
    """This process's runtime, put together on first use."""
    database = open_database(settings.database(), pool_size=2)
    ringer = CeleryRinger(app)
    made = assemble(
        settings,
        database=database,
        store=open_store(settings.storage()),
        fetcher=PublicFetcher(),
        ringer=ringer,
        drain=Drain(drain_file, grace_seconds=settings.drain_seconds * 0.75),
        main=main,
    )
    ringer.start()
    bury(made, main)
    made.renewals.start()
    atexit.register(_leave, made, ringer)
    return made


def _leave(made: Runtime, ringer: CeleryRinger) -> None:
    made.renewals.close()
    ringer.close()
    with made.database.sessions.begin() as session:
        workers.leave(session, made.worker)
    made.database.close()


register(app, runtime)


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
def start_child(**_: Any) -> None:  # Any: Celery's own signature
    """A child reports itself as soon as it lives: the sweeper rings for none that it does not know."""
    runtime()


@signals.worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def start_main(**_: Any) -> None:  # Any: Celery's own signature
    """With threads, the main process itself runs tasks."""
    drain_file.unlink(missing_ok=True)
    if settings.pool != "prefork":
        runtime()


@signals.worker_shutting_down.connect  # type: ignore[untyped-decorator]  # Celery has no types
def stop_children(**_: Any) -> None:  # Any: Celery's own signature
    """Tell the children to acquire nothing more."""
    drain_file.touch()


@signals.worker_shutdown.connect  # type: ignore[untyped-decorator]  # Celery has no types
def forget_drain(**_: Any) -> None:  # Any: Celery's own signature
    """Clean up behind the children."""
    drain_file.unlink(missing_ok=True)
