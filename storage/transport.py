"""Requests to addresses that may be asked, and to no others.

A stranger may name any URL.  Every address that a name resolves to must be allowed, the connection goes to the very
address that was checked, TLS is verified with the name, no proxy of the environment is used, no redirect is followed,
and nothing outlasts the deadline.
"""

import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpcore2
import httpx2

from adloom.core.errors import GenerationError

MAX_URL_LENGTH = 8192  #: as sent; a request this small never waits for a server that does not read
PORTS = {"http": 80, "https": 443}

Address = tuple[str, int]  #: an IP literal and a port
Lookup = Callable[[str, int], list[Address]]

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # all that IPv6 has given out: outside are only special cases
# ``is_global`` alone lets tunnels to private addresses, multicast and cloud metadata through.
_FORBIDDEN = [
    ipaddress.ip_network(block)
    for block in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2001::/32", "2002::/16", "3fff::/20")
]
_HOST = re.compile(r"[a-z0-9._:-]+", re.IGNORECASE)  # what a name or an address is made of once it is encoded
_LOCAL = re.compile(r"(.*\.)?localhost\.?", re.IGNORECASE)
_TROUBLE = (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, OSError)


class Blocked(GenerationError):
    """This URL does not lead to a public address."""

    code = "url-blocked"


class NoAnswer(Exception):
    """Nobody answered this time; the message says why, in a few words."""


def is_public(address: str) -> bool:
    """Whether *address*, an IP literal, belongs to the public internet.

    >>> is_public("93.184.215.14"), is_public("127.0.0.1"), is_public("64:ff9b::7f00:1")
    (True, False, False)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _GLOBAL_UNICAST:
        return False
    forbidden = any(ip in block for block in _FORBIDDEN if block.version == ip.version)
    return ip.is_global and not ip.is_multicast and not forbidden


def resolve(host: str, port: int) -> list[Address]:
    """The addresses of *host*, in the order in which the system would try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(info[4][0]), port) for info in found))


@dataclass(frozen=True)
class Reach:
    """Where URLs may lead: which *schemes*, which *ports* (None: any) and which *addresses*."""

    schemes: Collection[str] = ("http", "https")
    ports: Collection[int] | None = (80, 443, 8443)
    allowed: Callable[[str], bool] = is_public

    def parse(self, url: str, base: httpx2.URL | None = None) -> httpx2.URL:
        """*url*, relative to *base*, if it may be asked for, as far as one can tell without looking its name up.

        Raises:
            Blocked: it is no URL, has another scheme or port, or carries a password.
        """
        try:
            parsed = base.join(url) if base else httpx2.URL(url)
            length = len(str(parsed))
        except (httpx2.InvalidURL, ValueError):  # ValueError: broken brackets, lone surrogates
            raise Blocked("This is not a valid URL.") from None
        if parsed.scheme not in self.schemes:
            raise Blocked(f"The URL must begin with {' or '.join(f'{scheme}://' for scheme in self.schemes)}.")
        if length > MAX_URL_LENGTH or not _HOST.fullmatch(parsed.raw_host.decode("ascii")):
            raise Blocked("This is not a valid URL.")
        if parsed.userinfo:
            raise Blocked("The URL must not hold a user name or a password.")
        if self.ports is not None and parsed.port not in (None, *self.ports):
            raise Blocked(f"The URL's port must be one of {', '.join(map(str, self.ports))}.")
        return parsed

    def check_literal(self, url: httpx2.URL) -> None:
        """Refuse a *url* whose host is an address, in any spelling that systems take, that is not allowed."""
        host = url.raw_host.decode("ascii")
        address = "127.0.0.1" if _LOCAL.fullmatch(host) else _literal(host)
        if address and not self.allowed(address):
            raise Blocked


@dataclass(frozen=True)
class Request:
    """One request to be sent."""

    method: str
    url: httpx2.URL
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Transport:
    """Sends requests within a *reach*, each over a connection of its own."""

    def __init__(self, reach: Reach, *, lookup: Lookup, tls: ssl.SSLContext | None = None) -> None:
        self._reach = reach
        self._lookup = lookup
        self._tls = tls or httpx2.create_ssl_context(trust_env=False)

    @contextmanager
    def send(
        self, request: Request, *, deadline: float, connect_seconds: float, silence_seconds: float | None = None
    ) -> Iterator[httpcore2.Response]:
        """The answer to *request*, its body still to be read.

        *deadline* is an instant of `time.monotonic`; *connect_seconds* limits one connection attempt.

        Raises:
            Blocked: an address that the name leads to is not allowed.
            NoAnswer: there is no answer, or it breaks off, or the deadline has come.
        """
        url = request.url
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        steps = {"connect": connect_seconds, "read": silence_seconds, "write": silence_seconds, "pool": None}
        backend = _Backend(self._addresses(url, deadline), deadline)
        try:
            with (
                httpcore2.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
                pool.stream(
                    request.method,
                    target,
                    headers=list(request.headers.items()),
                    content=request.body or None,
                    extensions={"timeout": steps},
                ) as response,
            ):
                yield response
        except _TROUBLE as error:
            raise NoAnswer(type(error).__name__) from None

    def _addresses(self, url: httpx2.URL, deadline: float) -> list[Address]:
        """Where *url* leads; all of it is allowed."""
        host, port = url.raw_host.decode("ascii"), url.port or PORTS[url.scheme]
        answers: queue.SimpleQueue[list[Address] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._lookup(host, port))
            except Exception as error:
                answers.put(error)

        threading.Thread(target=ask, name="lookup", daemon=True).start()  # a lookup takes no time limit
        try:
            found = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise _too_slow() from None
        if isinstance(found, Exception) or not found:
            raise NoAnswer("the host name does not resolve")
        if not all(self._reach.allowed(address) for address, _ in found):
            raise Blocked
        return found


def host_of(url: str) -> str:
    """The name of *url*'s host in the one spelling by which hosts are told apart; empty where it is no URL.

    >>> host_of("https://Hooks.Example.:8443/a?b")
    'hooks.example'
    """
    try:
        return httpx2.URL(url).raw_host.decode("ascii").lower().rstrip(".")
    except (httpx2.InvalidURL, ValueError):
        return ""


def _literal(host: str) -> str:
    """The address that *host* spells, or nothing: ``2130706433`` and ``0x7f.1`` are addresses too."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))
    except OSError:
        return ""


def _too_slow() -> NoAnswer:
    return NoAnswer("it took too long")


def _left(deadline: float, timeout: float | None) -> float:
    """How long the next step may take."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise _too_slow()
    return min(left, timeout if timeout is not None else left)


class _Backend(httpcore2.NetworkBackend):
    """Connects to the first of some checked addresses that answers; nothing outlasts the deadline."""

    def __init__(self, addresses: list[Address], deadline: float) -> None:
        self._addresses = addresses
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,  # Any: httpcore2's own signature
    ) -> httpcore2.NetworkStream:
        system = httpcore2.SyncBackend()
        trouble: Exception = ConnectionError()
        for address, at in self._addresses:
            try:
                stream = system.connect_tcp(address, at, timeout=_left(self._deadline, timeout))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                trouble = error
            else:
                return _Stream(stream, self._deadline)
        raise trouble


class _Stream(httpcore2.NetworkStream):
    """A connection that ends at the deadline, however busy it looks."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline, timeout))
        return _Stream(stream, self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:  # Any: httpcore2's own signature
        return self._stream.get_extra_info(info)
