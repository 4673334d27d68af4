"""Adloom under measurement: the platform as processes, with a generator that does nothing."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import msgspec
import psycopg
import pysqlite3.dbapi2
from sqlalchemy import event

from adloom.core.kinds import load_kinds
from adloom.core.lanes import Lane
from adloom.core.settings import Settings
from bench.floor import BATCH, payload
from broker import MemoryRinger
from migrations import upgrade
from models import Database, open_database
from services.specs import ItemDraft, Rules, read_items
from services.submit import JobTerms, new_items, submit_job
from storage import PublicFetcher, open_store
from tests.platforms import Platform, platform, until
from worker.drain import drain
from worker.runtime import Drain, Runtime, assemble

WORKERS = 2
PER_REQUEST = 2_500  #: items in one request, so that workers begin while the rest is still being sent


def item(number: int) -> dict[str, object]:
    """An item that makes nothing, unlike any other."""
    return {"kind": "noop", "spec": {"payload": payload(number)}}


@dataclass(frozen=True)
class Ours:
    """A running platform, and a look into its database from outside."""

    platform: Platform
    look: Callable[[str], int]  #: asks the database for a number, on a connection of its own, without a transaction

    def post(self, items: int, per_request: int = PER_REQUEST) -> float:
        """Submit *items*, *per_request* at a time; the seconds from the first byte sent to the last 202."""
        return self._post(_bodies(items, per_request))

    def _client(self) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {self.platform.key}", "Content-Type": "application/json"}
        port = self.platform.environment["ADLOOM_PORT"]
        return httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers)

    def _post(self, bodies: Sequence[bytes]) -> float:
        with self._client() as client:
            started = time.perf_counter()
            for body in bodies:
                answer = client.post("/v1/jobs", content=body, timeout=120)
                assert answer.status_code == 202, answer.text
            return time.perf_counter() - started

    def run(self, items: int) -> float:
        """The seconds from the first byte sent to the commit that finishes the last job."""
        bodies = _bodies(items, PER_REQUEST)
        started = time.perf_counter()
        self._post(bodies)
        self.wait(0.02)  # more often would take its share of the database
        return time.perf_counter() - started

    def wait(self, every_seconds: float) -> None:
        """Until no job is unfinished, as the database has it."""
        while self.look("SELECT count(*) FROM jobs WHERE state = 'running'"):
            time.sleep(every_seconds)

    def latencies(self, number: int) -> list[tuple[float, float]]:
        """Seconds from a single item's request to its 202 and to the commit of its result, on an idle platform."""
        found = []
        for _ in range(number):
            time.sleep(0.05)
            found.append(self.run_one())
        return found

    def requests(self, path: str, number: int) -> list[float]:
        """Seconds that each GET of *path* takes."""
        found = []
        with self._client() as client:
            for _ in range(number):
                time.sleep(0.05)
                started = time.perf_counter()
                answer = client.get(path)
                found.append(time.perf_counter() - started)
                assert answer.status_code == 200, answer.text
        return found

    def any_job(self) -> str:
        """The path of a job."""
        with self._client() as client:
            return str(client.get("/v1/jobs?limit=1").json()["data"][0]["links"]["self"])

    def run_one(self) -> tuple[float, float]:
        """One item, looked for every half millisecond."""
        started = time.perf_counter()
        self.platform.client.submit({"items": [item(0)]})
        answered = time.perf_counter()
        self.wait(0.0005)
        return answered - started, time.perf_counter() - started


def _bodies(items: int, per_request: int) -> list[bytes]:
    sizes = [min(per_request, items - first) for first in range(0, items, per_request)]
    return [json.dumps({"items": [item(n) for n in range(size)]}).encode() for size in sizes]


@contextmanager
def running(folder: Path, database_url: str, broker_url: str, *, micro_batch: int, workers: int) -> Iterator[Ours]:
    """The platform with its workers, warm; every setting but the micro-batch is the default."""
    settings = {"ADLOOM_MICRO_BATCH": str(micro_batch), "ADLOOM_MAX_WAITING": "0"}
    url = database_url or f"sqlite:///{folder / 'adloom.db'}"
    with ExitStack() as opened:
        started = opened.enter_context(platform(folder, database_url=url, broker_url=broker_url, settings=settings))
        ours = Ours(started, opened.enter_context(_looking(url)))
        for _ in range(workers):
            started.start_worker("copy")
        if workers:
            _warm(ours, workers)
        yield ours


@contextmanager
def _looking(url: str) -> Iterator[Callable[[str], int]]:
    """Ask as cheaply as one can: who looks on must not take the locks, nor the time, of what is measured."""
    sqlite = url.removeprefix("sqlite:///")
    connection: Any = (  # Any: of either driver
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        if sqlite == url
        else pysqlite3.dbapi2.connect(sqlite, isolation_level=None)
    )
    with closing(connection):
        yield lambda question: connection.execute(question).fetchone()[0]


def _warm(ours: Ours, workers: int) -> None:
    def all_have_worked() -> bool:
        ours.run(BATCH * workers * 2)
        return ours.look("SELECT count(DISTINCT worker) FROM attempts") >= workers

    until(all_have_worked, what="the workers")


def _runtime(folder: Path, database: Database) -> Runtime:
    return assemble(
        Settings(home=folder, lanes="copy"),
        database=database,
        store=open_store("memory:"),
        fetcher=PublicFetcher(),
        ringer=MemoryRinger(),
        drain=Drain(folder / "drain", grace_seconds=60),
        main=uuid4(),
    )


def take_apart(folder: Path, items: int) -> Mapping[str, float]:
    """Per item, what submit and drain send to SQLite and how long they keep others from writing, in one process."""
    found: dict[str, float] = defaultdict(float)
    began = 0.0
    folder.mkdir()
    url = f"sqlite:///{folder / 'adloom.db'}"
    upgrade(url)
    database = open_database(url)
    stage = "submit"

    def sent(*_: object) -> None:
        found[f"{stage}, statements"] += 1

    def locked(_: object) -> None:
        nonlocal began
        began = time.perf_counter()

    def released(_: object) -> None:
        found[f"{stage}, microseconds under the write lock"] += 1e6 * (time.perf_counter() - began)

    event.listen(database.engine, "before_cursor_execute", sent)
    event.listen(database.engine, "begin", locked)
    event.listen(database.engine, "commit", released)
    rules = Rules(load_kinds(), "ada", items, lambda kind, name: name)
    drafts = [ItemDraft(kind="noop", spec=msgspec.Raw(json.dumps(item(n)["spec"]).encode())) for n in range(items)]
    asked = read_items(drafts, rules)
    new, terms = new_items(asked.requests), JobTerms(owner="ada", fingerprint=asked.fingerprint, seed=0)
    with database.sessions.begin() as session:
        submit_job(session, new, terms, now=database.now(session))
    stage = "drain"
    drain(_runtime(folder, database), Lane.COPY)
    database.close()
    return {name: number / items for name, number in found.items()}
