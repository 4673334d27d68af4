"""The platform on each of its transports, and on both databases."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.conftest import FreshDatabase
from tests.platforms import Platform, platform
from tests.tiny import make_tiny_weights

Starter = Callable[[Mapping[str, str]], AbstractContextManager[Platform]]


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny language model."""
    return make_tiny_weights(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(params=["embedded", "servers", "rabbitmq", "polling"])
def start_platform(request: pytest.FixtureRequest, tmp_path: Path, fresh_database: FreshDatabase) -> Starter:
    """Start a platform with extra settings.

    SQLite and files; PostgreSQL and Redis; PostgreSQL and RabbitMQ; SQLite without a broker.
    """
    brokers = {"servers": "redis_url", "rabbitmq": "rabbitmq_url"}

    def start(settings: Mapping[str, str]) -> AbstractContextManager[Platform]:
        if request.param not in brokers:
            broker_url = "none:" if request.param == "polling" else ""
            return platform(tmp_path / "home", broker_url=broker_url, settings=settings)
        return platform(
            tmp_path / "home",
            database_url=fresh_database("postgresql"),
            broker_url=request.getfixturevalue(brokers[request.param]),
            settings=settings,
        )

    return start
