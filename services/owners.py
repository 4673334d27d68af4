"""Owners as their operator sees and sets them: weight, tier, quotas."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from adloom.core.errors import BadConfiguration
from models.queries import owners
from services.keys import is_owner


@dataclass(frozen=True)
class OwnerView:
    """One owner; a quota that is None is the platform's default, 0 is none."""

    owner: str
    tier: str
    weight: float
    max_waiting: int | None
    max_daily: int | None


def list_owners(session: Session) -> list[OwnerView]:
    """Every owner that has submitted or been set, by name."""
    return [
        OwnerView(row.owner, row.tier, row.weight, row.max_waiting, row.max_daily) for row in owners.in_order(session)
    ]


def set_owner(session: Session, owner: str, **values: Any) -> None:  # Any: column values
    """Set some of an owner's weight, tier, max_waiting, max_daily; what is not named stays.

    Raises:
        BadConfiguration: a value cannot work.
    """
    if not is_owner(owner):
        raise BadConfiguration("An owner is named by 1 to 63 letters, digits, hyphens or underscores.")
    if not 0.001 <= values.get("weight", 1.0) <= 1000:
        raise BadConfiguration("A weight lies between 0.001 and 1000; 1 is what everybody has.")
    if any((values.get(name) or 0) < 0 for name in ("max_waiting", "max_daily")):
        raise BadConfiguration("A quota is 0, for none, or more.")
    if not is_owner(values.get("tier", "standard")):
        raise BadConfiguration("A tier is named by 1 to 63 letters, digits, hyphens or underscores.")
    owners.put(session, owner, **values)
