"""Bytes from public URLs, and from no others.

A feed may name any URL.  Every address that a name resolves to must be public, the connection goes to the very address
that was checked, redirects are checked from the start, and time and size are limited.
"""

import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import httpcore2
import httpx2

from adloom.core.errors import GenerationError, TransientError

MAX_BYTES = 20 * 1024 * 1024
MAX_URL_LENGTH = 8192  #: as sent; a request this small never waits for a server that does not read
TOTAL_SECONDS = 20.0
STEP_SECONDS = 5.0  #: for one connection attempt, or one silence
MAX_REDIRECTS = 3
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
_REDIRECTS = (301, 302, 303, 307, 308)
_TROUBLE = (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, OSError)


class Blocked(GenerationError):
    """This URL does not lead to a public address."""

    code = "url-blocked"


class FetchFailed(TransientError):
    """This URL could not be fetched this time."""

    code = "source-unreachable"


class Fetcher(Protocol):
    """Fetches the bytes behind a URL."""

    def fetch(self, url: str) -> bytes:
        """The body behind *url*.

        Raises:
            Blocked: it leads somewhere private, or is not an http or https URL.
            GenerationError: the server refuses it for good, or it is too large.
            FetchFailed: it may work later.
        """


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


class PublicFetcher:
    """Fetches over the network, from public addresses only."""

    def __init__(
        self,
        *,
        allowed: Callable[[str], bool] = is_public,
        lookup: Lookup = resolve,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._allowed = allowed
        self._lookup = lookup
        self._total_seconds = total_seconds
        self._tls = httpx2.create_ssl_context(trust_env=False)

    def fetch(self, url: str) -> bytes:
        """The body behind *url*; at most `MAX_BYTES`, within `TOTAL_SECONDS`, over at most `MAX_REDIRECTS` hops."""
        deadline = time.monotonic() + self._total_seconds
        base: httpx2.URL | None = None
        for _ in range(MAX_REDIRECTS + 1):
            target = _parse(url, base)
            answer = self._get(target, deadline)
            if isinstance(answer, bytes):
                return answer
            url, base = answer, target
        raise GenerationError("The image URL redirects too often.")

    def _get(self, url: httpx2.URL, deadline: float) -> bytes | str:
        """The body behind *url*, or the location it redirects to."""
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        steps = {"connect": STEP_SECONDS, "read": STEP_SECONDS, "write": STEP_SECONDS, "pool": STEP_SECONDS}
        backend = _Backend(self._addresses(url, deadline), deadline)
        try:
            with (
                httpcore2.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
                pool.stream(
                    "GET",
                    target,
                    headers={"User-Agent": "adloom", "Accept": "image/*", "Accept-Encoding": "identity"},
                    extensions={"timeout": steps},
                ) as response,
            ):
                return _answer(response)
        except _TROUBLE as error:
            raise FetchFailed(f"The image URL could not be fetched: {type(error).__name__}.") from None

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
            raise FetchFailed("The image URL's host name does not resolve.")
        if not all(self._allowed(address) for address, _ in found):
            raise Blocked()
        return found


def _parse(url: str, base: httpx2.URL | None) -> httpx2.URL:
    """*url*, relative to *base*, if it may be asked for."""
    try:
        parsed = base.join(url) if base else httpx2.URL(url)
        length = len(str(parsed))
    except (httpx2.InvalidURL, ValueError):  # ValueError: broken brackets, lone surrogates
        raise Blocked("This is not a URL of an image.") from None
    if parsed.scheme not in PORTS:
        raise Blocked("An image URL must begin with http:// or https://.")
    if length > MAX_URL_LENGTH or not _HOST.fullmatch(parsed.raw_host.decode("ascii")):
        raise Blocked("This is not a URL of an image.")
    if parsed.userinfo or parsed.port not in (None, 80, 443, 8443):
        raise Blocked()
    return parsed


def _answer(response: httpcore2.Response) -> bytes | str:
    """The body of *response*, or the location it redirects to."""
    headers = {name.lower(): value for name, value in response.headers}
    if response.status in _REDIRECTS and b"location" in headers:
        return headers[b"location"].decode("utf-8", "replace")
    if response.status >= 500 or response.status == 429:
        raise FetchFailed(f"The image's server answered {response.status}.")
    if response.status != 200:
        raise GenerationError(f"The image's server answered {response.status}.")
    if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"", b"identity"):
        raise GenerationError("The image's server compressed the answer though it was asked not to.")
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_stream():
        size += len(chunk)
        if size > MAX_BYTES:
            raise GenerationError(f"The image is larger than {MAX_BYTES // 1024 // 1024} MB.")
        chunks.append(chunk)
    return b"".join(chunks)


def _too_slow() -> FetchFailed:
    return FetchFailed("The image took too long to arrive.")


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
