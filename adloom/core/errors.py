"""Everything that can go wrong on purpose.

PlatformError
├── NotFound            no such thing, or not yours
├── IllegalMove         the state machine forbids it
├── IdempotencyClash    same key, different request
├── Unauthorized        no key, or not one of ours
├── Invalid             the request is understood and wrong; says where
│   ├── UnknownChannel  no such channel or slot
│   ├── BadCursor       the cursor belongs to another list, filter or owner
│   ├── WeightsNotAllowed  weights not in the catalogue, and not listed by the operator
│   ├── BadWebhook      nothing can be told to this address
│   ├── BadFeed         the file is no feed at all
│   └── BadImage        the bytes are no image we take
├── TooLarge            over a size limit
├── QuotaExceeded       the owner has too much waiting, or submitted too much today
├── LaneFull            too much waits in a lane already
├── NotReady            the answer needs something that is not finished
├── BadConfiguration    a setting cannot work; stops the process at its start
├── Unreachable         the platform does not answer (raised by the client)
└── GenerationError     the generator could not produce the item
    └── TransientError  ... this time; worth another attempt
"""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Problem:
    """One fault in a request: a JSON *pointer* to the field, a stable *code* and a sentence that says what to do."""

    pointer: str
    code: str
    detail: str


class PlatformError(Exception):
    """The request could not be carried out."""

    code: ClassVar[str] = "platform-error"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or inspect.getdoc(type(self)))


class NotFound(PlatformError):
    """There is no such thing, or it is not yours."""

    code = "not-found"


class IllegalMove(PlatformError):
    """The state machine forbids this move."""

    code = "illegal-move"


class IdempotencyClash(PlatformError):
    """This idempotency key was already used for a different request."""

    code = "idempotency-clash"


class Unauthorized(PlatformError):
    """Send a valid API key as 'Authorization: Bearer …'."""

    code = "unauthorized"


class Invalid(PlatformError):
    """The request is not valid."""

    code = "invalid"

    def __init__(self, detail: str | None = None, *, problems: Sequence[Problem] = ()) -> None:
        super().__init__(detail)
        self.problems = tuple(problems)


class UnknownChannel(Invalid):
    """There is no such channel."""

    code = "unknown-channel"


class BadCursor(Invalid):
    """This cursor does not continue this list: start again without one."""

    code = "bad-cursor"


class WeightsNotAllowed(Invalid):
    """There are no such weights here; leave them out for the platform's own, or ask its operator to list them."""

    code = "weights-not-allowed"


class BadWebhook(Invalid):
    """The webhook's URL cannot be used."""

    code = "bad-webhook"


class BadFeed(Invalid):
    """This file cannot be read as a product feed."""

    code = "bad-feed"


class BadImage(Invalid):
    """These bytes are not an image that can be used."""

    code = "bad-image"


class TooLarge(PlatformError):
    """The request is larger than the limit."""

    code = "too-large"


class QuotaExceeded(PlatformError):
    """You have as many items as you may."""

    code = "quota-exceeded"

    def __init__(self, detail: str | None = None, *, retry_seconds: int = 30) -> None:
        super().__init__(detail)
        self.retry_seconds = retry_seconds


class LaneFull(PlatformError):
    """Too much waits already."""

    code = "lane-full"

    def __init__(self, detail: str | None = None, *, retry_seconds: int = 30) -> None:
        super().__init__(detail)
        self.retry_seconds = retry_seconds


class NotReady(PlatformError):
    """This is not finished yet."""

    code = "not-ready"


class BadConfiguration(PlatformError):
    """A setting cannot work as it stands."""

    code = "bad-configuration"


class Unreachable(PlatformError):
    """The platform does not answer."""

    code = "unreachable"


class GenerationError(PlatformError):
    """The generator could not produce the item."""

    code = "generation-failed"


class TransientError(GenerationError):
    """The generator could not produce the item this time; another attempt may."""

    code = "generation-interrupted"
