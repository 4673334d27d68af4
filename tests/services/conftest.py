"""A fresh database for every test of a service, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from models import Database, Sessions, open_database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open, migrated, empty database."""
    database = open_database(database_url)
    yield database
    database.close()


@pytest.fixture
def sessions(database: Database) -> Sessions:
    """Its sessions."""
    return database.sessions
