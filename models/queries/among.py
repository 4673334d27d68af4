"""Conditions on many ids at once, however many."""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.queries import bulk


def among(session: Session, column: InstrumentedAttribute[UUID], ids: Collection[UUID]) -> sa.ColumnElement[bool]:
    """Whether *column* is one of *ids*, as a single parameter: a list of them ends at 65,535 on PostgreSQL."""
    dialect = session.get_bind().dialect.name
    return among_listed(dialect, column, sa.literal(listed(dialect, ids), sa.Text))


def listed(dialect: str, ids: Collection[UUID]) -> str:
    """*ids* as the text of one parameter of `among_listed`."""
    return bulk.id_array(ids) if dialect == "postgresql" else json.dumps([item.hex for item in ids])


def among_listed(
    dialect: str, column: InstrumentedAttribute[UUID], ids: sa.ColumnElement[str]
) -> sa.ColumnElement[bool]:
    """`among` for a statement that is kept: *ids* is what stands for the text of `listed`."""
    if dialect == "postgresql":
        return column == sa.any_(sa.cast(ids, ARRAY(sa.Uuid())))
    rows: Any = sa.func.json_each(ids).table_valued("value")  # as SQLite stores them
    return column.in_(sa.select(rows.c.value))
