"""Cursors: where a page of a list ended, opaque, and of use to nobody but its owner on the same list."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from adloom.core.errors import BadCursor

T = TypeVar("T")

_TAG_BYTES = 12


@dataclass(frozen=True)
class Page(Generic[T]):
    """A piece of a list, and the cursor to the next one; None where the list ends."""

    rows: Sequence[T]
    next_cursor: str | None


@dataclass(frozen=True)
class Pager:
    """One *owner*'s way through one list; *name* tells the list and its filters from all others."""

    secret: bytes
    owner: str
    name: str
    limit: int
    cursor: str | None

    def after(self) -> str | None:
        """The key of the last row that the caller has seen; None at the start.

        Raises:
            BadCursor: it was made for another list, filter or owner, or by nobody.
        """
        if self.cursor is None:
            return None
        try:
            raw = base64.urlsafe_b64decode(self.cursor + "=" * (-len(self.cursor) % 4))
            tag, last = raw[:_TAG_BYTES], raw[_TAG_BYTES:].decode()
        except (ValueError, binascii.Error):
            raise BadCursor from None
        if not hmac.compare_digest(tag, self._tag(last)):
            raise BadCursor
        return last

    def page(self, rows: Sequence[T], key: Callable[[T], object]) -> Page[T]:
        """The page that *rows* make, of which the query fetched one more than `limit` to see whether there are more."""
        shown = rows[: self.limit]
        return Page(shown, self._cursor(str(key(shown[-1]))) if len(rows) > self.limit else None)

    def _cursor(self, last: str) -> str:
        return base64.urlsafe_b64encode(self._tag(last) + last.encode()).decode().rstrip("=")

    def _tag(self, last: str) -> bytes:
        message = "\0".join(("cursor", self.owner, self.name, last)).encode()
        return hmac.new(self.secret, message, hashlib.sha256).digest()[:_TAG_BYTES]
