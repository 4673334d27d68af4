"""The embedded platform's supervision, on a checkout whose programs are tiny, and once on the real ones."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import adloom as library

API = """
import json, os, pathlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
home = pathlib.Path(os.environ["ADLOOM_HOME"])
(home / f"api.{os.getpid()}.pid").touch()
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.headers.get("Authorization") == "Bearer adl_1_good"
        status = 200 if known or self.path in ("/readyz", "/healthz") else 401
        job = {"id": "job", "state": "running", "total": 1, "counts": {"queued": 1}}
        body = json.dumps({"data": [], "code": "unauthorized", **job}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
ThreadingHTTPServer(("127.0.0.1", int(os.environ["ADLOOM_PORT"])), Handler).serve_forever()
"""
SLEEPER = """
import os, pathlib, sys, time
name = "worker-" + sys.argv[1] if len(sys.argv) > 1 else "sweeper"
(pathlib.Path(os.environ["ADLOOM_HOME"]) / f"{name}.{os.getpid()}.pid").touch()
time.sleep(600)
"""
KEYS = """
import os, pathlib
with open(pathlib.Path(os.environ["ADLOOM_HOME"]) / "minted", "a") as file: file.write("x")
print("adl_1_good")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clone in which every program of the server is a few lines."""
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "adloom").symlink_to(Path(library.__file__).parent)
    programs = {
        "migrations/__main__.py": "",
        "api/__main__.py": API,
        "api/keys.py": KEYS,
        "worker/__main__.py": SLEEPER,
        "worker/sweeper.py": SLEEPER,
    }
    for name, source in programs.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).with_name("__init__.py").touch()  # or the real, installed package would be found instead
        (root / name).write_text(source)
    return root


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(checkout: Path, home: Path) -> Iterator[Start]:
    """Starts ``adloom *arguments*`` in the checkout, and ends what is left of it after the test."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("ADLOOM_")}
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "adloom", *arguments]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, cwd=checkout, env=env | {"ADLOOM_HOME": str(home)}, stdout=pipe, stderr=pipe, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def eventually(holds: Callable[[], object], *, seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)


def running(home: Path) -> dict[str, int]:
    """The stand-ins that live now: name -> pid."""
    found = {path.name.split(".")[0]: int(path.name.split(".")[1]) for path in sorted(home.glob("*.pid"))}
    return {name: pid for name, pid in found.items() if lives(pid)}


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def everything_runs(home: Path) -> bool:
    return (home / "url").exists() and set(running(home)) == {"api", "sweeper", "worker-copy", "worker-banner"}


def start_up(start: Start, home: Path) -> "subprocess.Popen[str]":
    process = start("up")
    eventually(lambda: everything_runs(home))
    return process


def test_up_starts_everything_and_keeps_its_secrets_to_its_user(start: Start, home: Path) -> None:
    start_up(start, home)
    assert (home / "key").read_text() == "adl_1_good"
    assert {stat.S_IMODE((home / name).stat().st_mode) for name in ("key", "pepper")} == {0o600}
    assert (home / "url").read_text().startswith("http://127.0.0.1:")
    assert (home / ".gitignore").read_text() == "*\n"


def test_ctrl_c_ends_everything(start: Start, home: Path) -> None:
    process = start_up(start, home)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert running(home) == {}
    assert not (home / "url").exists()


def test_nothing_outlives_a_killed_supervisor(start: Start, home: Path) -> None:
    process = start_up(start, home)
    process.kill()
    process.wait()
    eventually(lambda: not running(home), seconds=5)


def test_a_second_platform_in_the_same_home_is_refused(start: Start, home: Path) -> None:
    start_up(start, home)
    second = start("up")
    _, err = second.communicate(timeout=20)
    assert second.returncode == 1
    assert "already running" in err


def test_a_command_joins_the_platform_that_runs(start: Start, home: Path) -> None:
    start_up(start, home)
    before = running(home)
    out, _ = start("jobs", "--json").communicate(timeout=20)
    assert json.loads(out) == []
    assert running(home) == before


def test_a_command_starts_a_platform_and_takes_it_down_at_its_end(start: Start, home: Path) -> None:
    out, _ = start("jobs", "--json").communicate(timeout=30)
    assert json.loads(out) == []
    eventually(lambda: not running(home))


def test_the_platform_stays_until_its_last_user_is_gone_however_that_goes(start: Start, home: Path) -> None:
    first = start("watch", "job")
    eventually(lambda: everything_runs(home))
    before = running(home)
    second = start("watch", "job")
    assert second.stderr is not None
    second.stderr.readline()  # it sees the job, so it uses the platform
    first.kill()
    first.wait()
    time.sleep(0.5)  # the supervisor looks every tenth of a second
    assert running(home) == before
    second.kill()
    eventually(lambda: not running(home))


def test_the_key_is_minted_once_and_again_only_if_the_database_has_forgotten_it(start: Start, home: Path) -> None:
    for _ in range(2):
        start("jobs").communicate(timeout=30)
    assert (home / "minted").read_text() == "x"
    (home / "key").write_text("adl_0_old")
    start("jobs").communicate(timeout=30)
    assert (home / "minted").read_text() == "xx"


def test_a_crashed_worker_is_started_again(start: Start, home: Path) -> None:
    start_up(start, home)
    before = running(home)["worker-copy"]
    os.kill(before, signal.SIGKILL)
    eventually(lambda: running(home).get("worker-copy", before) != before)


@pytest.mark.parametrize(
    ("program", "name"), [("migrations/__main__.py", "migrations"), ("api/__main__.py", "api"), ("api/keys.py", "key")]
)
def test_a_program_that_cannot_start_is_named_with_its_last_words(
    start: Start, checkout: Path, program: str, name: str
) -> None:
    (checkout / program).write_text("raise SystemExit('the disk is full')")
    ended = start("jobs")
    _, err = ended.communicate(timeout=30)
    assert ended.returncode == 1
    assert name in err
    assert "the disk is full" in err


def test_a_worker_that_never_stays_up_ends_the_platform(start: Start, checkout: Path) -> None:
    (checkout / "worker" / "__main__.py").write_text("raise SystemExit('no torch here')")
    ended = start("up")
    _, err = ended.communicate(timeout=60)
    assert ended.returncode == 1
    assert "copy worker" in err
    assert "no torch here" in err


def test_other_parts_than_the_running_platforms_are_refused(start: Start, home: Path, checkout: Path) -> None:
    start_up(start, home)
    (checkout / "feed.csv").write_text("id,title\n1,Tent\n")
    other = start("run", "feed.csv", "--channel", "google_rsa", "--storage-url", "file:elsewhere")
    _, err = other.communicate(timeout=20)
    assert other.returncode == 1
    assert "storage url" in err


@pytest.mark.slow
def test_the_real_platform_makes_a_job_and_is_gone(tmp_path: Path) -> None:
    (tmp_path / "job.json").write_text(json.dumps([{"kind": "noop", "spec": {}}]))
    env = os.environ | {"ADLOOM_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "adloom", "submit", str(tmp_path / "job.json"), "--wait"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["state"] == "succeeded"
    eventually(lambda: not (tmp_path / "home" / "url").exists())
