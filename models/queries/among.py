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
    if session.get_bind().dialect.name == "postgresql":
        return column == sa.any_(sa.cast(sa.literal(bulk.id_array(ids), sa.Text), ARRAY(sa.Uuid())))
    listed: Any = sa.func.json_each(json.dumps([item.hex for item in ids])).table_valued(
        "value"
    )  # as SQLite stores them
    return column.in_(sa.select(listed.c.value))
