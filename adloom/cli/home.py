"""The embedded platform's folder: its locks, its address, its secrets."""

import fcntl
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


class Home:
    """The files in one ``.adloom`` folder.  Locks are the kernel's, so a killed process leaves none behind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logs = folder / "logs"
        self.url = folder / "url"  #: the running platform's address; gone while none runs
        self.key = folder / "key"
        self.pepper = folder / "pepper"
        self.parts = folder / "parts.json"  #: hashes of the running platform's part addresses
        self.failure = folder / "failure"  #: why the last platform gave up
        self._supervisor = folder / "lock"  #: held alone by the supervisor
        self._users = folder / "users.lock"  #: held together by everyone who uses the platform

    def prepare(self) -> None:
        """Create the folder, hidden from git: it holds secrets."""
        self.logs.mkdir(parents=True, exist_ok=True)
        (self.folder / ".gitignore").write_text("*\n")

    def is_supervised(self) -> bool:
        """True while a supervisor is running."""
        with self._supervisor.open("ab") as file:
            return not _try_lock(file.fileno(), fcntl.LOCK_SH)

    @contextmanager
    def supervised(self) -> Iterator[bool]:
        """Be the supervisor until the block ends; False: someone else is."""
        with self._supervisor.open("ab") as file:
            for _ in range(10):  # someone may be looking whether it is held, for an instant
                if ours := _try_lock(file.fileno(), fcntl.LOCK_EX):
                    break
                time.sleep(0.05)
            yield ours

    @contextmanager
    def used(self) -> Iterator[None]:
        """Be a user until the block ends; waits while a platform that nobody used is going down."""
        with self._users.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield

    def close_to_users(self, closed: ExitStack) -> bool:
        """Lock users out until *closed* is, if there are none; False while someone is there."""
        with ExitStack() as stack:
            file = stack.enter_context(self._users.open("ab"))
            if not _try_lock(file.fileno(), fcntl.LOCK_EX):
                return False
            closed.push(stack.pop_all())
            return True

    def log(self, name: str) -> Path:
        """The log file of the process called *name*."""
        return self.logs / f"{re.sub(r'[^a-z0-9]+', '-', name)}.log"

    def ensure_pepper(self) -> None:
        """Make the pepper up, once."""
        if not self.pepper.exists():
            write_secret(self.pepper, secrets.token_urlsafe(32))


def write_secret(path: Path, text: str) -> None:
    """Write *text* to *path*, readable by nobody else, whole or not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    partial.replace(path)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
