"""Composition root of a worker: ``celery -A worker.app worker``, or ``python -m worker LANE…``.

The main process imports this and so does each of its children, which Celery spawns.  Only a child that will run tasks
opens connections.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from celery import signals

from adloom.core.log import configure
from adloom.core.settings import Settings
from broker import CeleryRinger, make_celery
from metrics import BellMetrics, MetricsServer, WorkMetrics, new_registry
from models import open_database
from models.queries import workers
from storage import PublicFetcher, open_store
from worker.runtime import Drain, Runtime, assemble, bury
from worker.tasks import register

DRAIN_FOLDER = "_ADLOOM_DRAIN_FOLDER"  #: made by the main process for itself alone, inherited by its children
MAIN = "_ADLOOM_MAIN"  #: the main process's incarnation, likewise

settings = Settings()
configure(settings.log_format)
app = make_celery(settings.broker(), pool=settings.pool, poll_seconds=settings.poll_seconds)
app.conf.imports = ["worker.app"]  # a spawned child gets the settings, and its tasks from importing this module
app.conf.worker_soft_shutdown_timeout = settings.drain_seconds
main = UUID(os.environ.setdefault(MAIN, str(uuid4())))
if DRAIN_FOLDER not in os.environ:  # this is the main process
    os.environ[DRAIN_FOLDER] = tempfile.mkdtemp(prefix="adloom-")  # private: nobody else can tell this worker to stop
    atexit.register(shutil.rmtree, os.environ[DRAIN_FOLDER], ignore_errors=True)
drain_file = Path(os.environ[DRAIN_FOLDER]) / "drain"


_leaving = ExitStack()  #: what this process closes when it ends


@cache
def runtime() -> Runtime:
    """This process's runtime, put together on first use; all of it or, on failure, nothing."""
    with ExitStack() as opened:
        database = open_database(settings.database(), pool_size=2)
        opened.callback(database.close)
        registry = new_registry()
        ringer = CeleryRinger(app, note=BellMetrics(registry).rung)
        server = MetricsServer(registry, host=settings.metrics_host, port=settings.metrics_port)
        made = assemble(
            settings,
            database=database,
            store=open_store(settings.storage()),
            fetcher=PublicFetcher(),
            ringer=ringer,
            drain=Drain(drain_file, grace_seconds=settings.drain_seconds * 0.75),
            main=main,
            metrics=WorkMetrics(registry),
        )
        opened.callback(_forget, made)
        bury(made, main)  # its bells wait in the ringer
        ringer.start()
        opened.callback(ringer.close)
        made.renewals.start()
        opened.callback(made.renewals.close)
        server.start()
        opened.callback(server.close)
        _leaving.push(opened.pop_all())
    return made


def _forget(made: Runtime) -> None:
    with made.database.sessions.begin() as session:
        workers.leave(session, made.worker)


@atexit.register
def leave() -> None:
    """Close what this process opened, once.  Celery's children end without `atexit`, and are told below."""
    _leaving.close()


register(app, runtime)


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
def start_child(**_: Any) -> None:  # Any: Celery's own signature
    """A child reports itself as soon as it lives: the sweeper rings for none that it does not know."""
    runtime()


@signals.worker_process_shutdown.connect  # type: ignore[untyped-decorator]  # Celery has no types
def leave_child(**_: Any) -> None:  # Any: Celery's own signature
    """A child that ends is forgotten."""
    leave()


@signals.worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def start_main(**_: Any) -> None:  # Any: Celery's own signature
    """With threads, the main process itself runs tasks."""
    drain_file.unlink(missing_ok=True)
    if settings.pool != "prefork":
        runtime()


@signals.worker_shutting_down.connect  # type: ignore[untyped-decorator]  # Celery has no types
def stop_children(**_: Any) -> None:  # Any: Celery's own signature
    """Tell the children to acquire nothing more."""
    drain_file.parent.mkdir(mode=0o700, exist_ok=True)  # many hosts clear old folders out of /tmp
    drain_file.touch()
