"""API keys: minted once, shown once, kept as a hash, and looked up on every request.

A key reads ``adl_<id>_<secret>``.  The id is public and finds the row; the secret has 256 bits, so an HMAC without
stretching keeps it.
"""

import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from adloom.core.errors import BadConfiguration, NotFound, Unauthorized
from models.queries import keys

_BASE62 = string.digits + string.ascii_letters
_ID_LENGTH, _SECRET_LENGTH = 12, 43
_KEY = re.compile(rf"adl_([0-9A-Za-z]{{{_ID_LENGTH}}})_([0-9A-Za-z]{{{_SECRET_LENGTH}}})")
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")  # also a folder in the object store
_USED = timedelta(minutes=1)  #: how exact ``last_used_at`` is: reads should not all become writes


@dataclass(frozen=True)
class Minted:
    """A new key: *id* is public, *key* is shown once and never again."""

    id: str
    key: str


@dataclass(frozen=True)
class Caller:
    """Who asks: the owner behind a valid key.  *noted* says that the key was seen in use less than a minute ago."""

    owner: str
    key_id: str
    noted: bool


@dataclass(frozen=True)
class KeyView:
    """A key as its operator sees it."""

    id: str
    owner: str
    name: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def mint_key(session: Session, *, owner: str, name: str, pepper: bytes, now: datetime) -> Minted:
    """Make a key for *owner*.

    Raises:
        BadConfiguration: the owner's name is not one.
    """
    if not is_owner(owner):
        raise BadConfiguration("An owner is named by 1 to 63 letters, digits, hyphens or underscores.")
    key_id, secret = _random(_ID_LENGTH), _random(_SECRET_LENGTH)
    row = {"id": key_id, "owner": owner, "name": name, "secret_hash": _hash(secret, pepper), "created_at": now}
    keys.add(session, row)
    return Minted(key_id, f"adl_{key_id}_{secret}")


def authenticate(session: Session, presented: str, *, pepper: bytes, now: datetime) -> Caller:
    """The owner of the key that a caller presents.

    Raises:
        Unauthorized: malformed, unknown, wrong or revoked; which of them is not told, nor does the time tell it.
    """
    match = _KEY.fullmatch(presented)
    key_id, secret = match.groups() if match else ("", "")
    row = keys.by_id(session, key_id)
    right = hmac.compare_digest(_hash(secret, pepper), row.secret_hash if row else "")  # an unknown id costs the same
    if row is None or not right or row.revoked_at is not None:
        raise Unauthorized
    return Caller(row.owner, row.id, noted=row.last_used_at is not None and now - row.last_used_at < _USED)


def note_use(session: Session, caller: Caller, *, now: datetime) -> None:
    """Remember that the caller's key is in use."""
    keys.touch(session, caller.key_id, now=now)


def is_owner(name: str) -> bool:
    """Whether an owner can have this name."""
    return _OWNER.fullmatch(name) is not None


def list_keys(session: Session) -> list[KeyView]:
    """Every key, oldest first, without any secret."""
    return [
        KeyView(row.id, row.owner, row.name, row.created_at, row.last_used_at, row.revoked_at)
        for row in keys.in_order(session)
    ]


def revoke_key(session: Session, key_id: str, *, now: datetime) -> None:
    """Take a key out of use at once.

    Raises:
        NotFound: there is no such key.
    """
    if not keys.revoke(session, key_id, now=now):
        raise NotFound(f"There is no key {key_id}.")


def _random(length: int) -> str:
    return "".join(secrets.choice(_BASE62) for _ in range(length))


def _hash(secret: str, pepper: bytes) -> str:
    return hmac.new(pepper, secret.encode(), hashlib.sha256).hexdigest()
