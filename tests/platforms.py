"""The whole platform as real processes, for end-to-end tests and measurements."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from adloom.client import Client
from adloom.core.errors import PlatformError
from tests.servers import free_port

ROOT = Path(__file__).parents[1]
START_SECONDS = 90


@contextmanager
def process(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python *command* from the checkout until the block ends."""
    with log.open("ab") as output:
        running = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(15)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


@dataclass(frozen=True)
class Platform:
    """A running platform: its client, and the means to start more workers."""

    client: Client
    key: str
    environment: Mapping[str, str]
    folder: Path
    started: ExitStack

    def start_worker(self, *lanes: str) -> subprocess.Popen[bytes]:
        """Start a worker for *lanes*; it ends with the platform."""
        log = self.folder / f"worker-{'-'.join(lanes)}.log"
        return self.started.enter_context(process(["-m", "worker", *lanes], self.environment, log))


@contextmanager
def platform(
    folder: Path, *, database_url: str = "", broker_url: str = "", settings: Mapping[str, str] | None = None
) -> Iterator[Platform]:
    """Migrate, mint a key, start API and sweeper; without URLs the embedded default.  Workers are the caller's."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    environment = {
        **os.environ,
        "ADLOOM_HOME": str(folder),
        "ADLOOM_DATABASE_URL": database_url,
        "ADLOOM_BROKER_URL": broker_url,
        "ADLOOM_PORT": str(port),
        "ADLOOM_API_KEY_PEPPER": "tests",
        **(settings or {}),
    }
    _run(["-m", "migrations"], environment)
    key = _run(["-m", "api.keys", "create", "--owner", "ada"], environment).strip()
    with ExitStack() as started:
        started.enter_context(process(["-m", "api"], environment, folder / "api.log"))
        started.enter_context(process(["-m", "worker.sweeper"], environment, folder / "sweeper.log"))
        client = started.enter_context(Client(f"http://127.0.0.1:{port}", key))
        until(lambda: _answers(client), what=f"the API; see {folder / 'api.log'}")
        yield Platform(client, key, environment, folder, started)


def until(done: Callable[[], bool], *, what: str, seconds: float = START_SECONDS) -> None:
    """Wait for *done*; a `TimeoutError` names *what* did not come."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {seconds} s for {what}.")
        time.sleep(0.1)


def finish(client: Client, job_id: str, *, seconds: float = START_SECONDS) -> Mapping[str, object]:
    """Wait until a job is final."""
    until(lambda: client.job(job_id)["state"] != "running", what=f"job {job_id}", seconds=seconds)
    return json.loads(json.dumps(client.job(job_id)))  # type: ignore[no-any-return]


def _answers(client: Client) -> bool:
    try:
        list(client.kinds())
    except PlatformError:
        return False
    return True


def _run(command: Sequence[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout
