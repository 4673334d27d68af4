"""Asks a running OpenAI-compatible server (vLLM, Ollama, llama.cpp …) for texts; says what went wrong when it fails."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx2

from adloom.core.errors import GenerationError, TransientError

_ATTEMPTS = 3
_PAUSE_SECONDS = 0.5  #: before the second attempt; doubles
_TIMEOUT = httpx2.Timeout(120.0, connect=5.0)


class ServerRefuses(GenerationError):
    """The language model server does not accept our key: check ADLOOM_LLM_API_KEY."""

    code = "llm-unauthorized"


class UnknownModel(GenerationError):
    """The language model server does not have this model: check ADLOOM_LLM_MODEL."""

    code = "llm-unknown-model"


class ServerObjects(GenerationError):
    """The language model server does not accept the request."""

    code = "llm-bad-request"


class ServerUnavailable(TransientError):
    """The language model server does not answer."""

    code = "llm-unavailable"


@dataclass(frozen=True)
class Message:
    """One turn of a chat."""

    role: str
    content: str


class ChatServer:
    """One server and one of its models."""

    def __init__(self, url: str, model: str, api_key: str) -> None:
        base = url.rstrip("/").removesuffix("/v1")
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self.model = model
        self._url = f"{base}/v1/chat/completions"
        self._client = httpx2.Client(headers=headers, timeout=_TIMEOUT)

    def complete(self, messages: Sequence[Message], *, seed: int, max_tokens: int) -> str:
        """The server's answer to *messages*.

        Raises:
            ServerUnavailable: no useful answer after three attempts.
            ServerRefuses, UnknownModel, ServerObjects: asking again would change nothing.
        """
        body = {
            "model": self.model,
            "messages": [{"role": one.role, "content": one.content} for one in messages],
            "temperature": 0.7,
            "top_p": 0.95,
            "max_tokens": max_tokens,
            "seed": seed,
        }
        reason = "no answer"
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_PAUSE_SECONDS * 2 ** (attempt - 1))
            try:
                response = self._client.post(self._url, json=body)
            except httpx2.TransportError as error:
                reason = type(error).__name__
                continue
            if response.status_code == HTTPStatus.TOO_MANY_REQUESTS or response.status_code >= 500:
                reason = f"status {response.status_code}"
                continue
            _accept(response, self.model)
            text = _content(response)
            if text:
                return text
            reason = "an answer without text"
        raise ServerUnavailable(f"The language model server gave no useful answer ({reason}).")


def _accept(response: httpx2.Response, model: str) -> None:
    """Raise for a status that another attempt would not change."""
    status = response.status_code
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise ServerRefuses
    if status == HTTPStatus.NOT_FOUND:
        raise UnknownModel(f"The language model server does not have {model!r}: check ADLOOM_LLM_MODEL and the URL.")
    if status != HTTPStatus.OK:
        raise ServerObjects(f"The language model server answers with status {status}.")


def _content(response: httpx2.Response) -> str:
    """The text of the first choice; empty when the answer is not in the protocol's shape."""
    try:
        answer: Any = response.json()  # Any: whatever the server sent
        return str(answer["choices"][0]["message"]["content"] or "")
    except (json.JSONDecodeError, KeyError, IndexError, TypeError):
        return ""
