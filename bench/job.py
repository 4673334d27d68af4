"""``python -m bench.job``: what the platform adds to the time that its generator takes.

The same items, in micro-batches of the same size, in turns: in a bare loop over `CopyLM.generate` in this process, and
as a job of the running platform (API, sweeper, one Celery worker, SQLite).  Both are warm and have one torch thread; a
job's time is from its first lease to its last record, as the database has them.  Both must write the same texts.
Printed are seconds and processor seconds of both, and the medians of each round's ratio; then one JSON line.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import psutil
import sqlalchemy as sa

from adloom.core.drafts import Drafts
from adloom.core.kinds import load_kinds
from adloom.core.specs import CopySpec
from adloom.feeds import read_feed
from generators.base import Request
from generators.copy.lm import CopyLM
from generators.registry import GeneratorSettings
from models import Database, open_database
from models.item import Attempt, Item
from tests.platforms import Platform, platform

KIND = "copy.lm"
LOOK_SECONDS = 1.0  #: more often would take its share of the processor
Texts = Mapping[int, Sequence[str]]  #: by the item's position, best first


class Cost(NamedTuple):
    """What one side took, in seconds: by the clock, and of the processor."""

    clock: float
    processor: float


@dataclass(frozen=True)
class Running:
    """A platform with one worker, and its database."""

    platform: Platform
    worker: psutil.Process
    database: Database

    def run(self, specs: Sequence[CopySpec], seed: int) -> tuple[Cost, Texts]:
        """Submit *specs* as one job and wait for its end."""
        client, before = self.platform.client, self._processor_seconds()
        job = client.submit({"items": [_item(spec) for spec in specs], "seed": seed})
        while client.job(job["id"])["state"] == "running":
            time.sleep(LOOK_SECONDS)
        cost = Cost(self._seconds(UUID(job["id"])), self._processor_seconds() - before)
        made = {item["position"]: [variant["text"] for variant in item["variants"]] for item in client.items(job["id"])}
        return cost, made

    def _seconds(self, job_id: UUID) -> float:
        """From its first lease to its last record."""
        attempts = sa.select(sa.func.min(Attempt.started_at), sa.func.max(Attempt.ended_at))
        attempts = attempts.join(Item, Item.id == Attempt.item_id).where(Item.job_id == job_id)
        with self.database.sessions.read() as session:
            first, last = session.execute(attempts).one()
        assert last is not None, "A job without an attempt."
        return float((last - first).total_seconds())

    def _processor_seconds(self) -> float:
        """Of the worker and its children so far."""
        times = [each.cpu_times() for each in (self.worker, *self.worker.children(recursive=True))]
        return float(sum(each.user + each.system for each in times))


@contextmanager
def running(folder: Path, cache: Path) -> Iterator[Running]:
    """The platform, embedded but for its screen; *cache*: where the converted weights lie already."""
    folder.mkdir()
    (folder / "weights").symlink_to(cache.resolve())
    with platform(folder, settings={"ADLOOM_THREADS": "1"}) as started:
        worker = psutil.Process(started.start_worker("copy").pid)
        database = open_database(f"sqlite:///{folder / 'adloom.db'}")
        try:
            yield Running(started, worker, database)
        finally:
            database.close()


def loop(writer: CopyLM, specs: Sequence[CopySpec], seed: int) -> tuple[Cost, Texts]:
    """The same items by the generator alone, in micro-batches as the platform forms them."""
    requests = [Request(UUID(int=n + 1), spec, seed=seed, position=n) for n, spec in enumerate(specs)]
    together = load_kinds()[KIND].micro_batch
    made: dict[int, Sequence[str]] = {}
    clock, processor = time.perf_counter(), time.process_time()
    for first in range(0, len(requests), together):
        for outcome in writer.generate(requests[first : first + together], step=frozenset):
            assert isinstance(outcome, Drafts), outcome
            made[outcome.request.int - 1] = [draft.text for draft in outcome.drafts]
    return Cost(time.perf_counter() - clock, time.process_time() - processor), made


def _item(spec: CopySpec) -> dict[str, object]:
    return {"kind": KIND, "spec": spec.model_dump(mode="json", exclude_defaults=True)}


def compare(writer: CopyLM, ours: Running, specs: Sequence[CopySpec], rounds: int) -> list[tuple[Cost, Cost]]:
    """The costs of loop and job in each round, after one that nobody counts."""
    found = []
    for seed in range(rounds + 1):
        (bare, alone), (job, made) = loop(writer, specs, seed), ours.run(specs, seed)
        assert made == alone, "The job's texts are not the loop's."
        if seed:
            found.append((bare, job))
            print(
                f"  loop {bare.clock:7.2f} s {bare.processor:7.2f} CPU-s   job {job.clock:7.2f} s "
                f"{job.processor:7.2f} CPU-s   {job.clock / bare.clock:.3f} {job.processor / bare.processor:.3f}",
                flush=True,
            )
    return found


def main() -> None:
    """Measure both and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feed", type=Path, default=Path("examples/feed.tsv"))
    parser.add_argument("--channel", default="google_rsa")
    parser.add_argument("--items", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cache", type=Path, default=Path(".adloom/weights"))
    asked = parser.parse_args()
    products = read_feed(asked.feed.read_bytes(), name=asked.feed.name).products
    specs = [CopySpec(product=products[n % len(products)], channel=asked.channel) for n in range(asked.items)]
    writer = CopyLM(GeneratorSettings(cache=asked.cache, threads=1))
    writer.load("", "cpu")
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "home", asked.cache) as ours:
        found = compare(writer, ours, specs, asked.rounds)
    clock = statistics.median(job.clock / bare.clock for bare, job in found)
    processor = statistics.median(job.processor / bare.processor for bare, job in found)
    print(f"A job of {asked.items} items takes {clock:.3f} times the bare loop, {processor:.3f} times its CPU-seconds")
    print(json.dumps({"items": asked.items, "clock": round(clock, 4), "processor": round(processor, 4)}))


if __name__ == "__main__":
    main()
