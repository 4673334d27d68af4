"""Many rows in one statement, at the price of the database and not of an object per row.

PostgreSQL takes rows by ``COPY`` or as arrays; SQLite runs one prepared statement for each.  Values may be of the
columns' Python types, or already what is stored: an id as hex, JSON as text.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import UTC, datetime
from enum import Enum
from types import MappingProxyType
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
    session: Session,
    table: type[Any],
    columns: Sequence[str],
    rows: Rows,
    *,
    constants: Mapping[str, Value] = MappingProxyType({}),
) -> None:
    """Insert *rows* of *columns*; *constants* are the same in each."""
    plain = _Columns(columns, rows, constants, _dialect(session))
    if not plain.rows:
        return
    if not _is_postgresql(session):
        _execute(session, _insert_one(table.__table__, plain.names), plain.tuples())
        return
    connection: Any = session.connection().connection.driver_connection  # Any: psycopg's own
    statement = f"COPY {table.__tablename__} ({', '.join(plain.names)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(plain.copied())


def upsert(session: Session, table: type[Any], columns: Sequence[str], rows: Rows) -> None:
    """`insert`, but a row whose primary key exists already is overwritten."""
    plain = _Columns(columns, rows, {}, _dialect(session))
    keys = [column.name for column in table.__table__.primary_key]
    kept = ", ".join(f"{name} = excluded.{name}" for name in plain.names if name not in keys)
    conflict = f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {kept}"
    if not _is_postgresql(session):
        _execute(session, _insert_one(table.__table__, plain.names) + conflict, plain.tuples())
        return
    chosen = ", ".join([*plain.varying, *(_cast(table.__table__, name) for name in plain.constants)])
    statement = f"INSERT INTO {table.__tablename__} ({', '.join(plain.names)}) SELECT {chosen} FROM "
    statement += _unnest(table.__table__, plain.varying) + conflict
    _execute(session, statement, (*plain.constants.values(), *plain.arrays()))


def update(
    session: Session, table: type[Any], columns: Sequence[str], rows: Rows, *, raised: Sequence[str] = ()
) -> None:
    """Set *columns*, of which the first is ``id``, in the row of each id; those in *raised* become one more.

    Lock the rows first, in the order of their ids.
    """
    plain = _Columns(columns, rows, {}, _dialect(session))
    name = table.__tablename__
    more = [f"{column} = {name}.{column} + 1" for column in raised]
    if not _is_postgresql(session):
        changed = [f"{column} = ?" for column in (*plain.varying[1:], *plain.constants)]
        _execute(session, f"UPDATE {name} SET {', '.join(changed + more)} WHERE id = ?", plain.tuples(first_last=True))
        return
    changed = [f"{column} = new.{column}" for column in plain.varying[1:]]
    changed += [f"{column} = {_cast(table.__table__, column)}" for column in plain.constants]
    source = _unnest(table.__table__, plain.varying)
    statement = f"UPDATE {name} SET {', '.join(changed + more)} FROM {source} WHERE {name}.id = new.id"
    _execute(session, statement, (*plain.constants.values(), *plain.arrays()))


def id_array(ids: Iterable[UUID]) -> str:
    """*ids* as the text of one PostgreSQL array: many times quicker than handing over a list."""
    return "{" + ",".join([item.hex for item in ids]) + "}"


class _Columns:
    """Rows by column, as the driver stores them; a column that is the same in every row is a constant.

    The first column stands for the row and always varies.
    """

    def __init__(self, names: Sequence[str], rows: Rows, constants: Mapping[str, Value], dialect: str) -> None:
        convert = _CONVERT[dialect]
        self.varying: list[str] = []
        self.values: list[Sequence[Value]] = []
        self.constants = {name: _plain([value], convert)[0] for name, value in constants.items()}
        self.rows = 0
        for name, values in zip(names, zip(*rows, strict=True), strict=False):
            self.rows = len(values)
            if self.varying and values.count(values[0]) == len(values):
                self.constants[name] = _plain(values[:1], convert)[0]
            else:
                self.varying.append(name)
                self.values.append(_plain(values, convert))

    @property
    def names(self) -> list[str]:
        return [*self.varying, *self.constants]

    def tuples(self, *, first_last: bool = False) -> list[tuple[Value, ...]]:
        """A tuple per row: varying values, then constants; *first_last*: the first column at the end."""
        fixed = [itertools.repeat(value) for value in self.constants.values()]
        order = [*self.values[1:], *fixed, *self.values[:1]] if first_last else [*self.values, *fixed]
        return list(zip(*order, strict=False))

    def copied(self) -> str:
        """The rows in the text format of ``COPY``: https://www.postgresql.org/docs/current/sql-copy.html."""
        fixed = "".join(f"\t{text}" for value in self.constants.values() for text in _copied([value])) + "\n"
        rows = zip(*(_copied(values) for values in self.values), strict=True)
        return "".join(["\t".join(row) + fixed for row in rows])

    def arrays(self) -> list[str]:
        """Each varying column as the text of an array."""
        return ["{" + ",".join(_elements(values)) + "}" for values in self.values]


def _plain(values: Sequence[Value], convert: Mapping[type, Callable[[Any], Any]]) -> Sequence[Value]:  # Any: one type
    types = set(map(type, values))
    if types <= _PLAIN:
        return values
    return [value.value if isinstance(value, Enum) else convert.get(type(value), _same)(value) for value in values]


def _same(value: Value) -> Value:
    return value


def _copied(values: Sequence[Value]) -> list[str]:
    if set(map(type, values)) <= {int, float, bool}:
        return list(map(str, values))
    return ["\\N" if value is None else _escape(str(value)) for value in values]


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _elements(values: Sequence[Value]) -> list[str]:
    if set(map(type, values)) <= {int, float, bool}:
        return list(map(str, values))
    return ["NULL" if value is None else _quote(str(value)) for value in values]


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_postgresql(session: Session) -> bool:
    return _dialect(session) == "postgresql"


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _execute(session: Session, statement: str, parameters: Any) -> None:  # Any: a tuple, or a list of them
    if parameters:
        session.connection().exec_driver_sql(statement, parameters)


def _insert_one(table: sa.Table, names: Sequence[str]) -> str:
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def _unnest(table: sa.Table, names: Sequence[str]) -> str:
    """One array per column as the rows of ``new``."""
    casts = ", ".join(f"CAST(%s AS {_type(table, name)}[])" for name in names)
    return f"unnest({casts}) AS new({', '.join(names)})"


def _cast(table: sa.Table, name: str) -> str:
    return f"CAST(%s AS {_type(table, name)})"


def _type(table: sa.Table, name: str) -> str:
    return str(table.c[name].type.compile(dialect=_POSTGRESQL))


_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]

_PLAIN: Set[type] = {str, int, float, bool, type(None)}
_CONVERT: Mapping[str, Mapping[type, Callable[[Any], Any]]] = {  # Any: one type each
    "postgresql": {UUID: lambda value: value.hex, dict: dump_json, list: dump_json, datetime: datetime.isoformat},
    "sqlite": {
        UUID: lambda value: value.hex,
        dict: dump_json,
        list: dump_json,
        # as SQLAlchemy writes them
        datetime: lambda value: value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
    },
}
