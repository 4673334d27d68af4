"""Questions about brand kits.  Every one is asked on behalf of an owner."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.brand import StoredBrand


def put(session: Session, row: dict[str, Any]) -> None:
    """Insert or replace a brand; two writers at once both succeed, and the later one stands."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    key = ("owner", "name")
    changed = {column: value for column, value in row.items() if column not in key}
    session.execute(insert(StoredBrand).values(**row).on_conflict_do_update(index_elements=key, set_=changed))


def by_name(session: Session, *, owner: str, name: str) -> StoredBrand | None:
    """The brand that the owner calls *name*."""
    return session.scalar(
        sa.select(StoredBrand)
        .where(StoredBrand.owner == owner, StoredBrand.name == name)
        .execution_options(populate_existing=True)
    )


def page(session: Session, *, owner: str, after: str = "", limit: int) -> Sequence[StoredBrand]:
    """The owner's brands by name, from behind *after*."""
    rows = sa.select(StoredBrand).where(StoredBrand.owner == owner, StoredBrand.name > after)
    return session.scalars(rows.order_by(StoredBrand.name).limit(limit)).all()


def names(session: Session, *, owner: str) -> Sequence[str]:
    """What the owner calls its brands."""
    return session.scalars(sa.select(StoredBrand.name).where(StoredBrand.owner == owner)).all()
