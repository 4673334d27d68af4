"""Bytes from public URLs, and from no others.

A feed may name any URL.  Redirects are checked from the start like the URL itself, and time and size are limited.
"""

import time
from collections.abc import Callable
from typing import Protocol

import httpcore2
import httpx2

from adloom.core.errors import GenerationError, TransientError
from storage.transport import Lookup, NoAnswer, Reach, Request, Transport, is_public, resolve

MAX_BYTES = 20 * 1024 * 1024
TOTAL_SECONDS = 20.0
STEP_SECONDS = 5.0  #: for one connection attempt, or one silence
MAX_REDIRECTS = 3

_HEADERS = {"User-Agent": "adloom", "Accept": "image/*", "Accept-Encoding": "identity"}
_REDIRECTS = (301, 302, 303, 307, 308)


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


class PublicFetcher:
    """Fetches over the network, from public addresses only."""

    def __init__(
        self,
        *,
        allowed: Callable[[str], bool] = is_public,
        lookup: Lookup = resolve,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._reach = Reach(allowed=allowed)
        self._transport = Transport(self._reach, lookup=lookup)
        self._total_seconds = total_seconds

    def fetch(self, url: str) -> bytes:
        """The body behind *url*; at most `MAX_BYTES`, within `TOTAL_SECONDS`, over at most `MAX_REDIRECTS` hops."""
        deadline = time.monotonic() + self._total_seconds
        base: httpx2.URL | None = None
        for _ in range(MAX_REDIRECTS + 1):
            target = self._reach.parse(url, base)
            answer = self._get(target, deadline)
            if isinstance(answer, bytes):
                return answer
            url, base = answer, target
        raise GenerationError("The image URL redirects too often.")

    def _get(self, url: httpx2.URL, deadline: float) -> bytes | str:
        """The body behind *url*, or the location it redirects to."""
        request = Request("GET", url, _HEADERS)
        try:
            with self._transport.send(
                request, deadline=deadline, connect_seconds=STEP_SECONDS, silence_seconds=STEP_SECONDS
            ) as response:
                return _answer(response)
        except NoAnswer as why:
            raise FetchFailed(f"The image URL could not be fetched: {why}.") from None


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
