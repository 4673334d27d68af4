"""A real worker whose link to its broker goes half open: alive, connected, deaf."""

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adloom.core.lanes import Lane
from broker import make_celery, ring_afresh
from tests.conftest import FreshDatabase
from tests.lone import Lone, lone_worker
from worker.watchdog import DEAF

pytestmark = pytest.mark.slow


class Link:
    """A TCP link to *target* that can go half open: what is connected stays so and nothing comes through any more."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._silent: set[socket.socket] = set()
        self._open: set[socket.socket] = set()
        self.port = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def go_half_open(self) -> None:
        """From now on nothing passes over the connections that there are; new ones are fine."""
        self._silent |= self._open

    def refuse(self) -> None:
        """Take no new connections."""
        self._listener.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it."""
        for each in (self._listener, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for each in (self._listener, *self._open):
            each.close()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        self._threads.append(threading.Thread(target=work, args=arguments, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near = self._listener.accept()[0]
                far = socket.create_connection(self._target)
                self._open |= {near, far}
                for source, sink in ((near, far), (far, near)):
                    self._start(self._pass, source, sink)

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if source not in self._silent:
                    sink.sendall(data)
            if source not in self._silent:
                sink.shutdown(socket.SHUT_WR)


@pytest.fixture(params=["redis", "amqp"])
def broker_url(request: pytest.FixtureRequest) -> str:
    name = "rabbitmq_url" if request.param == "amqp" else "redis_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def link(broker_url: str) -> Iterator[Link]:
    parts = urlsplit(broker_url)
    assert parts.hostname
    assert parts.port
    link = Link((parts.hostname, parts.port))
    yield link
    link.close()


@pytest.fixture
def lone(broker_url: str, link: Link, fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Lone]:
    through = broker_url.replace(f":{urlsplit(broker_url).port}", f":{link.port}")
    with lone_worker(tmp_path, database_url=fresh_database("sqlite"), broker_url=through) as lone:
        yield lone


def test_a_deaf_worker_ends_and_its_successor_does_the_work(lone: Lone, link: Link, broker_url: str) -> None:
    celery = make_celery(broker_url)
    worker = lone.start_worker("copy", ADLOOM_WATCHDOG_SECONDS="3")
    job = lone.submit()
    ring_afresh(celery, Lane.COPY)
    lone.await_job(job)

    link.go_half_open()
    job = lone.submit()
    ring_afresh(celery, Lane.COPY)

    assert worker.wait(60) == DEAF
    assert "worker.deaf" in lone.log.read_text()
    lone.start_worker("copy")
    ring_afresh(celery, Lane.COPY)
    lone.await_job(job)


def test_a_worker_is_left_alone_while_its_broker_is_away(lone: Lone, link: Link, broker_url: str) -> None:
    worker = lone.start_worker("copy", ADLOOM_WATCHDOG_SECONDS="1")
    link.refuse()
    link.go_half_open()
    lone.submit()

    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(8)
