"""What sessions promise on both databases."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from models import Database, DatabaseTrouble, Item, open_database
from tests.conftest import FreshDatabase

ADD = sa.text("INSERT INTO fair_shares VALUES ('copy', 0, :owner, 0)")
COUNT = sa.text("SELECT count(*) FROM fair_shares")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.close()


def test_two_reads_see_the_same_though_a_write_commits_in_between(database: Database) -> None:
    with database.sessions.read() as reading:
        before = reading.scalar(COUNT)
        with database.sessions.begin() as writing:
            writing.execute(ADD, {"owner": "me"})
        assert reading.scalar(COUNT) == before == 0

    with database.sessions.read() as reading:
        assert reading.scalar(COUNT) == 1


def test_a_session_for_writing_follows_one_for_reading_on_the_same_connection(database: Database) -> None:
    with database.sessions.read() as reading:
        reading.scalar(COUNT)
    with database.sessions.begin() as writing:
        writing.execute(ADD, {"owner": "me"})
        if database.engine.dialect.name == "postgresql":
            assert writing.scalar(sa.text("SHOW transaction_isolation")) == "read committed"


def test_sqlite_need_not_plan_a_statement_anew_for_its_limit(fresh_database: FreshDatabase) -> None:
    database = open_database(fresh_database("sqlite"))
    sent: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: sent.append(arguments[2]))

    for limit in (3, 4):
        with database.sessions.read() as reading:
            reading.scalars(sa.select(Item.id).limit(limit)).all()

    assert [statement.split("LIMIT")[1].split()[0] for statement in sent if "LIMIT" in statement] == ["3", "4"]
    database.close()


def test_postgresql_refuses_to_write_while_reading(fresh_database: FreshDatabase) -> None:
    database = open_database(fresh_database("postgresql"))
    with pytest.raises(DatabaseTrouble, match="read-only"), database.sessions.read() as reading:
        reading.execute(ADD, {"owner": "me"})
    database.close()
