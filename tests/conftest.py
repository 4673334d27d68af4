"""Parts that many tests need: private servers and fresh databases, made only when a test asks for one."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from migrations import upgrade
from tests.servers import NotInstalled, postgres_database, postgres_server, rabbitmq_server, redis_server

os.environ["HF_HUB_OFFLINE"] = "1"  # before anyone imports transformers: no test may need the network

FreshDatabase = Callable[[str], str]  #: kind -> URL


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A private PostgreSQL; tests want `database_url`, a fresh database, instead."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A private Redis, shared by the tests of this run: use a queue or a key prefix of your own."""
    with redis_server() as url:
        yield url


@pytest.fixture(scope="session")
def rabbitmq_url() -> Iterator[str]:
    """A private RabbitMQ, shared by the tests of this run; where the machine has none, they are skipped."""
    with ExitStack() as started:
        try:
            url = started.enter_context(rabbitmq_server())
        except NotInstalled as error:
            pytest.skip(str(error))
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the schema, to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "adloom.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_template(postgres_url: str) -> Iterator[str]:
    """The name of a PostgreSQL database with the schema, to copy."""
    with postgres_database(postgres_url, "migrated") as url:
        upgrade(url)
        yield "migrated"


@pytest.fixture
def fresh_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FreshDatabase]:
    """``fresh_database("sqlite")`` or ``("postgresql")``: the URL of a new, migrated database, gone after the test."""
    numbers = itertools.count(1)
    with ExitStack() as databases:

        def make(kind: str) -> str:
            if kind == "sqlite":
                path = tmp_path / f"database-{next(numbers)}.db"
                shutil.copyfile(request.getfixturevalue("migrated_file"), path)
                return f"sqlite:///{path}"
            template = request.getfixturevalue("migrated_template")
            server = request.getfixturevalue("postgres_url")
            name = f"test_{next(numbers)}"  # one test at a time: pytest-xdist gives every process a server of its own
            return databases.enter_context(postgres_database(server, name, template=template))

        yield make


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, fresh_database: FreshDatabase) -> str:
    """The URL of a new, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    return fresh_database(request.param)
