"""Migrating waits for its turn, and loses no row."""

import threading
import time

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from migrations.upgrade import alone, upgrade
from models import open_database
from tests.conftest import FreshDatabase

FEED = "INSERT INTO feeds VALUES ('f', 'me', 'feed.tsv', 'tsv', '[]', '2026-01-01')"
IMAGE = "INSERT INTO feed_images (feed_id, reference) VALUES ('f', 'a.jpg')"


@pytest.fixture
def with_a_feed(fresh_database: FreshDatabase) -> str:
    """The URL of an SQLite database with one feed and one image of it."""
    url = fresh_database("sqlite")
    database = open_database(url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql(FEED)
        connection.exec_driver_sql(IMAGE)
    database.close()
    return url


def images(url: str) -> int:
    database = open_database(url)
    with database.engine.connect() as connection:
        number = connection.exec_driver_sql("SELECT count(*) FROM feed_images").scalar()
    database.close()
    return int(number or 0)


def test_rebuilding_a_table_keeps_what_refers_to_it(with_a_feed: str) -> None:
    with alone(with_a_feed) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("feeds", recreate="always") as feeds:
            feeds.add_column(sa.Column("added", sa.String()))

    assert images(with_a_feed) == 1


def test_a_migration_that_breaks_a_reference_changes_nothing(with_a_feed: str) -> None:
    with pytest.raises(RuntimeError, match="1 rows of feed_images"), alone(with_a_feed) as connection:
        connection.exec_driver_sql("DELETE FROM feeds")

    assert images(with_a_feed) == 1
    with alone(with_a_feed) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM feeds").scalar() == 1


@pytest.mark.slow
def test_a_second_migration_waits_for_the_first_however_long_it_takes(fresh_database: FreshDatabase) -> None:
    url = fresh_database("postgresql")
    second = threading.Thread(target=upgrade, args=[url])
    with alone(url):
        second.start()
        time.sleep(11)  # other statements give up after 10 seconds: that is what the wait must not do
        assert second.is_alive()
    second.join(10)
    assert not second.is_alive()
