"""Bytes from public URLs, and from no others.

A feed may name any URL.  Every address that a name resolves to must be public, the connection goes to the very address
that was checked, redirects are checked from the start, and time and size are limited.
"""

import ipaddress
import socket
import time
from typing import Protocol
from urllib.parse import urljoin, urlsplit

import httpx2

from adloom.core.errors import GenerationError, TransientError

MAX_BYTES = 20 * 1024 * 1024
TOTAL_SECONDS = 20.0
MAX_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}

# ``is_global`` alone lets tunnels to private addresses, multicast and cloud metadata through.
_FORBIDDEN = [
    ipaddress.ip_network(block)
    for block in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",
        "::/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "fc00::/7",
        "fe80::/10",
    )
]


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
    forbidden = any(ip in block for block in _FORBIDDEN if block.version == ip.version)
    return ip.is_global and not ip.is_multicast and not forbidden


class PublicFetcher:
    """Fetches over the network, from public addresses only."""

    def fetch(self, url: str) -> bytes:
        """The body behind *url*; at most `MAX_BYTES`, within `TOTAL_SECONDS`, over at most `MAX_REDIRECTS` hops."""
        deadline = time.monotonic() + TOTAL_SECONDS
        for _ in range(MAX_REDIRECTS + 1):
            answer = _get(url, deadline)
            if isinstance(answer, bytes):
                return answer
            url = urljoin(url, answer)
        raise GenerationError("The image URL redirects too often.")


def _get(url: str, deadline: float) -> bytes | str:
    """The body behind *url*, or the location it redirects to."""
    host, address, literal = _resolve(url)
    timeout = httpx2.Timeout(5.0)
    try:
        with (
            httpx2.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "GET",
                literal,
                headers={"Host": host, "User-Agent": "adloom", "Accept": "image/*", "Accept-Encoding": "identity"},
                extensions={"sni_hostname": address},
            ) as response,
        ):
            if response.is_redirect:
                return response.headers.get("location", "")
            return _body(response, deadline)
    except httpx2.HTTPError as error:
        raise FetchFailed(f"The image URL could not be fetched: {type(error).__name__}.") from None


def _resolve(url: str) -> tuple[str, str, str]:
    """The Host header, the name for TLS, and *url* with its host replaced by the address that was checked."""
    parts = urlsplit(url)
    try:
        port = parts.port or PORTS[parts.scheme]
    except (KeyError, ValueError):
        raise Blocked("An image URL must begin with http:// or https://.") from None
    if not parts.hostname or parts.username or port not in (80, 443, 8443):
        raise Blocked()
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise FetchFailed("The image URL's host name does not resolve.") from None
    if not all(map(is_public, found)):
        raise Blocked()
    address = min(found)
    literal = f"[{address}]" if ":" in address else address
    return parts.netloc, parts.hostname, parts._replace(netloc=f"{literal}:{port}").geturl()


def _body(response: httpx2.Response, deadline: float) -> bytes:
    if response.status_code >= 500 or response.status_code == 429:
        raise FetchFailed(f"The image's server answered {response.status_code}.")
    if response.status_code != 200:
        raise GenerationError(f"The image's server answered {response.status_code}.")
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > MAX_BYTES:
            raise GenerationError(f"The image is larger than {MAX_BYTES // 1024 // 1024} MB.")
        if time.monotonic() > deadline:
            raise FetchFailed("The image took too long to arrive.")
        chunks.append(chunk)
    return b"".join(chunks)
