"""A worker wired small: a real database file, a memory store, a ringer that remembers, generators made by the test."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from adloom.core.drafts import Draft, Drafts, Outcome, Source
from adloom.core.products import Product
from adloom.core.settings import Settings
from adloom.core.specs import BannerSpec
from broker import MemoryRinger
from generators.base import Generator, Request, Step
from models import Database, open_database
from services.submit import ItemRequest
from storage import FetchFailed, ObjectStore, open_store
from tests.conftest import FreshDatabase
from tests.queues import KINDS
from worker.runtime import Drain, Generators, Runtime, assemble

Work = Callable[[Sequence[Request[Any]], Step], Iterator[Outcome]]


class Scripted:
    """A generator that does what a test says.  It keeps the sizes of the groups it was given."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.sizes: list[int] = []
        self.loads: list[str] = []

    def load(self, weights: str, device: str) -> None:
        """Remember what was loaded."""
        self.loads.append(weights)

    def generate(self, requests: Sequence[Request[Any]], *, step: Step) -> Iterator[Outcome]:
        """Do the work."""
        self.sizes.append(len(requests))
        yield from self._work(requests, step)


class FixedGenerators(Generators):
    """Hands out the one generator of a test for every kind."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    def get(self, kind: str, weights: str) -> Generator:
        """The test's generator."""
        self._generator.load(weights, "cpu")
        return self._generator


class NoFetcher:
    """There is no network in tests."""

    def fetch(self, url: str) -> bytes:
        """Fail as a network that is down does."""
        raise FetchFailed


@dataclass
class Rig:
    """A runtime and its parts, for a test to look at."""

    runtime: Runtime
    database: Database
    store: ObjectStore
    ringer: MemoryRinger
    drain_file: Path

    def with_generator(self, work: Work) -> Scripted:
        """Let the worker's generator do *work* from now on."""
        generator = Scripted(work)
        self.runtime = replace(self.runtime, generators=FixedGenerators(generator))
        return generator


@pytest.fixture
def rig(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Rig]:
    """A worker on SQLite whose generator succeeds with the payload of each spec."""
    settings = Settings(home=tmp_path, lanes="copy,banner", lease_seconds=60, heartbeat_seconds=0.05, drain_seconds=0.1)
    database = open_database(fresh_database("sqlite"))
    store, ringer, drain_file = open_store("memory:"), MemoryRinger(), tmp_path / "drain"
    runtime = assemble(
        settings,
        database=database,
        store=store,
        fetcher=NoFetcher(),
        ringer=ringer,
        drain=Drain(drain_file, grace_seconds=0.0, look_seconds=0.0),
        main=uuid4(),
    )
    rig = Rig(runtime, database, store, ringer, drain_file)
    rig.with_generator(echo)
    runtime.renewals.start()
    yield rig
    runtime.renewals.close()
    database.close()


def echo(requests: Sequence[Request[Any]], step: Step) -> Iterator[Outcome]:
    """Succeed with each spec's payload."""
    for request in requests:
        step()
        yield Drafts(request.id, (Draft("noop", Source.TEMPLATE, text=request.spec.payload),))


def banner(photo: str) -> ItemRequest:
    """A request for a banner with this photo."""
    spec = BannerSpec(product=Product(id="1", title="Boots"), channel="meta_feed", slot="square", photo=photo)
    return ItemRequest(KINDS["banner.compose"], spec)
