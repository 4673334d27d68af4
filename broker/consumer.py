"""Hears bells, and throws away whatever else lies in a queue before Celery takes it up.

Celery's own consumer gives up its connection over a task message without an id, takes the same message again, and ends
after five times; a message that is no JSON ends it at once.
"""

from collections.abc import Callable
from typing import Any

import structlog
from celery.worker.consumer import Consumer

from adloom.core.lanes import Lane
from broker.app import DRAIN

log = structlog.get_logger()

LANES = frozenset(lane.value for lane in Lane)


def is_bell(message: Any) -> bool:  # Any: a message of kombu
    """Whether *message* says that one of our lanes has work, in the form in which we write it."""
    headers = message.headers
    if not isinstance(headers, dict) or headers.get("task") != DRAIN or not isinstance(headers.get("id"), str):
        return False
    try:
        arguments = message.decode()[0]
    except Exception:  # whatever is wrong with it
        return False
    return isinstance(arguments, list) and len(arguments) == 1 and arguments[0] in LANES


class BellConsumer(Consumer):  # type: ignore[misc]  # Celery has no types
    """Celery's consumer, for bells only."""

    loop: Callable[..., None]

    def __init__(self, *arguments: Any, **more: Any) -> None:  # Any: Celery's own signature
        super().__init__(*arguments, **more)
        loop: Callable[..., None] = self.loop
        lost: type[Exception] = self.connection_errors[0]  # each transport has its own

        def forgive(*arguments: Any, **more: Any) -> None:  # Any: Celery's own signature
            """What no transport can read is a connection to open again: the message is gone by then."""
            try:
                loop(*arguments, **more)
            except (ValueError, KeyError, TypeError) as error:
                log.warning("message.not_read", error=type(error).__name__)
                raise lost("A message could not be read.") from error

        self.loop = forgive

    def create_task_handler(self, *arguments: Any, **more: Any) -> Callable[[Any], None]:  # Any: likewise
        """What is done with each message."""
        hear = super().create_task_handler(*arguments, **more)

        def on_message(message: Any) -> None:  # Any: a message of kombu
            if is_bell(message):
                hear(message)
                return
            log.warning("message.thrown_away", bytes=len(message.body or ""))
            message.ack_log_error(log, self.connection_errors)

        return on_message
