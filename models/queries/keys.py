"""Questions about API keys: whose is this one, which are there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.key import ApiKey


def add(session: Session, row: dict[str, Any]) -> None:
    """Insert a key."""
    session.execute(sa.insert(ApiKey), [row])


def by_id(session: Session, key_id: str) -> ApiKey | None:
    """The key with this public part, revoked or not."""
    return session.get(ApiKey, key_id)


def in_order(session: Session) -> Sequence[ApiKey]:
    """Every key of every owner, oldest first."""
    return session.scalars(sa.select(ApiKey).order_by(ApiKey.created_at, ApiKey.id)).all()


def touch(session: Session, key_id: str, *, now: datetime) -> None:
    """Note that a key is in use."""
    session.execute(sa.update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=now))


def revoke(session: Session, key_id: str, *, now: datetime) -> bool:
    """Take a key out of use; False where there is none.  The first revocation's instant stays."""
    revoked_at = sa.func.coalesce(ApiKey.revoked_at, sa.literal(now, ApiKey.revoked_at.type))
    found = session.scalar(
        sa.update(ApiKey).where(ApiKey.id == key_id).values(revoked_at=revoked_at).returning(ApiKey.id)
    )
    return found is not None
