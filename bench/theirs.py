"""Plain Celery under measurement: no-op tasks, one message each, acked, results ignored."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.platforms import ROOT, process, until

PROCESSES = 2
FLAGS = ("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "ERROR")


@contextmanager
def _worker(environment: Mapping[str, str], folder: Path) -> Iterator[None]:
    command = ["-m", "celery", "-A", "bench.plain", "worker", "-c", str(PROCESSES), *FLAGS]
    with process(command, environment, folder / "celery.log"):
        yield


def run_tasks(broker_url: str, folder: Path, tasks: int) -> float:
    """Fill a queue with *tasks* no-ops, start the worker; the seconds they take, from when it works.

    Filling the queue is not counted, nor is the worker's start: the rate is that of the messages left when it has
    begun.
    """
    server = redis.Redis.from_url(broker_url)
    server.flushdb()
    environment = {**os.environ, "BENCH_BROKER_URL": broker_url}
    code = f"from bench.plain import noop\nfor _ in range({tasks}): noop.delay('{'x' * 100}')"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
    with _worker(environment, folder):
        until(lambda: _length(server) < tasks, what="the plain worker")
        before, started = _length(server), time.perf_counter()
        while _length(server):
            time.sleep(0.005)
        return (time.perf_counter() - started) * tasks / before


def latencies(broker_url: str, folder: Path, number: int) -> list[float]:
    """Seconds from ``apply_async`` to the task's run, on an idle worker."""
    redis.Redis.from_url(broker_url).flushdb()
    environment = {**os.environ, "BENCH_BROKER_URL": broker_url}
    address = folder / "told"
    code = (
        "import sys, time\nfrom bench.plain import tell\n"
        "for _ in sys.stdin:\n  print(time.time(), flush=True)\n  tell.delay(sys.argv[1])\n"
    )
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told, _worker(environment, folder):
        address.unlink(missing_ok=True)  # of the round before
        told.bind(str(address))
        told.settimeout(60)
        with subprocess.Popen(
            [sys.executable, "-c", code, str(address)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as sender:
            assert sender.stdin
            assert sender.stdout
            found = []
            for _ in range(number + 5):
                time.sleep(0.05)
                sender.stdin.write("go\n")
                sender.stdin.flush()
                sent = float(sender.stdout.readline())
                found.append(float(told.recv(100)) - sent)
            sender.stdin.close()
    return found[5:]  # the first ones open connections


def _length(server: redis.Redis) -> int:
    return int(server.llen("celery")) + int(server.hlen("unacked"))
