"""What handlers are given: the parts of this process, the caller's owner, the page that is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Header, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from adloom.core.errors import Unauthorized
from adloom.core.kinds import Kind
from broker import Ringer
from models import Database
from services.admit import NO_LIMITS, Limits
from services.cursors import Pager
from services.keys import authenticate, note_use
from services.specs import Rules
from storage import ObjectStore, Reach


@dataclass(frozen=True)
class Parts:
    """Everything a handler works with, put together once per process by the composition root."""

    database: Database
    store: ObjectStore
    ringer: Ringer
    kinds: Mapping[str, Kind]
    pepper: bytes
    max_job_items: int
    resolve_weights: Callable[[str, str], str]
    webhooks: Reach | None  #: where webhooks may lead; None: none are sent
    limits: Limits = NO_LIMITS

    def rules(self, owner: str) -> Rules:
        """What this owner's specs are checked against."""
        return Rules(self.kinds, owner, self.max_job_items, self.resolve_weights)

    def pager(self, owner: str, name: str, asked: "Asked") -> Pager:
        """The owner's way through the list *name*."""
        return Pager(self.pepper, owner, name, asked.limit, asked.cursor)


async def _parts(request: Request) -> Parts:  # async, or FastAPI would have it done by another thread
    return cast(Parts, request.app.state.parts)


PartsDep = Annotated[Parts, Depends(_parts)]

_bearer = HTTPBearer(auto_error=False, scheme_name="API key", description="A key of the form adl_…, sent as Bearer.")


def _owner(parts: PartsDep, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str:
    """The owner behind the presented key: the only place an owner ever comes from."""
    if credentials is None:
        raise Unauthorized
    with parts.database.sessions.read() as session:
        now = parts.database.now(session)
        caller = authenticate(session, credentials.credentials, pepper=parts.pepper, now=now)
    if not caller.noted:
        with parts.database.sessions.begin() as session:
            note_use(session, caller, now=now)
    return caller.owner


Owner = Annotated[str, Depends(_owner)]

PLAIN = r"^[^\x00-\x1f\x7f]+$"  #: text without control characters, which no name has and no database wants

Cursor = Annotated[
    str | None,
    Query(max_length=3000, pattern=r"^[A-Za-z0-9_-]+$", description="`next_cursor` of the page before."),
]
Limit = Annotated[int, Query(ge=1, le=200, description="Rows per page.")]


@dataclass(frozen=True)
class Asked:
    """The page that a caller asks for."""

    cursor: str | None
    limit: int


async def _asked(cursor: Cursor = None, limit: Limit = 50) -> Asked:
    return Asked(cursor, limit)


AskedPage = Annotated[Asked, Depends(_asked)]


async def _raw_body(request: Request) -> bytes:
    """The body as it came, whatever its Content-Type says: curl calls every file a form."""
    return await request.body()


RawBody = Annotated[bytes, Depends(_raw_body)]

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Sending a request again with the same key makes no second job.",
    ),
]

BrandName = Annotated[str, Path(min_length=1, max_length=100, pattern=PLAIN, description="Your own name for it.")]
