"""Ringing bells without waiting for the broker."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Protocol
from urllib.parse import urlsplit

import structlog
from celery import Celery

from adloom.core.lanes import Lane
from broker.app import DRAIN, make_celery, queue_name

log = structlog.get_logger()


Note = Callable[[Lane, bool, float], None]  #: a bell was published or lost, so many seconds after it was rung


def _unnoted(lane: Lane, published: bool, seconds: float) -> None:
    pass


class Ringer(Protocol):
    """Rings bells."""

    def ring(self, lanes: Iterable[Lane]) -> None:
        """Say that *lanes* have work, without waiting.  Losing a bell costs seconds, never work."""


class OpenRinger(Ringer, Protocol):
    """A ringer with a life: a process starts it and closes it."""

    def start(self) -> None:
        """Begin to publish.  Call it after a fork or spawn, never before."""

    def close(self) -> None:
        """Publish what is left, for at most a second."""


class CeleryRinger:
    """Publishes from a thread of its own, by task name: callers never wait, and never import worker code."""

    def __init__(self, celery: Celery, *, note: Note = _unnoted) -> None:
        self._celery = celery
        self._note = note
        self._lanes: dict[Lane, float] = {}  #: rung and not yet published, and since when: bells for one lane merge
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="ringer", daemon=True)

    def start(self) -> None:
        """Start publishing.  Call it after a fork or spawn, never before."""
        self._thread.start()

    def ring(self, lanes: Iterable[Lane]) -> None:
        """Hand *lanes* to the publishing thread and return at once."""
        with self._changed:
            self._lanes = dict.fromkeys(lanes, time.monotonic()) | self._lanes
            self._changed.notify()

    def close(self) -> None:
        """Publish what is left, for at most a second: a hung broker must not hold a shutdown up."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join(timeout=1.0)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._lanes or self._stopping)
                lanes, self._lanes = self._lanes, {}
                stopping = self._stopping
            for lane in sorted(lanes):
                self._note(lane, self._publish(lane), time.monotonic() - lanes[lane])
            if stopping:
                return

    def _publish(self, lane: Lane) -> bool:
        try:  # no ``expires``: the worker compares it with its own clock, and one that is fast would drop every bell
            self._celery.send_task(DRAIN, args=[lane.value], queue=queue_name(lane), ignore_result=True)
        except Exception as error:  # whatever the transport raises: the sweeper rings again
            log.warning("bell.lost", lane=lane.value, reason=type(error).__name__)
            return False
        return True


class SilentRinger:
    """Rings nobody: without a broker, workers look for themselves."""

    def start(self) -> None:
        """There is nothing to start."""

    def close(self) -> None:
        """There is nothing to close."""

    def ring(self, lanes: Iterable[Lane]) -> None:
        """There is nobody to hear it."""


def has_broker(broker_url: str) -> bool:
    """Whether bells travel at all: not with ``none:``."""
    return urlsplit(broker_url).scheme != "none"


def open_ringer(broker_url: str, *, poll_seconds: float, note: Note = _unnoted) -> OpenRinger:
    """Whatever rings on this platform; *note* is told of every bell.

    Raises:
        BadConfiguration: no such broker.
    """
    if not has_broker(broker_url):
        return SilentRinger()
    return CeleryRinger(make_celery(broker_url, poll_seconds=poll_seconds, only_rings=True), note=note)


def ring_afresh(celery: Celery, lane: Lane) -> None:
    """Ring for *lane* now, over a connection of its own: one that is kept may be half open and take anything.

    Raises whatever the transport raises where the broker is away.
    """
    with celery.connection_for_write() as connection:
        celery.send_task(
            DRAIN, args=[lane.value], queue=queue_name(lane), ignore_result=True, connection=connection, retry=False
        )


class MemoryRinger:
    """Keeps bells in a list.  For tests."""

    def __init__(self) -> None:
        self.rung: list[Lane] = []

    def ring(self, lanes: Iterable[Lane]) -> None:
        """Remember *lanes*."""
        self.rung.extend(lanes)
