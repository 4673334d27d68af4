"""The proxy that spoils links does each of its deeds, and nothing while it is asked for nothing."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.proxy import Proxy

ANSWER = b"0123456789" * 100


class _Echo(socketserver.BaseRequestHandler):
    """Answers each line with itself, or with a thousand bytes where it reads ``?``."""

    def handle(self) -> None:
        try:
            while data := self.request.recv(65536):
                self.request.sendall(ANSWER if data == b"?" else data)
        except ConnectionError:
            pass


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """A proxy in front of an echo."""
    with _Server(("127.0.0.1", 0), _Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with Proxy(*server.server_address) as proxy:
            yield proxy
        server.shutdown()


def connect(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=1.0)


def ask(client: socket.socket, question: bytes) -> bytes:
    client.sendall(question)
    return client.recv(65536)


def everything(client: socket.socket) -> bytes:
    """What comes until the end, which may be a reset."""
    found = b""
    try:
        while data := client.recv(65536):
            found += data
    except ConnectionResetError:
        pass
    return found


def test_it_passes_what_it_gets(proxy: Proxy) -> None:
    with connect(proxy) as client:
        assert ask(client, b"hello") == b"hello"
        assert proxy.connections() == 1


def test_a_delay_holds_both_directions_back(proxy: Proxy) -> None:
    with connect(proxy) as client:
        proxy.delay(0.1)
        begun = time.monotonic()
        assert ask(client, b"hello") == b"hello"
        assert time.monotonic() - begun >= 0.2
        proxy.heal()
        begun = time.monotonic()
        assert ask(client, b"hello") == b"hello"
        assert time.monotonic() - begun < 0.2


def test_a_black_hole_is_silent_and_gives_everything_back_once_healed(proxy: Proxy) -> None:
    with connect(proxy) as client:
        proxy.black_hole()
        client.sendall(b"hello")
        with pytest.raises(TimeoutError):
            client.recv(10)
        with connect(proxy) as other, pytest.raises(TimeoutError):
            ask(other, b"anyone?")
        proxy.heal()
        assert client.recv(10) == b"hello"


def test_half_open_swallows_old_connections_for_ever_and_passes_new_ones(proxy: Proxy) -> None:
    with connect(proxy) as client:
        ask(client, b"hello")
        proxy.half_open()
        client.sendall(b"anyone?")
        with pytest.raises(TimeoutError):
            client.recv(10)
        with connect(proxy) as other:
            assert ask(other, b"hello") == b"hello"
        proxy.heal()
        with pytest.raises(TimeoutError):
            client.recv(10)


def test_a_reset_ends_old_connections_and_new_ones_pass(proxy: Proxy) -> None:
    with connect(proxy) as client:
        ask(client, b"hello")
        proxy.reset()
        with pytest.raises(ConnectionResetError):
            client.recv(10)
    with connect(proxy) as other:
        assert ask(other, b"hello") == b"hello"


def test_refusing_resets_new_connections_until_healed(proxy: Proxy) -> None:
    proxy.reset(refuse=True)
    with suppress(ConnectionResetError), connect(proxy) as client:
        assert everything(client) == b""
    proxy.heal()
    with connect(proxy) as other:
        assert ask(other, b"hello") == b"hello"


def test_slices_arrive_complete_and_in_order(proxy: Proxy) -> None:
    proxy.slice(3)
    with connect(proxy) as client:
        client.sendall(b"?")
        found = client.recv(65536)
        assert len(found) < len(ANSWER)
        while len(found) < len(ANSWER):
            found += client.recv(65536)
        assert len(found) % len(ANSWER) == 0


def test_truncating_passes_no_more_than_the_bytes_allowed(proxy: Proxy) -> None:
    with connect(proxy) as client:
        assert ask(client, b"hello") == b"hello"
        proxy.truncate(10)
        assert ask(client, b"hello") == b"hello"
        client.sendall(b"?")
        assert everything(client) == b""
    assert proxy.cuts == 1


def test_a_cut_ends_the_connection_before_the_answer_that_says_so(proxy: Proxy) -> None:
    proxy.cut(b"COMMIT")
    with connect(proxy) as client:
        assert ask(client, b"BEGIN") == b"BEGIN"
        client.sendall(b"COMMIT")
        assert everything(client) == b""
    assert proxy.cuts == 1


def test_the_end_of_one_side_is_the_end_of_the_other(proxy: Proxy) -> None:
    with connect(proxy) as client:
        ask(client, b"hello")
    deadline = time.monotonic() + 5
    while proxy.connections():
        assert time.monotonic() < deadline
        time.sleep(0.01)
