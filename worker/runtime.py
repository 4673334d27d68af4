"""Everything one worker process works with, put together once per process."""

import os
import random
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import structlog

from adloom.core.kinds import Kind, load_kinds
from adloom.core.lanes import Lane
from adloom.core.settings import Settings
from broker import Ringer
from generators.base import Generator
from generators.copy.shares import read_shares
from generators.registry import GeneratorSettings, create
from metrics import WorkMetrics, new_registry
from models import Database, DatabaseTrouble
from models.queries import workers
from services.crash import settle_crashed
from services.record import Budgets
from storage import Fetcher, ObjectStore
from worker.metrics import TimedGenerator, TimedStore
from worker.processes import is_alive
from worker.renewals import Progress, Renewals

log = structlog.get_logger()

HUNG = 70  #: exit status of a process whose generator makes no step any more


class Drain:
    """Whether this process was told to stop, by a file that its parent makes: a child gets no signal of its own.

    It looks every *look_seconds*: a generator asks at every step, and a look at the disk is dearer than many a step.
    """

    def __init__(self, file: Path, *, grace_seconds: float, look_seconds: float = 0.02) -> None:
        self._file = file
        self._grace_seconds = grace_seconds
        self._look_seconds = look_seconds
        self._seen_at: float | None = None
        self._looked_at = float("-inf")

    def requested(self) -> bool:
        """Acquire nothing more."""
        now = time.monotonic()
        if self._seen_at is None and now - self._looked_at >= self._look_seconds:
            self._looked_at = now
            self._seen_at = now if self._file.exists() else None
        return self._seen_at is not None

    def overdue(self) -> bool:
        """Give back what is held: the grace time is over."""
        return self.requested() and time.monotonic() - (self._seen_at or 0.0) > self._grace_seconds


class Generators:
    """The generators of this process, each with the weights it loaded last."""

    def __init__(self, settings: GeneratorSettings, metrics: WorkMetrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._loaded: dict[str, tuple[str, Generator]] = {}

    def get(self, kind: str, weights: str) -> Generator:
        """The generator for *kind* with *weights* on its device; loads them if it holds others."""
        held, generator = self._loaded.get(kind, ("", None))
        if generator is None:
            generator = TimedGenerator(kind, create(kind, self._settings), self._metrics)
        if kind not in self._loaded or held != weights:
            self._loaded.pop(kind, None)  # a load that fails leaves nothing half loaded behind
            generator.load(weights, self._settings.device)
            self._loaded[kind] = (weights, generator)
        return generator


@dataclass(frozen=True)
class Runtime:
    """One worker process: its parts, its identity, its timers."""

    worker: UUID
    database: Database
    store: ObjectStore
    fetcher: Fetcher
    ringer: Ringer
    renewals: Renewals
    generators: Generators
    kinds: Mapping[str, Kind]
    drain: Drain
    metrics: WorkMetrics
    budgets: Budgets
    jitter: random.Random
    micro_batch: int
    lease_seconds: float
    stall_seconds: float
    load_seconds: float
    bell_seconds: float
    retry_seconds: float

    def most_together(self, kind: str) -> int:
        """The most items of *kind* that this process leases together."""
        known = self.kinds.get(kind)
        return min(self.micro_batch, known.micro_batch) if known else self.micro_batch

    def progress(self) -> Progress:
        """A fresh step for one micro-batch."""
        return Progress(stop=self.drain.overdue, patience_seconds=self.stall_seconds)


def assemble(
    settings: Settings,
    *,
    database: Database,
    store: ObjectStore,
    fetcher: Fetcher,
    ringer: Ringer,
    drain: Drain,
    main: UUID,
    metrics: WorkMetrics | None = None,
) -> Runtime:
    """Put a process together, a child of *main*.  Starts no thread: the caller starts ``renewals``.

    *metrics*: None counts into a registry that nobody reads.
    """
    metrics = metrics or WorkMetrics(new_registry())
    identity = Identity(uuid4(), main, [Lane(lane.strip()) for lane in settings.lanes.split(",")])
    report(database, identity)
    return Runtime(
        worker=identity.worker,
        database=database,
        store=TimedStore(store, metrics),
        fetcher=fetcher,
        ringer=ringer,
        renewals=_renewals(settings, database, identity, metrics, drain),
        generators=Generators(generator_settings(settings), metrics),
        kinds=load_kinds(),
        drain=drain,
        metrics=metrics,
        budgets=Budgets(),
        jitter=random.Random(identity.worker.int),
        micro_batch=settings.micro_batch or 1_000_000,
        lease_seconds=settings.lease_seconds,
        stall_seconds=settings.stall_seconds,
        load_seconds=settings.load_seconds,
        bell_seconds=settings.bell_seconds,
        retry_seconds=settings.retry_seconds,
    )


def _renewals(
    settings: Settings, database: Database, identity: "Identity", metrics: WorkMetrics, drain: Drain
) -> Renewals:
    def beat() -> None:
        if not drain.overdue():  # its main process gives back what it holds, and forgets it
            report(database, identity)

    return Renewals(
        database,
        lease_seconds=settings.lease_seconds,
        heartbeat_seconds=settings.heartbeat_seconds,
        beat=beat,
        give_up=lambda: os._exit(HUNG),
        metrics=metrics,
    )


def generator_settings(settings: Settings) -> GeneratorSettings:
    """What generators may know of a process's settings."""
    return GeneratorSettings(
        device=settings.device,
        threads=settings.threads,
        precision=settings.precision,
        cache=settings.home / "weights",
        shares=read_shares(settings.ranking),
        weights=settings.weights,
        llm_url=settings.llm_url,
        llm_model=settings.llm_model,
        llm_api_key=settings.llm_api_key,
        llm_concurrency=settings.llm_concurrency,
        llm_connect_seconds=settings.llm_connect_seconds,
        llm_read_seconds=settings.llm_read_seconds,
        llm_item_seconds=settings.llm_item_seconds,
        llm_pause_seconds=settings.llm_pause_seconds,
        llm_temperature=settings.llm_temperature,
        llm_top_p=settings.llm_top_p,
    )


@dataclass(frozen=True)
class Identity:
    """Who this process is, who started it, and which lanes it serves."""

    worker: UUID
    main: UUID
    lanes: list[Lane]


def report(database: Database, identity: Identity) -> None:
    """Say that this process lives and which lanes it serves: the sweeper rings for none else."""
    try:
        with database.sessions.begin() as session:
            now = database.now(session)
            row = {
                "id": identity.worker,
                "main": identity.main,
                "lanes": [lane.value for lane in identity.lanes],
                "host": socket.gethostname(),
                "pid": os.getpid(),
                "started_at": now,
                "seen_at": now,
            }
            workers.report(session, row)
    except DatabaseTrouble as error:  # the next beat reports again
        log.warning("worker.not_reported", reason=type(error).__name__)


def bury(runtime: Runtime, main: UUID) -> None:
    """Settle what dead children of *main* held: a child that starts while a sibling is dead has replaced it."""
    with runtime.database.sessions.begin() as session:
        siblings = workers.siblings(session, runtime.worker, main=main)
        dead = [row.id for row in siblings if not is_alive(row.pid)]
        if not dead:
            return
        lanes = settle_crashed(session, dead, budgets=runtime.budgets, now=runtime.database.now(session))
    runtime.metrics.crashed(len(dead))
    log.warning("worker.crashed", workers=[str(worker) for worker in dead], lanes=sorted(lanes))
    runtime.ringer.ring(lanes)
