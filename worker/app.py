"""Composition root of a worker: ``celery -A worker.app worker``, or ``python -m worker LANE…``.

The main process imports this and so does each of its children, which Celery spawns.  Only a child that will run tasks
opens connections.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
import threading
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any
from uuid import UUID, uuid4

from celery import signals
from celery.worker import state

from adloom.core.lanes import Lane
from adloom.core.log import configure
from adloom.core.settings import Settings
from broker import make_celery, open_ringer, ring_afresh
from metrics import BellMetrics, new_registry
from models import Database, open_database
from worker.compose import open_runtime
from worker.leaving import Leaving
from worker.runtime import Runtime
from worker.tasks import register
from worker.watchdog import DEAF, Watchdog

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
    registry = new_registry()
    note = BellMetrics(registry).rung
    ringer = open_ringer(settings.broker(), poll_seconds=settings.poll_seconds, note=note)
    made, opened = open_runtime(settings, ringer, registry, drain_file=drain_file, main=main)
    _leaving.push(opened)
    return made


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
    """The main process watches its consumer, and takes the signals; with threads, it runs tasks itself."""
    drain_file.unlink(missing_ok=True)
    if settings.pool != "prefork":
        runtime()
    threading.Thread(target=watchdog().run, args=(threading.Event(),), name="watchdog", daemon=True).start()
    take_signals()


def take_signals() -> None:
    """SIGTERM and Ctrl-C drain; SIGQUIT and a second Ctrl-C give back what is held, and end at once."""
    leaving = Leaving(
        own_database(),
        main=main,
        is_working=lambda: bool(state.active_requests or state.reserved_requests),
        drain_seconds=settings.drain_seconds,
        end=lambda: end(0),
    )
    warm = signal.getsignal(signal.SIGTERM)
    told: set[int] = set()

    def stop(number: int, frame: FrameType | None) -> None:
        stop_children()
        if not told and callable(warm):
            warm(number, frame)  # Celery hears no more bells from here on
        leaving.begin(at_once=number == signal.SIGQUIT or (number == signal.SIGINT and number in told))
        told.add(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, stop)


@cache
def own_database() -> Database:
    """The main process's own way to the database: one that soon gives up."""
    return open_database(settings.database(), pool_size=1, statement_seconds=5)


@cache
def watchdog() -> Watchdog:
    """Watches whether this main process hears its bells."""
    return Watchdog(
        own_database(),
        main=main,
        lanes=[Lane(lane.strip()) for lane in settings.lanes.split(",")],
        patience_seconds=settings.watchdog_seconds,
        ring=lambda lane: ring_afresh(app, lane),
        stop_children=stop_children,
        end=lambda: end(DEAF),
    )


@signals.task_received.connect  # type: ignore[untyped-decorator]  # Celery has no types
def hear(**_: Any) -> None:  # Any: Celery's own signature
    """The consumer heard a bell."""
    watchdog().heard()


def end(code: int) -> None:
    """End this process at once; the kernel ends its children."""
    leave()
    shutil.rmtree(drain_file.parent, ignore_errors=True)
    sys.stdout.flush()
    os._exit(code)


def stop_children() -> None:
    """Tell the children to acquire nothing more."""
    with suppress(OSError):  # a full disk must not keep a worker from stopping
        drain_file.parent.mkdir(mode=0o700, exist_ok=True)  # many hosts clear old folders out of /tmp
        drain_file.touch()
