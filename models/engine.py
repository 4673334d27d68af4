"""Connections: one engine per process, opened by a composition root."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pysqlite3.dbapi2
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from adloom.core.errors import BadConfiguration

SAFE_SQLITE = (3, 51, 3)  # older ones can lose committed pages in WAL mode: sqlite.org/wal.html#walresetbug

BUSY_SECONDS = 30  #: how long a writer waits for SQLite's one write lock
_LOOK_SECONDS = 0.001

DatabaseTrouble = SQLAlchemyError  #: whatever goes wrong between this process and its database

Clock = Callable[[Session], datetime]


class Sessions:
    """Opens sessions.  The commit is the end of the ``with`` block, in the entry point that wrote it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._write = sessionmaker(engine, expire_on_commit=False)
        self._read = sessionmaker(_reading(engine), expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction that may write; on SQLite it takes the write lock at once."""
        with self._write.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One state of the database, whatever others commit meanwhile; never waits for a writer."""
        with self._read.begin() as session:
            yield session


def is_cut_off(error: DatabaseTrouble) -> bool:
    """Whether a connection was ended while it was in use; the next one is a good one."""
    return isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated


def is_of_commit(error: DatabaseTrouble) -> bool:
    """Whether *error* may be that of a COMMIT, whose outcome then nobody knows: all others have a statement."""
    return not (isinstance(error, sa.exc.DBAPIError) and error.statement)


@dataclass(frozen=True)
class Database:
    """One process's way to the truth."""

    engine: sa.Engine
    sessions: Sessions
    now: Clock  #: the database's clock on PostgreSQL, the host's on SQLite

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def open_database(url: str, *, pool_size: int = 5, statement_seconds: int = 0) -> Database:
    """Connect to *url*: ``sqlite:///path`` or ``postgresql+psycopg://…``.

    *statement_seconds*: PostgreSQL ends what takes longer; 0: it may take as long as it takes.

    Raises:
        BadConfiguration: another scheme, or an SQLite library that can lose committed data.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise BadConfiguration("ADLOOM_DATABASE_URL is not a URL: use sqlite:///path or postgresql://…") from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        engine = _sqlite(parsed)
        return Database(engine, Sessions(engine), lambda session: datetime.now(UTC))
    if backend == "postgresql":
        engine = _postgresql(parsed.set(drivername="postgresql+psycopg"), pool_size, statement_seconds)
        return Database(engine, Sessions(engine), _database_now)
    raise BadConfiguration(f"ADLOOM_DATABASE_URL: {backend} is not supported; use sqlite:///path or postgresql://…")


def _reading(engine: sa.Engine) -> sa.Engine:
    """*engine*, for transactions that see one state throughout; SQLite's always do."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine.execution_options(read_only=True)


_NOW = sa.func.clock_timestamp()


def _database_now(session: Session) -> datetime:
    now = session.connection().scalar(_NOW)
    assert isinstance(now, datetime)
    return now.astimezone(UTC)


def _dump_json(value: Any) -> str:  # Any: JSON
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _postgresql(url: sa.URL, pool_size: int, statement_seconds: int) -> sa.Engine:
    return sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=5,
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_use_lifo=True,
        hide_parameters=True,
        json_serializer=_dump_json,
        connect_args={
            "connect_timeout": 5,
            "application_name": "adloom",
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 15000,
            "prepare_threshold": None,  # a plan kept from when the table was small reads all of it for ever
            "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=30s"
            f" -c statement_timeout={statement_seconds}s",
        },
    )


def _sqlite(url: sa.URL) -> sa.Engine:
    if pysqlite3.dbapi2.sqlite_version_info < SAFE_SQLITE:
        raise BadConfiguration(
            f"SQLite {pysqlite3.dbapi2.sqlite_version} can lose committed data in WAL mode: install pysqlite3 0.6.1."
        )
    engine = sa.create_engine(
        url.set(drivername="sqlite+pysqlite"),
        module=pysqlite3.dbapi2,
        hide_parameters=True,
        json_serializer=_dump_json,
        connect_args={"timeout": BUSY_SECONDS},
    )
    engine.dialect.statement_compiler = _LimitsAsNumbers

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:  # Any: a DBAPI connection and the pool's record
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # NORMAL may lose the last commits at a power cut
            "foreign_keys=ON",
            "journal_size_limit=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("read_only", False):
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_writing(connection)

    return engine


class _LimitsAsNumbers(SQLiteCompiler):
    """Writes limits into the statement: SQLite plans a statement anew at every run if its ``LIMIT`` is a parameter."""

    def limit_clause(self, select: Any, **kw: Any) -> str:  # Any: SQLAlchemy's own signature
        clause: str = super().limit_clause(select, literal_execute=True, **kw)  # type: ignore[no-untyped-call]
        return clause


def _begin_writing(connection: sa.Connection) -> None:
    """Take the write lock: a deferred transaction that starts to write gets "database is locked" whatever the time-out.

    SQLite itself would sleep up to a tenth of a second between two looks, in which the lock is mostly free.
    """
    driver: Any = connection.connection.driver_connection  # Any: pysqlite3's own
    until = time.monotonic() + BUSY_SECONDS
    driver.execute("PRAGMA busy_timeout = 0").close()
    try:
        while time.monotonic() < until:
            try:
                driver.execute("BEGIN IMMEDIATE").close()
                return
            except pysqlite3.dbapi2.OperationalError as error:
                if "locked" not in str(error):
                    break  # and say so below
                time.sleep(_LOOK_SECONDS)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS}").close()
    connection.exec_driver_sql("BEGIN IMMEDIATE")
