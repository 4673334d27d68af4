"""A request whose database connection was ended is done once more, where that cannot do anything twice.

An operator, a failover or a proxy ends connections at any moment.  The next connection is a good one, so most callers
need not hear of it.
"""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.routing import APIRoute

from models import DatabaseTrouble, is_cut_off, is_of_commit

log = structlog.get_logger()

KEY = "idempotency-key"
REPEATABLE = frozenset({"GET", "PUT"})  #: methods that may be carried out twice


class RepeatingRoute(APIRoute):
    """A route that is tried a second time when its database connection is ended under it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:  # Any: FastAPI's signature
        """FastAPI's own handler, and where it is safe, the same again."""
        handle = super().get_route_handler()
        takes_key = any(field.alias == KEY for field in self.dependant.header_params)

        async def handle_again(request: Request) -> Response:
            try:
                return await handle(request)
            except DatabaseTrouble as error:
                is_safe = request.method in REPEATABLE or not is_of_commit(error)
                if not is_cut_off(error) or not (is_safe or (takes_key and KEY in request.headers)):
                    raise
                log.warning("request.repeated", route=self.path, error=type(error).__name__)
            return await handle(request)

        return handle_again
