"""A request whose database connection was ended is done once more, where that cannot do anything twice.

An operator, a failover or a proxy ends connections at any moment.  The next connection is a good one, so most callers
need not hear of it.
"""

from collections.abc import Callable, Coroutine
from typing import Any

import sqlalchemy as sa
import structlog
from fastapi import Request, Response
from fastapi.routing import APIRoute

log = structlog.get_logger()

REPEATABLE = frozenset({"GET", "PUT"})  #: methods that may be carried out twice


class RepeatingRoute(APIRoute):
    """A route that is tried a second time when its database connection is ended under it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:  # Any: FastAPI's signature
        """FastAPI's own handler, and where it is safe, the same again."""
        handle = super().get_route_handler()
        takes_key = any(field.alias == "idempotency-key" for field in self.dependant.header_params)

        async def handle_again(request: Request) -> Response:
            try:
                return await handle(request)
            except sa.exc.DBAPIError as error:
                has_key = takes_key and "idempotency-key" in request.headers
                if not error.connection_invalidated or not (has_key or is_repeatable(request.method, error)):
                    raise
                log.warning("request.repeated", route=self.path, error=type(error.orig).__name__)
            return await handle(request)

        return handle_again


def is_repeatable(method: str, error: sa.exc.DBAPIError) -> bool:
    """Whether a request may be carried out again after *error*: nothing that would count twice can be committed.

    An error without a statement is one of COMMIT itself, whose outcome nobody knows.
    """
    return method in REPEATABLE or bool(error.statement)
