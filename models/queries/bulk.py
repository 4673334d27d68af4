"""Many rows in one statement, at the price of the database and not of an object per row.

PostgreSQL takes rows by ``COPY`` or as arrays, SQLite as ``VALUES``.  What is the same in every row is sent once:
SQLite takes longer to be handed a value than to write it.  Values may be of the columns' Python types, or already what
is stored: an id as hex, JSON as text.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

Value = Any  # Any: whatever a column may hold
Columns = Mapping[str, Sequence[Value]]  #: by name, all of one length

ROWS = 256  #: in one statement on SQLite, which takes 32,766 values at most


def dump_json(value: Any) -> str:  # Any: JSON
    """*value* as compact JSON: how every JSON column is written."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def by_column(names: Sequence[str], rows: Iterable[Sequence[Value]]) -> dict[str, Sequence[Value]]:
    """*rows* of values of *names* as columns."""
    return dict(zip(names, zip(*rows, strict=True), strict=False))  # without rows there are no columns either


def insert(
    session: Session,
    table: type[Any],
    columns: Columns,
    *,
    constants: Mapping[str, Value] = MappingProxyType({}),
) -> None:
    """Insert rows of *columns*; *constants* are the same in each."""
    plain = _Columns(columns, constants, _dialect(session))
    if not _is_postgresql(session):
        _insert(session, table, plain)
    elif plain.rows:
        connection: Any = session.connection().connection.driver_connection  # Any: psycopg's own
        statement = f"COPY {table.__tablename__} ({', '.join(plain.names)}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(plain.copied())


def upsert(session: Session, table: type[Any], columns: Columns) -> None:
    """`insert`, but a row whose primary key exists already is overwritten."""
    plain = _Columns(columns, {}, _dialect(session))
    keys = [column.name for column in table.__table__.primary_key]
    kept = ", ".join(f"{name} = excluded.{name}" for name in plain.names if name not in keys)
    # the condition keeps SQLite from reading ON as a join's
    _insert(session, table, plain, f" WHERE true ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {kept}")


def _insert(session: Session, table: type[Any], plain: "_Columns", conflict: str = "") -> None:
    chosen = ", ".join([*(f"new.{name}" for name in plain.varying), *_marks(session, table.__table__, plain.constants)])
    into = f"INSERT INTO {table.__tablename__} ({', '.join(plain.names)}) SELECT {chosen} FROM new{conflict}"
    _execute(session, table.__table__, plain, into)


def update(
    session: Session,
    table: type[Any],
    columns: Columns,
    *,
    constants: Mapping[str, Value] = MappingProxyType({}),
    raised: Sequence[str] = (),
) -> None:
    """Set *columns*, of which the first is ``id``, in the row of each id; those in *raised* become one more.

    *constants* are the same in each.  Lock the rows first, in the order of their ids.
    """
    plain = _Columns(columns, constants, _dialect(session))
    name = table.__tablename__
    marks = _marks(session, table.__table__, plain.constants)
    changed = [f"{column} = {mark}" for column, mark in zip(plain.constants, marks, strict=True)]
    changed += [f"{column} = new.{column}" for column in plain.varying[1:]]
    changed += [f"{column} = {name}.{column} + 1" for column in raised]
    statement = f"UPDATE {name} SET {', '.join(changed)} FROM new WHERE {name}.id = new.id"
    _execute(session, table.__table__, plain, statement)


def id_array(ids: Iterable[UUID]) -> str:
    """*ids* as the text of one PostgreSQL array: many times quicker than handing over a list."""
    return "{" + ",".join([item.hex for item in ids]) + "}"


class _Columns:
    """Columns of rows, as the driver stores them; a column that is the same in every row is a constant.

    The first column stands for the row and always varies.
    """

    def __init__(self, columns: Columns, constants: Mapping[str, Value], dialect: str) -> None:
        convert = _CONVERT[dialect]
        self.varying: list[str] = []
        self.values: list[Sequence[Value]] = []
        self.constants = {name: _plain([value], convert)[0] for name, value in constants.items()}
        self.rows = 0
        for name, values in columns.items():
            self.rows = len(values)
            if self.varying and values.count(values[0]) == len(values):
                self.constants[name] = _plain(values[:1], convert)[0]
            else:
                self.varying.append(name)
                self.values.append(_plain(values, convert))

    @property
    def names(self) -> list[str]:
        return [*self.varying, *self.constants]

    def chunks(self, size: int) -> Iterator[list[tuple[Value, ...]]]:
        """The varying values of at most *size* rows at a time."""
        rows = zip(*self.values, strict=True)
        while chunk := list(itertools.islice(rows, size)):
            yield chunk

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
    if len(types) == 1:
        return list(map(_converter(types.pop(), convert), values))
    return [_converter(type(value), convert)(value) for value in values]


def _converter(kind: type, convert: Mapping[type, Callable[[Any], Any]]) -> Callable[[Any], Any]:  # Any: of that type
    return convert.get(kind, _VALUE if issubclass(kind, Enum) else _same)


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


def _execute(session: Session, table: sa.Table, plain: "_Columns", statement: str) -> None:
    """Run *statement*, in which ``new`` is a table of the rows' varying columns and every constant a mark."""
    if not plain.rows:
        return
    names = ", ".join(plain.varying)
    constants = tuple(plain.constants.values())
    if _is_postgresql(session):
        arrays = ", ".join(f"CAST(%s AS {_type(table, name)}[])" for name in plain.varying)
        new = f"WITH new ({names}) AS (SELECT * FROM unnest({arrays})) "
        session.connection().exec_driver_sql(new + statement, (*plain.arrays(), *constants))
        return
    row = f"({', '.join('?' * len(plain.varying))})"
    for rows in plain.chunks(ROWS):
        new = f"WITH new ({names}) AS (VALUES {', '.join([row] * len(rows))}) "
        values = tuple(itertools.chain.from_iterable(rows))
        session.connection().exec_driver_sql(new + statement, values + constants)


def _marks(session: Session, table: sa.Table, names: Iterable[str]) -> list[str]:
    if _is_postgresql(session):
        return [f"CAST(%s AS {_type(table, name)})" for name in names]
    return ["?" for _ in names]


@cache  # compiled, it costs as much as a row
def _type(table: sa.Table, name: str) -> str:
    return str(table.c[name].type.compile(dialect=_POSTGRESQL))


_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]

_HEX, _VALUE = attrgetter("hex"), attrgetter("value")
_PLAIN: Set[type] = {str, int, float, bool, type(None)}
_CONVERT: Mapping[str, Mapping[type, Callable[[Any], Any]]] = {  # Any: one type each
    "postgresql": {UUID: _HEX, dict: dump_json, list: dump_json, datetime: datetime.isoformat},
    "sqlite": {
        UUID: _HEX,
        dict: dump_json,
        list: dump_json,
        # as SQLAlchemy writes them
        datetime: lambda value: value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
    },
}
