"""A worker process opens all it needs or nothing, and is forgotten when it ends, however Celery ends it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import open_database
from tests.conftest import FreshDatabase

ROOT = Path(__file__).parents[2]
MAIN = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def url(fresh_database: FreshDatabase) -> str:
    return fresh_database("sqlite")


def run(script: str, url: str, folder: Path) -> str:
    """What *script* prints as a worker process of its own."""
    settings = {
        "ADLOOM_HOME": str(folder),
        "ADLOOM_DATABASE_URL": url,
        "ADLOOM_BROKER_URL": f"filesystem://{folder / 'bells'}",
        "ADLOOM_STORAGE_URL": "memory:",
        "ADLOOM_LANES": "copy",
        "TMPDIR": str(folder),
    }
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True, timeout=120, check=True
    )
    return done.stdout.strip()


def workers(url: str) -> int:
    """How many worker processes the database knows."""
    database = open_database(url)
    with database.sessions.read() as session:
        number = session.scalar(sa.text("SELECT count(*) FROM workers"))
    database.close()
    return int(number or 0)


def execute(url: str, *statements: str) -> None:
    database = open_database(url)
    with database.sessions.begin() as session:
        for statement in statements:
            session.execute(sa.text(statement))
    database.close()


def test_a_worker_whose_ranking_means_nothing_says_so_and_does_not_start(url: str, tmp_path: Path) -> None:
    settings = {"ADLOOM_HOME": str(tmp_path), "ADLOOM_DATABASE_URL": url, "ADLOOM_RANKING": "charm=1"}
    command = [sys.executable, "-m", "worker", "copy"]
    ended = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert "ADLOOM_RANKING" in ended.stderr
    assert "keywords" in ended.stderr


def test_a_child_that_celery_ends_is_forgotten(url: str, tmp_path: Path) -> None:
    script = """
import os
from celery import signals
from worker.app import runtime
runtime()
for _ in range(2):
    for receiver, answer in signals.worker_process_shutdown.send(sender=None, pid=os.getpid(), exitcode=0):
        assert answer is None, answer
os._exit(0)  # as billiard ends a child
"""
    run(script, url, tmp_path)

    assert workers(url) == 0


def test_a_process_that_ends_by_itself_is_forgotten(url: str, tmp_path: Path) -> None:
    run("from worker.app import runtime; runtime()", url, tmp_path)

    assert workers(url) == 0


def test_a_start_that_fails_leaves_nothing_open(url: str, tmp_path: Path) -> None:
    execute(
        url,
        "ALTER TABLE items RENAME TO lost_items",  # so that settling what the dead sibling held must fail
        "INSERT INTO workers (id, main, lanes, host, pid, started_at, seen_at) VALUES "
        f"('{1:032}', '{MAIN.replace('-', '')}', '[]', 'here', 99999999, '2026-01-01', '2026-01-01')",
    )
    script = f"""
import os, threading
os.environ["_ADLOOM_MAIN"] = "{MAIN}"
from models import DatabaseTrouble
from worker.app import runtime
for _ in range(3):
    try:
        runtime()
    except DatabaseTrouble:
        print("failed", *(thread.name for thread in threading.enumerate()))
"""
    assert run(script, url, tmp_path).splitlines()[-3:] == ["failed MainThread"] * 3
    assert workers(url) == 1


def test_the_order_to_drain_lies_where_only_the_worker_can_write(url: str, tmp_path: Path) -> None:
    script = """
import subprocess, sys
from worker.app import drain_file, stop_children
stop_children()
child = [sys.executable, "-c", "from worker.app import drain_file; print(drain_file.exists())"]
print(drain_file, oct(drain_file.parent.stat().st_mode), drain_file.parent.stat().st_uid, end=" ", flush=True)
subprocess.run(child, check=True)
"""
    file, mode, owner, seen = run(script, url, tmp_path).split()

    assert stat.S_IMODE(int(mode, 8)) == 0o700
    assert int(owner) == os.getuid()
    assert seen == "True"
    assert not Path(file).parent.exists()  # gone with the main process, and only then
