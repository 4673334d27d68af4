"""The API wired small: a real database file, a memory store, a ringer that remembers."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from adloom.core.kinds import BUILT_IN
from api.app import make_app
from api.dependencies import Parts
from broker import MemoryRinger
from models import Database, open_database
from services.admit import NO_LIMITS, Limits
from services.keys import mint_key
from storage import ObjectStore, Reach, open_store
from tests.conftest import FreshDatabase

PEPPER = b"pepper"
MAX_BODY_BYTES = 1_000_000


@dataclass(frozen=True)
class Platform:
    """A running API, its parts, and two owners who must not see each other."""

    client: TestClient
    parts: Parts
    ada: dict[str, str]  #: headers with a key of ada's
    bob: dict[str, str]

    @property
    def database(self) -> Database:
        return self.parts.database

    @property
    def store(self) -> ObjectStore:
        return self.parts.store

    @property
    def rung(self) -> list[str]:
        assert isinstance(self.parts.ringer, MemoryRinger)
        return [lane.value for lane in self.parts.ringer.rung]


def parts_on(database: Database, *, max_job_items: int = 50, limits: Limits = NO_LIMITS) -> Parts:
    """Small parts around *database*."""
    return Parts(
        database=database,
        store=open_store("memory:"),
        ringer=MemoryRinger(),
        kinds={kind.name: kind for kind in BUILT_IN},
        pepper=PEPPER,
        max_job_items=max_job_items,
        webhooks=Reach(schemes=("https",)),
        resolve_weights=lambda kind, name: name or ("tiny@1" if kind == "copy.lm" else ""),
        limits=limits,
    )


def application(parts: Parts) -> FastAPI:
    """The application around *parts*."""
    return make_app(parts, max_body_bytes=MAX_BODY_BYTES)


def key_of(database: Database, owner: str) -> dict[str, str]:
    """Headers with a new key of *owner*'s."""
    with database.sessions.begin() as session:
        minted = mint_key(session, owner=owner, name="test", pepper=PEPPER, now=database.now(session))
    return {"Authorization": f"Bearer {minted.key}"}


@pytest.fixture
def platform(fresh_database: FreshDatabase) -> Iterator[Platform]:
    """A platform of its own for every test."""
    database = open_database(fresh_database("sqlite"))
    parts = parts_on(database)
    with TestClient(application(parts)) as client:
        yield Platform(client, parts, key_of(database, "ada"), key_of(database, "bob"))
    database.close()


@pytest.fixture
def client(platform: Platform) -> TestClient:
    """Its client."""
    return platform.client
