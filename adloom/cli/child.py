"""One process of the embedded platform: started, restarted when it crashes, and gone when its supervisor is."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog

from adloom.core.errors import PlatformError

log = structlog.get_logger()

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
_QUICK_SECONDS = 10.0  #: a child that lives shorter did not really start
_QUICK_DEATHS = 4  #: so many in a row, and another start will not help
_TAIL_LINES = 12
_RAISED = re.compile(r"([a-z_]\w*\.)*[A-Z]\w+: ")  #: how the last part of a traceback begins


class ChildFailed(PlatformError):
    """A process of the embedded platform does not stay up."""

    code = "child-failed"


class Child:
    """``python -m *command*`` in *root*, with its output in *log*."""

    def __init__(self, name: str, command: tuple[str, ...], *, root: Path, env: dict[str, str], log: Path) -> None:
        self.name = name
        self._command = command
        self._root = root
        self._env = env
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0  #: on the monotonic clock
        self._start_at = 0.0  #: not before this instant; on the monotonic clock
        self._quick_deaths = 0

    def start(self) -> None:
        """Start the process, in a group of its own so that `kill` reaches what it starts itself."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._command],
                cwd=self._root,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=_dies_with(os.getpid()),
            )
        self._started_at = time.monotonic()

    def tend(self) -> None:
        """Start the process again if it has ended, later each time.

        Raises:
            ChildFailed: it has ended right after its start too often.
        """
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_at:
                self.start()
            return
        if self._process.poll() is None:
            return
        self._quick_deaths = self._quick_deaths + 1 if now - self._started_at < _QUICK_SECONDS else 0
        if self._quick_deaths >= _QUICK_DEATHS:
            raise self.failed()
        log.warning("child.ended", child=self.name, code=self._process.returncode, log=str(self._log))
        self._kill_group()
        self._process = None
        self._start_at = now + 0.5 * 2**self._quick_deaths

    def exit_code(self) -> int | None:
        """How the process ended; None while it runs."""
        return self._process.poll() if self._process else None

    def failed(self) -> ChildFailed:
        """The error that says which process ended, how, and with which last words."""
        last_words = "".join(f"\n  {line}" for line in _tail(self._log.read_text(errors="replace"))) or " (empty)"
        return ChildFailed(
            f"The platform's {self.name} process ended with code {self.exit_code()}. "
            f"Last lines of {self._log}:{last_words}"
        )

    def ask_to_stop(self) -> None:
        """Send SIGTERM: finish what is quick, give back the rest."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait until the process has ended, or until *deadline* on the monotonic clock."""
        if self._process:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(max(0.0, deadline - time.monotonic()))

    def kill(self) -> None:
        """End the process and whatever it has started, now."""
        if self._process:
            self._kill_group()
            self._process.wait()

    def _kill_group(self) -> None:
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _tail(text: str) -> list[str]:
    """The last lines of a log; of a traceback at its end only what it ends with, for that says what is the case."""
    lines = text.rstrip().splitlines()[-_TAIL_LINES:]
    raised = [number for number, line in enumerate(lines) if _RAISED.match(line)]
    return lines[raised[-1] :] if raised else lines


def _dies_with(parent: int) -> Callable[[], None]:
    """What a child does before it becomes its program: ask the kernel to end it when *parent* ends."""

    def ask_kernel() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the kernel was asked
            os._exit(1)

    return ask_kernel
