"""Messages to other people's URLs: posted once, answered or not.  Whether to try again is the caller's business."""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import httpcore2

from storage.transport import Blocked, Lookup, NoAnswer, Reach, Request, Transport, resolve

MAX_ANSWER_BYTES = 4096
TOTAL_SECONDS = 15.0
CONNECT_SECONDS = 5.0  #: for one connection attempt

_HEADERS = {"User-Agent": "adloom", "Accept-Encoding": "identity"}


@dataclass(frozen=True)
class Answer:
    """What came of a message: the server's *status*, or 0 and why there is none in *trouble*."""

    status: int = 0
    retry_after: str = ""  #: the header as the server wrote it
    trouble: str = ""


class Poster(Protocol):
    """Posts messages."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post *body* to *url* and say what came of it; never raises for what a server or a URL does."""


class GuardedPoster:
    """Posts over the network, within a *reach*; a redirect is an answer, and is not followed."""

    def __init__(
        self,
        reach: Reach,
        *,
        lookup: Lookup = resolve,
        tls: ssl.SSLContext | None = None,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._reach = reach
        self._transport = Transport(reach, lookup=lookup, tls=tls)
        self._total_seconds = total_seconds

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post within `TOTAL_SECONDS`.  The status is what counts: of the answer's body little is read, none kept."""
        deadline = time.monotonic() + self._total_seconds
        answer = Answer()
        try:
            request = Request("POST", self._reach.parse(url), {**_HEADERS, **headers}, body)
            with self._transport.send(request, deadline=deadline, connect_seconds=CONNECT_SECONDS) as response:
                answer = _answer(response)
                _taste(response)
        except Blocked:
            return Answer(trouble="not a public address")
        except NoAnswer as why:  # once there is a status, a body that breaks off changes nothing
            return answer if answer.status else Answer(trouble=str(why))
        return answer


def _answer(response: httpcore2.Response) -> Answer:
    headers = {name.lower(): value for name, value in response.headers}
    return Answer(response.status, headers.get(b"retry-after", b"").decode("latin-1").strip())


def _taste(response: httpcore2.Response) -> None:
    """Read the start of the body, so that a server which has not much to say is not cut off."""
    size = 0
    for chunk in response.iter_stream():
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            return
