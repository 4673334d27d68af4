"""Parts that many tests need: private servers, started once and only when a test asks."""

import os
from collections.abc import Iterator

import pytest

from tests.servers import postgres_server, redis_server

os.environ["HF_HUB_OFFLINE"] = "1"  # before anyone imports transformers: no test may need the network


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A private PostgreSQL; tests want `database_url`, a fresh database, instead."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A private Redis, shared by the tests of this run: use a key prefix of your own."""
    with redis_server() as url:
        yield url
