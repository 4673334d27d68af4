"""The server of metrics: one path, a port that is its own, and never in the way of the process's work."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from metrics import MetricsServer, WorkMetrics, new_registry
from tests.servers import free_port


@contextmanager
def serving(port: int) -> Iterator[None]:
    registry = new_registry()
    WorkMetrics(registry).stalled()
    server = MetricsServer(registry, host="127.0.0.1", port=port)
    server.start()
    try:
        yield
    finally:
        server.close()


def get(port: int, path: str = "/metrics", *, seconds: float = 10.0) -> tuple[int, str]:
    """Status and text, once something listens."""
    deadline = time.monotonic() + seconds
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        finally:
            connection.close()


def test_it_serves_metrics_and_nothing_else() -> None:
    port = free_port()
    with serving(port):
        status, text = get(port)
        assert status == 200
        assert "adloom_stalls_total 1.0" in text
        assert get(port, "/")[0] == 404


def test_it_frees_its_port_when_it_closes() -> None:
    port = free_port()
    for _ in range(2):
        with serving(port):
            assert get(port)[0] == 200
    with pytest.raises(ConnectionError):
        get(port, seconds=0)


def test_a_taken_port_stops_nothing_and_is_served_as_soon_as_it_is_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        with serving(port):
            time.sleep(0.2)
            assert any(thread.name == "metrics" for thread in threading.enumerate())
            taken.close()
            assert get(port)[0] == 200


def test_without_a_port_it_serves_nothing() -> None:
    with serving(0):
        assert not any(thread.name == "metrics" for thread in threading.enumerate())
