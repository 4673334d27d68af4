"""Whether a process can do its work: the database answers and is migrated, the store takes bytes."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Base
from storage import ObjectStore

DATABASE_TROUBLE = (
    sa.exc.OperationalError,
    sa.exc.InterfaceError,
    sa.exc.TimeoutError,
)  #: passes, or an operator helps

_PROBE = "health/probe"


def schema_gaps(session: Session) -> list[str]:
    """Tables and columns that this code needs and the database lacks; a newer database may well have more."""
    inspector = sa.inspect(session.connection())
    present = {
        table: {column["name"] for column in inspector.get_columns(table)} for table in inspector.get_table_names()
    }
    return [
        f"{table.name}.{column.name}" if table.name in present else table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name not in present.get(table.name, set())
    ]


def database_reason(session: Session) -> str:
    """Why the database cannot be used; empty when it can.  It may also raise one of `DATABASE_TROUBLE`."""
    gaps = schema_gaps(session)
    return f"It is not migrated: {gaps[0]} is missing. Run 'adloom migrate'." if gaps else ""


def store_reason(store: ObjectStore) -> str:
    """Why the store cannot be used; empty when bytes can be written to it and read back."""
    try:
        store.put(_PROBE, b"ok", media_type="text/plain")
        return "" if store.get(_PROBE) == b"ok" else "It does not give back what it was given."
    except Exception as error:  # whatever the disk or the network raises is an answer to this question
        return f"It cannot be written: {type(error).__name__}."
