"""``python -m bench.queue --items 20000``: the queue's speed, beside plain Celery's and beside bare SQL, in one run.

(a) Adloom: items submitted over HTTP, stored in the database, rung through Redis, drained by two workers whose
generator does nothing, results recorded; from the first byte sent to the commit that finishes the last job.  (b)
Celery: no-op tasks, one message each, drained by two prefork processes from a queue that was filled before the clock
started.  (c) The floor: the same rows through the same tables by hand-written SQL.  The same private servers,
interleaved.  What is compared is measured one after the other, and the ratio is the median of each round's: these
machines change their speed within minutes.  Every setting is the product's default, durability included; only quotas
are off.
"""

import argparse
import json
import math
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import psycopg

from adloom.core.log import configure
from bench.floor import measure_floor
from bench.ours import WORKERS, running, take_apart
from bench.theirs import latencies, run_tasks
from tests.servers import postgres_database, postgres_server, redis_server

INGEST_ITEMS = 10_000  #: one request, the largest there may be by default
LATENCY_ITEMS = 60
DATABASES = ("sqlite", "postgresql")
MICRO_BATCHES = (256, 16)


@dataclass
class Bench:
    """Private servers, and what was measured so far, by name."""

    folder: Path
    postgres: str
    redis: str
    found: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    number: int = 0

    def fresh(self, database: str, started: ExitStack) -> tuple[Path, str]:
        """A folder, and the URL of a new database in it, or on the server."""
        self.number += 1
        folder = self.folder / str(self.number)
        folder.mkdir()
        if database == "sqlite":
            return folder, f"sqlite:///{folder / 'adloom.db'}"
        return folder, started.enter_context(postgres_database(self.postgres, f"bench_{self.number}"))

    def note(self, name: str, value: float) -> None:
        """Keep a value, and say it."""
        self.found[name].append(value)
        print(f"  {name:44} {value:12,.4g}", flush=True)

    def median(self, name: str) -> float:
        """The median of what was found; not a number where nothing was."""
        return statistics.median(self.found[name]) if self.found[name] else math.nan


def measure_ours(bench: Bench, database: str, items: int, micro_batch: int) -> float:
    """Items/s end to end; also notes what they leave behind."""
    with ExitStack() as started:
        folder, url = bench.fresh(database, started)
        ours = started.enter_context(running(folder, url, bench.redis, micro_batch=micro_batch, workers=WORKERS))
        before = _bytes(folder, url)
        rate = items / ours.run(items)
        bench.note(f"{database} adloom/s {micro_batch} {items}", rate)
        bench.note(f"{database} bytes per item", (_bytes(folder, url) - before) / items)
        return rate


def measure_latency(bench: Bench, database: str) -> None:
    """A single item on an idle platform, what its way is made of, and a plain task beside it."""
    with ExitStack() as started:
        folder, url = bench.fresh(database, started)
        ours = started.enter_context(running(folder, url, bench.redis, micro_batch=0, workers=WORKERS))
        answered, ended = zip(*ours.latencies(LATENCY_ITEMS), strict=True)
        _note_latencies(bench, f"{database} a request without database", ours.requests("/healthz", LATENCY_ITEMS))
        _note_latencies(bench, f"{database} a look at a job", ours.requests(ours.any_job(), LATENCY_ITEMS))
    _note_latencies(bench, f"{database} 202", answered)
    ours_p50 = _note_latencies(bench, database, ended)
    other = f"{bench.redis.rsplit('/', 1)[0]}/1"
    bench.note(
        f"{database} latency ratio",
        ours_p50 / _note_latencies(bench, "celery", latencies(other, bench.folder, LATENCY_ITEMS)),
    )


def measure_ingest(bench: Bench, database: str) -> None:
    """One large request, without workers, beside the same rows by hand."""
    with ExitStack() as started:
        folder, url = bench.fresh(database, started)
        ours = started.enter_context(running(folder, url, bench.redis, micro_batch=0, workers=0))
        ours.post(100)
        for _ in range(3):
            bench.note(f"{database} ingest/s", INGEST_ITEMS / ours.post(INGEST_ITEMS, INGEST_ITEMS))
    with ExitStack() as started:
        _, url = bench.fresh(database, started)
        for _ in range(3):
            floor = measure_floor(url, INGEST_ITEMS)
            bench.note(f"{database} floor insert/s", INGEST_ITEMS / floor.insert)
            bench.note(f"{database} floor all/s", INGEST_ITEMS / (floor.insert + floor.drain))


def measure_theirs(bench: Bench, items: int) -> float:
    """Tasks/s of plain Celery, on a database of its own in the same Redis."""
    other = f"{bench.redis.rsplit('/', 1)[0]}/1"
    rate = items / run_tasks(other, bench.folder, items)
    bench.note("celery/s", rate)
    return rate


def _note_latencies(bench: Bench, name: str, seconds: Sequence[float]) -> float:
    """Note p50 and p99; returns p50, in ms."""
    hundredths = statistics.quantiles(seconds, n=100)
    bench.note(f"{name} p50 ms", 1000 * hundredths[49])
    bench.note(f"{name} p99 ms", 1000 * hundredths[98])
    return 1000 * hundredths[49]


def _bytes(folder: Path, url: str) -> float:
    """What is on disk: SQLite's files, or PostgreSQL's tables with their indexes."""
    if url.startswith("sqlite"):
        return sum(path.stat().st_size for path in folder.glob("adloom.db*"))
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert row
        return float(row[0])


def measure(items: int, rounds: int, growth: Sequence[int], databases: Sequence[str]) -> Bench:
    """Everything, *rounds* times, in turns."""
    with ExitStack() as running_servers:
        folder = Path(running_servers.enter_context(tempfile.TemporaryDirectory(prefix="adloom-bench-")))
        bench = Bench(
            folder.absolute(),
            running_servers.enter_context(postgres_server(durable=True)),
            running_servers.enter_context(redis_server()),
        )
        for turn in range(rounds):
            print(f"round {turn + 1} of {rounds}", flush=True)
            for database in databases:
                theirs = measure_theirs(bench, min(items, 10_000))
                for micro_batch in MICRO_BATCHES:
                    ours = measure_ours(bench, database, items, micro_batch)
                    bench.note(f"{database} ratio {micro_batch}", ours / theirs)
                measure_ingest(bench, database)
                measure_latency(bench, database)
                rates = [measure_ours(bench, database, size, 256) for size in growth]
                for (size, rate), (larger, slower) in pairwise(zip(growth, rates, strict=True)):
                    bench.note(f"{database} time per item, {larger} over {size}", rate / slower)
        for size in (10_240, 1):
            for what, number in take_apart(folder.absolute() / f"apart-{size}", size).items():
                bench.note(f"per item of {size:,}: {what}", number)
        return bench


def report(bench: Bench, items: int, rounds: int, growth: Sequence[int], databases: Sequence[str]) -> dict[str, object]:
    """The medians and their ratios."""
    found: dict[str, object] = {"items": items, "rounds": rounds}
    found["celery_tasks_per_second"] = round(bench.median("celery/s"))
    for database in databases:
        ingest, floor = bench.median(f"{database} ingest/s"), bench.median(f"{database} floor insert/s")
        fast = bench.median(f"{database} adloom/s 256 {items}")
        times = {size: 1e6 / bench.median(f"{database} adloom/s 256 {size}") for size in growth}
        parts = ("a request without database", "a look at a job", "202")
        found[database] = {
            "items_per_second": round(fast),
            "ratio": {size: round(bench.median(f"{database} ratio {size}"), 1) for size in MICRO_BATCHES},
            "share_of_raw_sql": round(fast / bench.median(f"{database} floor all/s"), 2),
            "ingest_per_second": round(ingest),
            "ingest_share_of_raw_insert": round(ingest / floor, 2),
            "latency_ms": [round(bench.median(f"{database} {p} ms"), 1) for p in ("p50", "p99")],
            "latency_ms_of": {part: round(bench.median(f"{database} {part} p50 ms"), 1) for part in parts},
            "latency_ratio_p50": round(bench.median(f"{database} latency ratio"), 1),
            "bytes_per_item": round(bench.median(f"{database} bytes per item")),
            "microseconds_per_item": {size: round(time) for size, time in times.items()},
            "times_over_the_size_before": {
                larger: round(bench.median(f"{database} time per item, {larger} over {size}"), 2)
                for size, larger in pairwise(growth)
            },
        }
    return found


def main() -> None:
    """Print every figure as it comes, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", type=int, nargs="*", default=[1_000, 10_000, 100_000], help="sizes to compare")
    parser.add_argument("--databases", nargs="*", choices=DATABASES, default=list(DATABASES))
    asked = parser.parse_args()
    configure("text")  # to standard error
    bench = measure(asked.items, asked.rounds, asked.growth, asked.databases)
    print(json.dumps(report(bench, asked.items, asked.rounds, asked.growth, asked.databases)))


if __name__ == "__main__":
    main()
