"""The platform on the embedded default and on PostgreSQL with Redis."""

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


@pytest.fixture(params=["embedded", "servers"])
def start_platform(request: pytest.FixtureRequest, tmp_path: Path, fresh_database: FreshDatabase) -> Starter:
    """Start a platform with extra settings: SQLite and files, or PostgreSQL and Redis."""

    def start(settings: Mapping[str, str]) -> AbstractContextManager[Platform]:
        if request.param == "embedded":
            return platform(tmp_path / "home", settings=settings)
        return platform(
            tmp_path / "home",
            database_url=fresh_database("postgresql"),
            broker_url=request.getfixturevalue("redis_url"),
            settings=settings,
        )

    return start
