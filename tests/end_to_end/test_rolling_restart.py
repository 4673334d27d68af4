"""A deploy under load: workers are replaced in turn, and nobody notices."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from adloom.client import Client
from models import open_database
from tests.end_to_end.conftest import Starter
from tests.platforms import ROOT, Platform, platform, process, until
from tests.servers import free_port

pytestmark = pytest.mark.slow

REPLACEMENTS = 10


def outcomes(running: Platform) -> dict[str, int]:
    """How leases ended, and how often."""
    return counted(running, "SELECT outcome, count(*) FROM attempts GROUP BY outcome")


def counted(running: Platform, statement: str) -> dict[str, int]:
    url = running.environment["ADLOOM_DATABASE_URL"] or f"sqlite:///{running.environment['ADLOOM_HOME']}/adloom.db"
    database = open_database(url)
    try:
        with database.sessions.read() as session:
            return {name: int(number or 0) for name, number in session.execute(sa.text(statement))}
    finally:
        database.close()


@pytest.mark.parametrize("start_platform", ["embedded", "servers", "polling"], indirect=True)
def test_a_rolling_restart_loses_nothing_and_repeats_nothing(start_platform: Starter) -> None:
    with start_platform({"ADLOOM_MICRO_BATCH": "8", "ADLOOM_DRAIN_SECONDS": "10"}) as platform:
        client = platform.client
        workers = [platform.start_worker("copy"), platform.start_worker("copy")]
        jobs = []
        for number in range(REPLACEMENTS):
            specs = [{"kind": "noop", "spec": {"seconds": 0.02}} for _ in range(60)]
            jobs.append(client.submit({"items": specs})["id"])
            await_lease(client, jobs[-1])
            old = workers[number % 2]
            workers[number % 2] = platform.start_worker("copy")
            os.kill(old.pid, signal.SIGTERM)
            assert old.wait(15) == 0
        until(lambda: all(client.job(job)["state"] == "succeeded" for job in jobs), what="all jobs", seconds=30)

        ended = outcomes(platform)
        assert ended["succeeded"] == REPLACEMENTS * 60
        assert set(ended) <= {"succeeded", "released"}
        assert counted(platform, "SELECT 'bad', sum(errors + losses + crashes) FROM items") == {"bad": 0}
        assert counted(platform, "SELECT 'more', sum(attempts) - count(*) FROM items")["more"] == ended.get(
            "released", 0
        )


def test_an_api_that_is_told_to_stop_finishes_its_requests(tmp_path: Path) -> None:
    with platform(tmp_path / "home", broker_url="none:") as running:
        port = free_port()
        environment = {**running.environment, "ADLOOM_PORT": str(port)}
        command = [sys.executable, "-m", "api.keys", "create", "--owner", "ada"]
        key = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
        with process(["-m", "api"], environment, tmp_path / "second.log") as api:
            until(lambda: is_open(port), what="the second API")
            body = b"id,title\n1,Boots\n"
            head = f"POST /v1/feeds?name=a.csv HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n"
            with socket.create_connection(("127.0.0.1", port), timeout=10) as request:
                request.sendall(f"{head}Authorization: Bearer {key.strip()}\r\n\r\n".encode() + body[:5])
                time.sleep(0.5)
                api.send_signal(signal.SIGTERM)
                time.sleep(0.5)
                request.sendall(body[5:])
                assert request.recv(100).split()[1] in (b"200", b"201")
            assert api.wait(15) in (0, -signal.SIGTERM)


def await_lease(client: Client, job: str) -> None:
    until(lambda: client.job(job)["counts"]["queued"] < 60, what="its first lease")


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
