"""The platform's processes under a supervisor that starts them again, as every operator has one."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.servers import die_with_parent

ROOT = Path(__file__).parents[2]
LOOK_SECONDS = 0.05


@dataclass
class Managed:
    """One process that is kept alive."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    prefix: Sequence[str] = ()
    wanted: bool = True
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    exits: list[int] = field(default_factory=list)  #: the statuses with which it has ended

    @property
    def pid(self) -> int:
        """Its process id now; 0 while it is being started again."""
        process = self.process
        return process.pid if process else 0

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*self.prefix, sys.executable, *self.command],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self.started_at = time.monotonic()

    def tree(self) -> list[psutil.Process]:
        """It and everything below it."""
        if pid := self.pid:
            with suppress(psutil.NoSuchProcess):
                first = psutil.Process(pid)
                return [first, *first.children(recursive=True)]
        return []

    def children(self) -> list[psutil.Process]:
        """What it has started."""
        return self.tree()[1:]

    def signal(self, number: signal.Signals, *, whole: bool = True) -> None:
        """Send a signal to all of it, or to its first process alone."""
        for each in self.tree() if whole else self.tree()[:1]:
            with suppress(psutil.NoSuchProcess):
                each.send_signal(number)

    def kill(self) -> None:
        """Kill all of it at once."""
        below = self.children()
        self.signal(signal.SIGKILL)
        deadline = time.monotonic() + 10
        while not all(map(_is_dead, below)) and time.monotonic() < deadline:  # the first one's is the supervisor's
            time.sleep(0.005)


def _is_dead(process: psutil.Process) -> bool:
    """Whether it runs no more; whoever inherited it may take a second to notice."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


class Supervisor:
    """Starts what has ended again, as long as it is wanted."""

    def __init__(self) -> None:
        self._managed: dict[str, Managed] = {}
        self._lock = threading.RLock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._thread.start()

    def __getitem__(self, name: str) -> Managed:
        return self._managed[name]

    def names(self, prefix: str = "") -> list[str]:
        """The processes that are wanted and whose name begins with *prefix*."""
        return [name for name, each in self._managed.items() if name.startswith(prefix) and each.wanted]

    def add(self, managed: Managed) -> None:
        """Keep *managed* alive from now on."""
        with self._lock:
            self._managed[managed.name] = managed

    def stop(self, name: str, *, seconds: float = 15) -> None:
        """End a process in order and leave it ended."""
        managed = self._managed[name]
        with self._lock:
            managed.wanted = False
        if managed.process is None:
            return
        managed.signal(signal.SIGCONT)
        managed.signal(signal.SIGTERM, whole=False)
        try:
            managed.process.wait(seconds)
        except subprocess.TimeoutExpired:
            managed.kill()
            managed.process.wait()

    def start(self, name: str) -> None:
        """Start a process that was stopped."""
        with self._lock:
            self._managed[name].wanted = True

    def close(self) -> None:
        """Kill everything."""
        self._stopped.set()
        self._thread.join()
        for managed in self._managed.values():
            managed.wanted = False
            if managed.process is not None:
                managed.kill()
                managed.process.wait()

    def _run(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            with self._lock:
                for managed in list(self._managed.values()):
                    self._look(managed)

    def _look(self, managed: Managed) -> None:
        if managed.process is not None and managed.process.poll() is not None:
            managed.exits.append(managed.process.returncode)
            managed.process = None
        if managed.wanted and managed.process is None:
            managed.start()
