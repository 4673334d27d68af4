"""Many rows in one statement, at the price of the database and not of an object per row.

PostgreSQL takes rows by ``COPY`` or as arrays; SQLite runs one prepared statement for each.  Values may be of the
columns' Python types, or already what is stored: an id as hex, JSON as text.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

Value = Any  # Any: whatever a column may hold
Rows = Iterable[Sequence[Value]]


def dump_json(value: Any) -> str:  # Any: JSON
    """*value* as compact JSON: how every JSON column is written."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def insert(
    session: Session, table: type[Any], columns: Sequence[str], rows: Rows, *, constants: Mapping[str, Value]
) -> None:
    """Insert *rows* of *columns*; *constants* are the same in each."""
    if _is_postgresql(session):
        _copy(session, table.__table__, columns, rows, constants)
    else:
        _run_for_each(session, _insert_one(table.__table__, [*columns, *constants]), rows, constants.values())


def upsert(
    session: Session, table: type[Any], columns: Sequence[str], rows: Rows, *, constants: Mapping[str, Value]
) -> None:
    """`insert`, but a row whose primary key exists already is overwritten."""
    names = [*columns, *constants]
    keys = [column.name for column in table.__table__.primary_key]
    kept = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    conflict = f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {kept}"
    if not _is_postgresql(session):
        _run_for_each(session, _insert_one(table.__table__, names) + conflict, rows, constants.values())
        return
    source, arrays = _unnested(table.__table__, columns, rows)
    chosen = ", ".join([*columns, *(_cast(table.__table__, name) for name in constants)])
    statement = f"INSERT INTO {table.__tablename__} ({', '.join(names)}) SELECT {chosen} FROM {source}{conflict}"
    _execute(session, statement, (*_plain(constants.values(), _POSTGRESQL), *arrays))


def update(
    session: Session,
    table: type[Any],
    columns: Sequence[str],
    rows: Rows,
    *,
    constants: Mapping[str, Value],
    raised: Sequence[str] = (),
) -> None:
    """Set *columns*, of which the first is ``id``, in the row of each id, and *constants* in all of them.

    Columns in *raised* become one more than they were.  Lock the rows first, in the order of their ids.
    """
    more = [f"{name} = {table.__tablename__}.{name} + 1" for name in raised]
    if _is_postgresql(session):
        changed = [f"{name} = new.{name}" for name in columns[1:]]
        changed += [f"{name} = {_cast(table.__table__, name)}" for name in constants]
        source, arrays = _unnested(table.__table__, columns, rows)
        statement = f"UPDATE {table.__tablename__} SET {', '.join(changed + more)} FROM {source}"
        statement += f" WHERE {table.__tablename__}.id = new.id"
        _execute(session, statement, (*_plain(constants.values(), _POSTGRESQL), *arrays))
        return
    changed = [f"{name} = ?" for name in (*columns[1:], *constants)]
    statement = f"UPDATE {table.__tablename__} SET {', '.join(changed + more)} WHERE id = ?"
    fixed = tuple(_plain(constants.values(), _SQLITE))
    plain = (_plain(row, _SQLITE) for row in rows)
    _execute(session, statement, [(*row[1:], *fixed, row[0]) for row in plain])


def id_array(ids: Iterable[UUID]) -> str:
    """*ids* as the text of one PostgreSQL array: many times quicker than handing over a list."""
    return "{" + ",".join([item.hex for item in ids]) + "}"


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _execute(session: Session, statement: str, parameters: Any) -> None:  # Any: a tuple, or a list of them
    if parameters:
        session.connection().exec_driver_sql(statement, parameters)


def _insert_one(table: sa.Table, names: Sequence[str]) -> str:
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def _run_for_each(session: Session, statement: str, rows: Rows, constants: Iterable[Value]) -> None:
    fixed = tuple(_plain(constants, _SQLITE))
    _execute(session, statement, [(*_plain(row, _SQLITE), *fixed) for row in rows])


def _copy(
    session: Session, table: sa.Table, columns: Sequence[str], rows: Rows, constants: Mapping[str, Value]
) -> None:
    """One ``COPY`` in text format: https://www.postgresql.org/docs/current/sql-copy.html."""
    fixed = "".join(f"\t{_copied(value)}" for value in _plain(constants.values(), _POSTGRESQL)) + "\n"
    lines = ["\t".join([_copied(value) for value in _plain(row, _POSTGRESQL)]) + fixed for row in rows]
    if not lines:
        return
    connection: Any = session.connection().connection.driver_connection  # Any: psycopg's own
    statement = f"COPY {table.name} ({', '.join([*columns, *constants])}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("".join(lines))


def _copied(value: Value) -> str:
    if value is None:
        return "\\N"
    text = str(value)
    if text.isalnum():
        return text
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _unnested(table: sa.Table, columns: Sequence[str], rows: Rows) -> tuple[str, list[str]]:
    """*rows* as one array per column, under the name ``new``, and the arrays as text."""
    arrays = [_array(values) for values in zip(*(_plain(row, _POSTGRESQL) for row in rows), strict=True)]
    casts = ", ".join(f"CAST(%s AS {_type(table, name)}[])" for name in columns)
    return f"unnest({casts}) AS new({', '.join(columns)})", arrays


def _array(values: Iterable[Value]) -> str:
    return "{" + ",".join([_element(value) for value in values]) + "}"


def _element(value: Value) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def _cast(table: sa.Table, name: str) -> str:
    return f"CAST(%s AS {_type(table, name)})"


def _type(table: sa.Table, name: str) -> str:
    return str(table.c[name].type.compile(dialect=_DIALECT))


_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

Convert = Mapping[type, Callable[[Any], Any]]  # Any: one type each

_SHARED: Convert = {UUID: lambda value: value.hex, dict: dump_json, list: dump_json}
_POSTGRESQL: Convert = {**_SHARED, datetime: datetime.isoformat}
_SQLITE: Convert = {
    **_SHARED,
    datetime: lambda value: value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),  # as SQLAlchemy writes them
}


def _plain(row: Iterable[Value], convert: Convert) -> list[Value]:
    """What the driver stores."""
    found = []
    for value in row:
        change = convert.get(type(value))
        if change is not None:
            value = change(value)
        elif isinstance(value, Enum):
            value = value.value
        found.append(value)
    return found
