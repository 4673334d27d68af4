"""Requests that are too large are refused before they are read: by their Content-Length, or while they stream in."""

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adloom.core.errors import TooLarge
from api.problems import render_error

LINGER_SECONDS = 2.0  #: how long what still arrives is thrown away, so that the sender gets to read the answer


class BodyLimit:
    """Answers 413 to a body of more than *max_bytes*; no handler ever holds more in memory."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self._detail = f"A request may have at most {max_bytes:,} bytes here (ADLOOM_MAX_BODY_BYTES)."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > self.max_bytes:
            await self._refuse(scope, receive, send)
            return
        await self._count(scope, receive, send)

    async def _count(self, scope: Scope, receive: Receive, send: Send) -> None:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.max_bytes:
                too_large = TooLarge(self._detail)
                raise HTTPException(413) from too_large  # the one class that every layer of the framework lets through
            return message

        async def lingering(message: Message) -> None:
            if seen > self.max_bytes and message["type"] == "http.response.body" and not message.get("more_body"):
                await send({**message, "more_body": True})
                await _discard(receive)
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        await self.app(scope, counted, lingering)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = render_error(scope, TooLarge(self._detail))
        await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
        await send({"type": "http.response.body", "body": response.body, "more_body": True})
        await _discard(receive)
        await send({"type": "http.response.body", "body": b""})


async def _discard(receive: Receive) -> None:
    """Throw away what still arrives, for a moment.

    Closing a connection that has unread bytes resets it, and the reset can overtake the answer.
    """
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while (message := await receive())["type"] == "http.request" and message.get("more_body"):
                pass
    except TimeoutError:
        pass
