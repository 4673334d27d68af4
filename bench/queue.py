"""``python -m bench.queue --items 5000``: the queue's own speed, beside plain Celery's, in one run.

Adloom: items submitted over HTTP, stored in PostgreSQL, rung through Redis, drained by two workers whose generator does
nothing, results recorded in PostgreSQL; from the first byte sent to the last record committed.  Celery: no-op tasks,
one message each, drained by two prefork processes from a queue that was filled before the clock started.  Both on the
same private servers, interleaved, medians.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import redis

from adloom.client import Client
from tests.platforms import ROOT, platform, process, until
from tests.servers import postgres_server, redis_server

WORKERS = 2
PER_REQUEST = 5000  #: items in one request


@contextmanager
def workers(database_url: str, broker_url: str, folder: Path) -> Iterator[Client]:
    """The platform with its workers, warm."""
    with platform(folder, database_url=database_url, broker_url=broker_url) as running:
        for _ in range(WORKERS):
            running.start_worker("copy")
        submitted(running.client, WORKERS)
        yield running.client


def submitted(client: Client, items: int) -> float:
    """Submit *items* no-ops and wait for the last; the seconds it took."""
    started = time.perf_counter()
    jobs = []
    for first in range(0, items, PER_REQUEST):
        size = min(PER_REQUEST, items - first)
        body = {"items": [{"kind": "noop", "spec": {"payload": "x" * 100}} for _ in range(size)]}
        jobs.append(client.submit(body)["id"])
    for job in jobs:
        while client.job(job)["state"] == "running":
            time.sleep(0.01)
    return time.perf_counter() - started


@contextmanager
def celery(broker_url: str, folder: Path) -> Iterator[dict[str, str]]:
    """A plain Celery worker with two processes, up and warm."""
    environment = {**os.environ, "BENCH_BROKER_URL": broker_url}
    command = ["-m", "celery", "-A", "bench.plain", "worker", "-c", str(WORKERS), "-l", "ERROR"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with process(command, environment, folder / "celery.log"):
        yield environment


def plain_tasks(broker_url: str, folder: Path, tasks: int) -> float:
    """Fill a queue with *tasks* no-ops, start the worker; the seconds from the first to the last one's pick-up."""
    server = redis.Redis.from_url(broker_url)
    server.flushdb()
    code = f"from bench.plain import noop\nfor _ in range({tasks}): noop.delay('{'x' * 100}')"
    subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "BENCH_BROKER_URL": broker_url}, check=True
    )
    with celery(broker_url, folder):
        until(lambda: _length(server) < tasks, what="the plain worker")
        before, started = _length(server), time.perf_counter()
        _until_empty(server)
        return (time.perf_counter() - started) * tasks / before


def _length(server: redis.Redis) -> int:
    return int(server.llen("celery")) + int(server.hlen("unacked"))


def _until_empty(server: redis.Redis) -> None:
    while _length(server):
        time.sleep(0.005)


def measure(items: int, rounds: int) -> dict[str, object]:
    """Both, *rounds* times, in turns."""
    ours: list[float] = []
    theirs: list[float] = []
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        database_url = running.enter_context(postgres_server(durable=True))
        broker_url = running.enter_context(redis_server())
        for _ in range(rounds):
            with workers(database_url, broker_url, folder) as client:
                ours.append(items / submitted(client, items))
            theirs.append(items / plain_tasks(f"{broker_url.rsplit('/', 1)[0]}/1", folder, items))
    adloom, plain = statistics.median(ours), statistics.median(theirs)
    return {
        "items": items,
        "rounds": rounds,
        "workers": WORKERS,
        "adloom_items_per_second": round(adloom),
        "celery_tasks_per_second": round(plain),
        "ratio": round(adloom / plain, 1),
    }


def main() -> None:
    """Print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.items, arguments.rounds)))


if __name__ == "__main__":
    main()
