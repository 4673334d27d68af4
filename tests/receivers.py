"""Receivers of webhooks for tests: real servers on loopback that remember what they were told."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from storage import GuardedPoster, Reach
from storage.transport import Address

ANYWHERE = Reach(ports=None, allowed=lambda address: True)


@dataclass(frozen=True)
class Told:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers every request with the next of *answers*, the last one again and again; an empty one hangs."""

    answers: list[bytes]
    port: int = 0
    told: list[Told] = field(default_factory=list)
    most_at_once: int = 0
    released: threading.Event = field(default_factory=threading.Event)  #: ends what hangs
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://hooks.example:{self.port}/told?token=swordfish"

    def ids(self) -> list[str]:
        """The ids of what it was told."""
        return [told.headers["webhook-id"] for told in self.told]

    def serve(self, connection: socket.socket) -> None:
        """Answer one request."""
        with connection, suppress(OSError):
            told = _read(connection)
            with self._lock:
                self.told.append(told)
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if answer:
                connection.sendall(answer)
            else:
                self.released.wait(20)
            with self._lock:
                self._at_once -= 1


def _read(connection: socket.socket) -> Told:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers["content-length"]):
        body += _some(connection)
    return Told(first.split()[1], headers, body)


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError
    return data


def answer(status: int, *headers: str, body: str = "") -> bytes:
    """An HTTP answer."""
    lines = [f"HTTP/1.1 {status} X", *headers, f"Content-Length: {len(body)}", "Connection: close", "", body]
    return "\r\n".join(lines).encode()


HANGING = b""
OK = answer(204)


@contextmanager
def receiving(*answers: bytes, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a loopback port."""
    receiver = Receiver(list(answers or (OK,)))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        receiver.port = listener.getsockname()[1]

        def accept() -> None:
            with suppress(OSError):  # the listener is closed
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=serve, args=(connection,), daemon=True).start()

        def serve(connection: socket.socket) -> None:
            with suppress(OSError):
                receiver.serve(tls.wrap_socket(connection, server_side=True) if tls else connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield receiver
        receiver.released.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)


def loopback(host: str, port: int) -> list[Address]:
    """Every name leads to this machine."""
    return [("127.0.0.1", port)]


def poster(*, seconds: float = 5.0) -> GuardedPoster:
    """A poster that may reach a receiver."""
    return GuardedPoster(ANYWHERE, lookup=loopback, total_seconds=seconds)


def await_that(true: object, seconds: float = 10.0) -> None:
    """Wait until calling *true* says so."""
    assert callable(true)
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it does not come true"
        time.sleep(0.01)
