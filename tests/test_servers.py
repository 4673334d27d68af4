"""The private servers and fresh databases that other tests stand on."""

import kombu
import pytest
import redis

from migrations.upgrade import current, newest
from models import open_database
from tests.conftest import FreshDatabase
from tests.servers import find_rabbitmq, rabbitmq_server, redis_server


def test_a_fresh_database_is_at_the_newest_revision(database_url: str) -> None:
    database = open_database(database_url)
    try:
        with database.engine.begin() as connection:
            assert current(connection) == newest()
    finally:
        database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_fresh_databases_of_one_test_are_two(kind: str, fresh_database: FreshDatabase) -> None:
    assert fresh_database(kind) != fresh_database(kind)


def test_a_server_ends_with_its_block() -> None:
    with redis_server() as url:
        assert redis.Redis.from_url(url).ping()
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(url).ping()


@pytest.mark.slow
@pytest.mark.skipif(find_rabbitmq() is None, reason="RabbitMQ is not installed: apt-get install rabbitmq-server")
def test_a_broker_starts_as_anyone_and_ends_with_its_block() -> None:
    with rabbitmq_server() as url, kombu.Connection(url) as connection:
        queue = kombu.Queue("q", kombu.Exchange("q"), "q", queue_arguments={"x-queue-type": "quorum"})
        messages = connection.SimpleQueue(queue)
        messages.put("hello")
        assert messages.get(timeout=10).payload == "hello"
    with pytest.raises(OSError, match="refused"):
        kombu.Connection(url).connect()
