"""Structured events on standard error: ``log.info("item.succeeded", item_id=…)``.  Ids, never prompts or keys."""

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class Unfailing:
    """Takes what is logged to *stream*, and drops what cannot be written: a full disk must not stop the work itself."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write *text* if it can be written."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Pass on what waits in the stream if it can be passed on."""
        with suppress(OSError):
            self._stream.flush()


def configure(log_format: str) -> None:
    """Set this process's log up: *log_format* is ``text`` for people or ``json`` for machines."""
    renderer = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Unfailing(sys.stderr))),
        cache_logger_on_first_use=False,
    )
