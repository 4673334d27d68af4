"""Bring a database to the newest revision."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from models import open_database


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at *url* to *revision*.  Only one caller works at a time; the others then find it done."""
    with alone(url) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database at *url* back to *revision*."""
    with alone(url) as connection:
        command.downgrade(_config(connection), revision)


@contextmanager
def alone(url: str) -> Iterator[sa.Connection]:
    """The connection on which to migrate: one transaction, while nobody else migrates."""
    database = open_database(url)
    try:
        with database.engine.connect() as connection:
            sqlite = connection.dialect.name == "sqlite"
            if sqlite:  # it rebuilds tables, and to drop the old one would delete all that refers to it
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")  # inside a transaction: ignored
            with connection.begin():  # SQLite: the write lock; PostgreSQL: the lock of `_wait_for_turn`
                if not sqlite:
                    _wait_for_turn(connection)
                yield connection
                if sqlite:
                    _check_references(connection)
    finally:
        database.close()


def _wait_for_turn(connection: sa.Connection) -> None:
    connection.execute(sa.text("SET LOCAL lock_timeout = 0"))  # another's migration may take minutes
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(7236145)"))
    connection.execute(sa.text("SET LOCAL lock_timeout TO DEFAULT"))


def _check_references(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise RuntimeError(f"{len(broken)} rows of {tables} would refer to nothing: the database was left as it was.")


def newest() -> str:
    """The revision that this code expects."""
    script = ScriptDirectory(str(Path(__file__).parent))
    head = script.get_current_head()
    assert head is not None
    return head


def current(connection: sa.Connection) -> str | None:
    """The revision that a database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()
