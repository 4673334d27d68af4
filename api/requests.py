"""Every request has an id, which its answer and its log lines carry, and every answer the same guarding headers."""

import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

Observe = Callable[[str, str | None, int, float], None]  #: method, pattern of the route, status, seconds

_QUIET = ("/healthz", "/readyz")  #: asked every few seconds: not worth a line each

_GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",  # whatever is served here is data, never a page
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}


class RequestIds:
    """Gives every request an id and every answer its headers."""

    def __init__(self, app: ASGIApp, *, observe: Observe) -> None:
        self.app = app
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its id in ``scope["state"]``."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = str(uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        begun = time.perf_counter()

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _GUARDS.items():
                    headers.setdefault(name, value)
                seconds = time.perf_counter() - begun
                _note(scope, message["status"], seconds)
                self._observe(scope["method"], _route(scope), message["status"], seconds)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self.app(scope, receive, guarded)


def _note(scope: Scope, status: int, seconds: float) -> None:
    """One line per answer.  The route's pattern stands for the path, which may hold what is nobody's business."""
    if scope["path"] not in _QUIET:
        log.info(
            "request.answered", method=scope["method"], route=_route(scope), status=status, ms=round(1000 * seconds)
        )


def _route(scope: Scope) -> str | None:
    return getattr(scope.get("route"), "path", None)
