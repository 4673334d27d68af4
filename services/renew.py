"""Keep leases alive, and learn which are gone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from models.queries import items


def renew_leases(session: Session, held: Mapping[UUID, int], *, lease_seconds: float, now: datetime) -> set[UUID]:
    """Extend the leases on *held*, item -> fence.  Returns those that are lost: cancelled, swept, or someone else's."""
    if not held:
        return set()
    return set(held) - items.renew(session, held, until=now + timedelta(seconds=lease_seconds))
