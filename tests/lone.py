"""A worker alone, as a real process: no API, no sweeper, nobody rings but the test."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from adloom.core.lanes import Lane
from broker import has_broker, make_celery, ring_afresh
from models import Database, open_database
from services.submit import ItemRequest
from tests.platforms import START_SECONDS, process, until
from tests.queues import job_of, noop, submit

QUICK = {  # production's timers, scaled down
    "ADLOOM_LEASE_SECONDS": "3",
    "ADLOOM_HEARTBEAT_SECONDS": "0.5",
    "ADLOOM_DRAIN_SECONDS": "4",
}


@dataclass(frozen=True)
class Lone:
    """Where a lone worker works."""

    database: Database
    broker_url: str
    environment: Mapping[str, str]
    folder: Path
    started: ExitStack

    def start_worker(self, *lanes: str, **settings: str) -> subprocess.Popen[bytes]:
        """Start a worker for *lanes* and wait until it reports itself."""
        known = self.workers()
        environment = {**self.environment, **settings}
        running = self.started.enter_context(process(["-m", "worker", *lanes], environment, self.log))
        until(lambda: self.workers() > known or running.poll() is not None, what=f"a worker; see {self.log}")
        time.sleep(0.5)  # its consumer is up a moment later
        return running

    @property
    def log(self) -> Path:
        """What the workers say."""
        return self.folder / "worker.log"

    def workers(self) -> int:
        """How many worker processes were ever seen, and have not left."""
        with self.database.sessions.read() as session:
            return int(session.scalar(sa.text("SELECT count(*) FROM workers")) or 0)

    def submit(self, requests: int | list[ItemRequest] = 1, *, seconds: float = 0.0) -> UUID:
        """Submit a job of *requests*, or of that many no-ops that take *seconds*."""
        specs = [noop(seconds=seconds) for _ in range(requests)] if isinstance(requests, int) else requests
        return submit(self.database.sessions, specs, now=datetime.now(UTC)).job_id

    def ring(self) -> None:
        """Ring for the copy lane, where there is a broker."""
        if has_broker(self.broker_url):
            ring_afresh(make_celery(self.broker_url), Lane.COPY)

    def is_done(self, job_id: UUID) -> bool:
        """Whether nothing of the job is left."""
        return job_of(self.database.sessions, job_id).remaining == 0

    def await_job(self, job_id: UUID, *, seconds: float = START_SECONDS) -> float:
        """Wait until the job is done; how long that took, in seconds."""
        since = time.monotonic()
        until(lambda: self.is_done(job_id), what=f"job {job_id}; see {self.log}", seconds=seconds)
        return time.monotonic() - since


@contextmanager
def lone_worker(folder: Path, *, database_url: str, broker_url: str) -> Iterator[Lone]:
    """A place for lone workers; they end with the block."""
    environment = {
        **os.environ,
        "ADLOOM_HOME": str(folder),
        "ADLOOM_DATABASE_URL": database_url,
        "ADLOOM_BROKER_URL": broker_url,
        **QUICK,
    }
    database = open_database(database_url)
    with ExitStack() as started:
        started.callback(database.close)
        yield Lone(database, broker_url, environment, folder, started)
