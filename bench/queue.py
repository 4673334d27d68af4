"""``python -m bench.queue --items 20000``: the queue's speed, beside plain Celery's and beside bare SQL, in one run.

(a) Adloom: items submitted over HTTP, stored in the database, rung through Redis, drained by two workers whose
generator does nothing, results recorded; from the first byte sent to the commit that finishes the last job.  (b)
Celery: no-op tasks, one message each, drained by two prefork processes from a queue that was filled before the clock
started.  (c) The floor: the same rows through the same tables by hand-written SQL.  The same private servers,
interleaved, medians.  Every setting is the product's default, durability included; only quotas are off.
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


def measure_ours(bench: Bench, database: str, items: int, micro_batch: int) -> None:
    """End to end, and what it leaves behind."""
    with ExitStack() as started:
        folder, url = bench.fresh(database, started)
        ours = started.enter_context(running(folder, url, bench.redis, micro_batch=micro_batch, workers=WORKERS))
        before = _bytes(folder, url)
        bench.note(f"{database} adloom/s {micro_batch} {items}", items / ours.run(items))
        bench.note(f"{database} bytes per item", (_bytes(folder, url) - before) / items)


def measure_latency(bench: Bench, database: str) -> None:
    """A single item on an idle platform."""
    with ExitStack() as started:
        folder, url = bench.fresh(database, started)
        ours = started.enter_context(running(folder, url, bench.redis, micro_batch=0, workers=WORKERS))
        answered, ended = zip(*ours.latencies(LATENCY_ITEMS), strict=True)
        _note_latencies(bench, f"{database} 202", answered)
        _note_latencies(bench, database, ended)


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


def measure_theirs(bench: Bench, items: int) -> None:
    """Plain Celery, on a database of its own in the same Redis."""
    other = f"{bench.redis.rsplit('/', 1)[0]}/1"
    bench.note("celery/s", items / run_tasks(other, bench.folder, items))


def _note_latencies(bench: Bench, name: str, seconds: Sequence[float]) -> None:
    hundredths = statistics.quantiles(seconds, n=100)
    bench.note(f"{name} p50 ms", 1000 * hundredths[49])
    bench.note(f"{name} p99 ms", 1000 * hundredths[98])


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
            measure_theirs(bench, min(items, 10_000))
            for database in databases:
                measure_ours(bench, database, items, 256)
                measure_ours(bench, database, items, 16)
                measure_ingest(bench, database)
                measure_latency(bench, database)
                for size in growth:
                    measure_ours(bench, database, size, 256)
            other = f"{bench.redis.rsplit('/', 1)[0]}/1"
            _note_latencies(bench, "celery", latencies(other, bench.folder, LATENCY_ITEMS))
        for size in (10_240, 1):
            for what, number in take_apart(folder.absolute() / f"apart-{size}", size).items():
                bench.note(f"per item of {size:,}: {what}", number)
        return bench


def report(bench: Bench, items: int, rounds: int, growth: Sequence[int], databases: Sequence[str]) -> dict[str, object]:
    """The medians and their ratios."""
    celery = bench.median("celery/s")
    found: dict[str, object] = {"items": items, "rounds": rounds, "celery_tasks_per_second": round(celery)}
    for database in databases:
        fast, slow = (bench.median(f"{database} adloom/s {size} {items}") for size in (256, 16))
        ingest, floor = bench.median(f"{database} ingest/s"), bench.median(f"{database} floor insert/s")
        times = {size: 1e6 / bench.median(f"{database} adloom/s 256 {size}") for size in growth}
        found[database] = {
            "items_per_second": round(fast),
            "ratio": round(fast / celery, 1),
            "ratio_micro_batch_16": round(slow / celery, 1),
            "share_of_raw_sql": round(fast / bench.median(f"{database} floor all/s"), 2),
            "ingest_per_second": round(ingest),
            "ingest_share_of_raw_insert": round(ingest / floor, 2),
            "latency_ms": [round(bench.median(f"{database} {p} ms"), 1) for p in ("p50", "p99")],
            "latency_ms_to_202": round(bench.median(f"{database} 202 p50 ms"), 1),
            "latency_ratio_p50": round(bench.median(f"{database} p50 ms") / bench.median("celery p50 ms"), 1),
            "bytes_per_item": round(bench.median(f"{database} bytes per item")),
            "microseconds_per_item": {size: round(time) for size, time in times.items()},
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
