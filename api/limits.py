"""Requests that are too large are refused before they are read: by their Content-Length, or while they stream in."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adloom.core.errors import TooLarge
from api.problems import render_error


class BodyLimit:
    """Answers 413 to a body of more than *max_bytes*; no handler ever holds more in memory.

    What still arrives after the answer is thrown away by uvicorn, so that its sender gets to read the answer.
    """

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
            await render_error(scope, TooLarge(self._detail))(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.max_bytes:
                too_large = TooLarge(self._detail)
                raise HTTPException(413) from too_large  # the one class that every layer of the framework lets through
            return message

        await self.app(scope, counted, send)
