"""The embedded platform's supervisor: migrates, mints a key, runs API, sweeper and workers, takes them down with it.

``python -m adloom.cli.supervisor`` runs one that stays as long as someone uses it; ``adloom up`` runs one in front.
"""

import hashlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx2
import structlog

from adloom.cli.checkout import environment, find_checkout, read_settings, with_pepper
from adloom.cli.child import Child, ChildFailed
from adloom.cli.home import Home, write_secret
from adloom.client import Client
from adloom.core.errors import PlatformError, Unauthorized
from adloom.core.lanes import Lane
from adloom.core.log import configure
from adloom.core.settings import Settings
from adloom.core.states import JobState

log = structlog.get_logger()

PARTS = ("database_url", "broker_url", "storage_url", "llm_url", "llm_model")
ALREADY_RUNNING = 75  #: exit code: another supervisor has the home
_WORKERS = {"copy worker": Lane.COPY, "banner worker": Lane.BANNER}
_MEASURED = ("api", *_WORKERS, "sweeper")  #: in the order of their metrics' ports
_TICK_SECONDS = 0.1
_READY_SECONDS = 120.0
_STOP_SECONDS = 8.0  #: what an idle worker takes to stop, and some more
_DRAIN_SECONDS = 4.0  #: the default is made for servers; nobody waits a minute at a prompt


class NotWanted(PlatformError):
    """Everyone who used the platform has gone."""

    code = "not-wanted"


def embed(settings: Settings) -> Settings:
    """*settings* as the embedded platform wants them: on loopback, any free port unless one is set, its own pepper."""
    Home(settings.home).ensure_pepper()
    wanted = {"port": 0, "drain_seconds": _DRAIN_SECONDS, "extra_weights": "*"}
    unset = {name: value for name, value in wanted.items() if name not in settings.model_fields_set}
    return with_pepper(settings).model_copy(update={"host": "127.0.0.1", **unset})


class Supervisor:
    """Runs the platform in *settings*' home while *wanted* says so.  Its caller holds the home's lock."""

    def __init__(self, settings: Settings, *, root: Path, wanted: Callable[[], bool]) -> None:
        self.home = Home(settings.home)
        self._settings = settings.model_copy(update={"port": settings.port or _free_port()})
        self.url = f"http://{settings.host}:{self._settings.port}"
        self._root = root
        self._wanted = wanted
        self._env = environment(self._settings)
        self._children: list[Child] = []

    def run(self, *, on_ready: Callable[[], None]) -> None:
        """Start everything, call *on_ready*, tend it until nobody wants it; then ask everything to stop.

        Raises:
            ChildFailed: a process does not stay up; says which and shows its last words.
        """
        for stale in (self.home.url, self.home.failure):
            stale.unlink(missing_ok=True)
        try:
            self._start()
            on_ready()
            while self._wanted():
                for child in self._children:
                    child.tend()
                time.sleep(_TICK_SECONDS)
        except ChildFailed as failed:
            self.home.failure.write_text(str(failed))
            raise
        finally:
            self._begin_end()

    def _begin_end(self) -> None:
        """Ask everything to stop; where no job is running, end the workers at once.

        They would take seconds to stop, and meanwhile hear the next platform's first bell and not answer it.
        """
        idle = self._is_idle()
        self.home.url.unlink(missing_ok=True)
        for child in self._children:
            if idle and child.name in _WORKERS:
                child.kill()
            else:
                child.ask_to_stop()

    def _is_idle(self) -> bool:
        try:
            with Client(self.url, self.home.key.read_text(), retries=0, timeout_seconds=2.0) as client:
                return next(client.jobs(state=JobState.RUNNING), None) is None
        except (PlatformError, OSError):
            return False  # it cannot be asked: let everything stop in its own time

    def await_end(self) -> None:
        """Wait until everything has stopped; what is too slow, or in the way of a second Ctrl-C, is killed.

        Workers take seconds to stop.  Call this without the home's lock: the next platform need not wait for them.
        """
        deadline = time.monotonic() + self._settings.drain_seconds + _STOP_SECONDS
        try:
            for child in self._children:
                child.wait(deadline)
        except KeyboardInterrupt:
            pass
        finally:
            for child in self._children:
                child.kill()

    def _start(self) -> None:
        migrations = self._child("migrations", "migrations")
        self._children = [migrations]
        migrations.start()
        self._wait(lambda: migrations.exit_code() is not None)
        if migrations.exit_code():
            raise migrations.failed()
        api = self._child("api", "api")
        self._children = [api]
        api.start()
        self._wait(lambda: self._is_ready(api))
        self._ensure_key()
        self._children += [  # only now: the user waits for the API, and uploads while these start
            *(self._child(name, "worker", lane) for name, lane in _WORKERS.items()),
            self._child("sweeper", "worker.sweeper"),
        ]
        hashes = {name: part_hash(getattr(self._settings, name)) for name in PARTS}
        self.home.parts.write_text(json.dumps(hashes))
        write_secret(self.home.url, self.url)

    def _child(self, name: str, *command: str) -> Child:
        """A process of the platform.  Each serves its metrics, if any, on a port of its own, one after the other."""
        path = self.home.log(name)
        path.write_bytes(b"")  # a log tells of one life of the platform
        port = self._settings.metrics_port
        ports = {each: port + number for number, each in enumerate(_MEASURED) if port}
        env = self._env | {"ADLOOM_METRICS_PORT": str(ports.get(name, 0))}
        return Child(name, command, root=self._root, env=env, log=path)

    def _wait(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + _READY_SECONDS
        while not done():
            if not self._wanted():
                raise NotWanted
            if time.monotonic() > until:
                raise ChildFailed(f"The platform is not ready after {_READY_SECONDS:.0f} s. See {self.home.logs}.")
            time.sleep(_TICK_SECONDS)

    def _is_ready(self, api: Child) -> bool:
        if api.exit_code() is not None:
            raise api.failed()  # it cannot come up: waiting for its restarts would only hide why
        try:
            return httpx2.get(f"{self.url}/readyz", timeout=2.0, trust_env=False).is_success
        except httpx2.TransportError:
            return False

    def _ensure_key(self) -> None:
        """Keep the saved key if this database knows it; else mint one."""
        if self.home.key.exists() and self._is_accepted(self.home.key.read_text()):
            return
        minted = subprocess.run(
            [sys.executable, "-m", "api.keys", "create", "--owner", "local"],
            cwd=self._root,
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        key = re.search(r"adl_\S+", minted.stdout)
        if minted.returncode or not key:
            raise ChildFailed(f"No API key could be made: {minted.stderr.strip()[-2000:] or 'no key was printed'}")
        write_secret(self.home.key, key.group())

    def _is_accepted(self, key: str) -> bool:
        try:
            with Client(self.url, key) as client:
                next(client.jobs(), None)
        except Unauthorized:
            return False
        return True


def part_hash(value: str) -> str:
    """What stands for a part's address on disk: the address itself may hold a password."""
    return hashlib.sha256(value.encode()).hexdigest()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def main() -> int:
    """Run in the background as long as someone uses the home; the exit code says whether it could."""
    settings = read_settings()
    configure(settings.log_format)
    home = Home(settings.home)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with home.supervised() as ours, ExitStack() as closed:
        if not ours:
            return ALREADY_RUNNING
        supervisor = Supervisor(settings, root=find_checkout(), wanted=lambda: not home.close_to_users(closed))
        with suppress(NotWanted, ChildFailed, KeyboardInterrupt):
            supervisor.run(on_ready=lambda: log.info("platform.ready", url=supervisor.url))
    supervisor.await_end()
    log.info("platform.stopped")
    return 1 if home.failure.exists() else 0


if __name__ == "__main__":
    raise SystemExit(main())
