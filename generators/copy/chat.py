"""Asks a running OpenAI-compatible server (vLLM, Ollama, llama.cpp …) for texts; says what went wrong when it fails.

Asynchronous, unlike the rest of the house: only so can a request be given up while the server still works on it.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import httpx2
import numpy as np

from adloom.core.errors import GenerationError, TransientError

_LONGEST_PAUSE_SECONDS = 30.0  #: a server that wants more time gets it from the queue
_OVERLOADED = frozenset({408, 409, 425, 429, 502, 503, 504})  #: it will pass, and is nobody's fault
_NO_SCHEMA = frozenset({400, 422, 501})  #: what servers say that cannot keep to a schema
_KNOWN = ("id", "root", "created", "owned_by")  #: of what a server says of a model


class ServerRefuses(GenerationError):
    """The language model server does not accept our key: check ADLOOM_LLM_API_KEY."""

    code = "llm-unauthorized"


class UnknownModel(GenerationError):
    """The language model server does not have this model: check ADLOOM_LLM_MODEL."""

    code = "llm-unknown-model"


class ServerObjects(GenerationError):
    """The language model server does not accept the request."""

    code = "llm-bad-request"


class ServerFails(TransientError):
    """The language model server gives no useful answer to this request."""

    code = "llm-no-answer"
    retry_seconds = 0.0


class ServerUnavailable(TransientError):
    """The language model server does not answer, whatever it is asked."""

    code = "llm-unavailable"

    def __init__(self, detail: str | None = None, *, retry_seconds: float = 0.0) -> None:
        super().__init__(detail)
        self.retry_seconds = retry_seconds  #: how long the server asks to be left alone


@dataclass(frozen=True)
class Manner:
    """How a server is asked.  Seconds are settings because a batch server and a chat server differ a hundredfold."""

    at_once: int = 8  #: requests in flight: servers batch what comes together
    connect_seconds: float = 5.0
    read_seconds: float = 120.0  #: without a byte; an answer comes whole, so this is the time to write it
    pause_seconds: float = 0.5  #: before the second attempt; doubles
    attempts: int = 4
    temperature: float = 0.7
    top_p: float = 0.95


@dataclass(frozen=True)
class Message:
    """One turn of a chat."""

    role: str
    content: str


class ChatServer:
    """One server and one of its models, and what has been learnt of them."""

    def __init__(self, url: str, model: str, api_key: str, manner: Manner) -> None:
        self.model = model
        self.manner = manner
        self.base = url.rstrip("/").removesuffix("/v1") + "/v1"
        self.takes_schema = True  #: until it refuses one
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}

    def open(self) -> "Chat":
        """Connections for one event loop, to be closed there."""
        manner = self.manner
        timeout = httpx2.Timeout(manner.read_seconds, connect=manner.connect_seconds, pool=None)
        limits = httpx2.Limits(max_connections=None)
        return Chat(self, httpx2.AsyncClient(headers=self._headers, timeout=timeout, limits=limits))


class Chat:
    """Requests to one server, so many at once and no more."""

    def __init__(self, server: ChatServer, client: httpx2.AsyncClient) -> None:
        self.server = server
        self.turns = asyncio.Semaphore(server.manner.at_once)  #: for whoever has several questions: one after the other
        self._client = client
        self._places = asyncio.Semaphore(server.manner.at_once)
        self._listed: Mapping[str, object] | None = None
        self._listing = asyncio.Lock()

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        seed: int,
        max_tokens: int,
        schema: Mapping[str, Any],  # Any: JSON
        random: np.random.Generator,
    ) -> str:
        """The server's answer to *messages*, in the shape of *schema* where the server can promise that.

        An answer that reached *max_tokens* is cut.  *random* spreads the attempts of those that failed together.

        Raises:
            ServerUnavailable, ServerFails: no useful answer, after as many attempts as its manner allows.
            ServerRefuses, UnknownModel, ServerObjects: asking again would change nothing.
        """
        manner = self.server.manner
        body = {
            "model": self.server.model,
            "messages": [{"role": one.role, "content": one.content} for one in messages],
            "temperature": manner.temperature,
            "top_p": manner.top_p,
            "max_tokens": max_tokens,
            "seed": seed,
        }
        attempt = 1
        while True:
            try:
                return _content(await self._ask(body, schema))
            except (ServerUnavailable, ServerFails) as error:
                if attempt >= manner.attempts or error.retry_seconds > _LONGEST_PAUSE_SECONDS:
                    raise
                await asyncio.sleep(max(error.retry_seconds, pause_seconds(attempt, manner, random)))
            attempt += 1

    async def listed(self) -> Mapping[str, object]:
        """What the server says of its model, asked once; empty where it does not list it, or does not answer."""
        async with self._listing:
            if self._listed is None:
                self._listed = await self._list()
        return self._listed

    async def _list(self) -> Mapping[str, object]:
        try:
            async with asyncio.timeout(self.server.manner.connect_seconds):
                response = await self._send("GET", "/models")
        except (GenerationError, TimeoutError):
            return {}
        return _entry(response, self.server.model)

    async def _ask(self, body: Mapping[str, Any], schema: Mapping[str, Any]) -> httpx2.Response:  # Any: JSON
        """An accepted response; without a schema once the server has refused one and taken the same without."""
        if self.server.takes_schema:
            shape = {"type": "json_schema", "json_schema": {"name": "texts", "strict": True, "schema": schema}}
            response = await self._send("POST", "/chat/completions", {**body, "response_format": shape})
            if response.status_code not in _NO_SCHEMA:
                return _accepted(response, self.server.model)
        response = _accepted(await self._send("POST", "/chat/completions", body), self.server.model)
        self.server.takes_schema = False
        return response

    async def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> httpx2.Response:
        """Whatever the server responds with, as soon as there is a place."""
        async with self._places:
            try:
                return await self._client.request(method, f"{self.server.base}{path}", json=body)
            except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
                raise ServerObjects("ADLOOM_LLM_URL is not the address of a server: http://HOST:PORT.") from error
            except (httpx2.ReadTimeout, httpx2.DecodingError) as error:
                raise ServerFails(f"The language model server gave no useful answer ({_name(error)}).") from error
            except httpx2.RequestError as error:
                raise ServerUnavailable(f"The language model server does not answer ({_name(error)}).") from error


def pause_seconds(attempt: int, manner: Manner, random: np.random.Generator) -> float:
    """The pause after the *attempt*-th attempt, from 1: doubled each time, and spread over its later half."""
    return min(_LONGEST_PAUSE_SECONDS, manner.pause_seconds * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.0)


def _name(error: Exception) -> str:
    return type(error).__name__


def _accepted(response: httpx2.Response, model: str) -> httpx2.Response:
    """*response*, if its status is that of an answer."""
    status = response.status_code
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise ServerRefuses
    if status == HTTPStatus.NOT_FOUND:
        raise UnknownModel(f"The language model server does not have {model!r}: check ADLOOM_LLM_MODEL and the URL.")
    if status in _OVERLOADED:
        wait = retry_after(response.headers.get("Retry-After", ""), now=datetime.now(UTC))
        raise ServerUnavailable(f"The language model server is overloaded (status {status}).", retry_seconds=wait)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ServerFails(f"The language model server fails with status {status}.")
    if status != HTTPStatus.OK:
        raise ServerObjects(f"The language model server answers with status {status}.")
    return response


def retry_after(header: str, *, now: datetime) -> float:
    """The seconds that a Retry-After *header* asks to wait, a number or an HTTP date; 0.0 where it says nothing.

    Source: RFC 9110, section 10.2.3, https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
    """
    if re.fullmatch(r"\d{1,9}(\.\d+)?", header.strip(), re.ASCII):
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())


def _entry(response: httpx2.Response, model: str) -> dict[str, object]:
    """What a list of models says of *model*."""
    try:
        found = next(one for one in response.json()["data"] if one["id"] == model)
        return {key: found[key] for key in _KNOWN if key in found}
    except (ValueError, KeyError, TypeError, StopIteration):  # a server without such a list, or another one
        return {}


def _content(response: httpx2.Response) -> str:
    """The text of the first choice, without the thoughts that some models write before it.

    Raises:
        ServerFails: it is broken, or empty.
    """
    try:
        answer: Any = response.json()  # Any: whatever the server sent
        text = str(answer["choices"][0]["message"]["content"] or "")
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, IndexError, TypeError) as error:
        raise ServerFails("The language model server gave a broken answer.") from error
    text = text.rpartition("</think>")[2].encode("utf-8", "replace").decode("utf-8")  # no half of a pair survives
    if not text.strip():
        raise ServerFails("The language model server gave an answer without text.")
    return text
