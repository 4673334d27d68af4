"""The platform in ``.adloom``: start it or join the one that runs, and keep it up as long as it is used."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from adloom.cli.checkout import environment, find_checkout, read_settings
from adloom.cli.home import Home
from adloom.cli.supervisor import ALREADY_RUNNING, embed, part_hash
from adloom.core.errors import BadConfiguration, PlatformError
from adloom.core.settings import Settings


class PlatformStopped(PlatformError):
    """The embedded platform has stopped.  Jobs are kept: it goes on with them when it is started again."""

    code = "platform-stopped"


@dataclass(frozen=True)
class Embedded:
    """The running platform of one home."""

    url: str
    api_key: str
    home: Home

    def check(self) -> None:
        """Raise `PlatformStopped`, with the reason if there is one, unless the platform is running."""
        if not self.home.is_supervised():
            raise PlatformStopped(_reason(self.home))


@contextmanager
def start_or_join(parts: Mapping[str, str]) -> Iterator[Embedded]:
    """Be a user of the embedded platform, made of *parts* where they name any, until the block ends.

    The last user's end, however it comes, is the platform's: the kernel tells the supervisor through a lock.

    Raises:
        BadConfiguration: there is no checkout, or a platform with other parts is running.
        PlatformStopped: it cannot be started; says which process failed, with its last words.
    """
    settings = read_settings(**parts)
    root = find_checkout()
    home = Home(settings.home)
    home.prepare()
    with home.used():
        url = _await_platform(home, settings, root)
        _compare(home, {name: getattr(settings, name) for name, value in parts.items() if value})
        yield Embedded(url, home.key.read_text(), home)


@contextmanager
def join() -> Iterator[Embedded]:
    """Be a user of the embedded platform that is running.

    Raises:
        PlatformStopped: none is running.
    """
    home = Home(read_settings().home)
    if not home.folder.is_dir() or not home.is_supervised():
        raise PlatformStopped(
            f"No platform is running in {home.folder}. Start one with 'adloom up', or name one with --url."
        )
    with start_or_join({}) as platform:
        yield platform


def _await_platform(home: Home, settings: Settings, root: Path) -> str:
    """The address of the platform that answers, started here unless one runs."""
    started: subprocess.Popen[bytes] | None = None
    while True:
        if not home.is_supervised():
            code = started.poll() if started else ALREADY_RUNNING
            if started and (home.failure.exists() or code not in (None, ALREADY_RUNNING)):
                raise PlatformStopped(_reason(home))
            if code == ALREADY_RUNNING:
                started = _spawn(home, settings, root)
        elif (url := _answering(home)) is not None:
            return url
        time.sleep(0.05)


def _spawn(home: Home, settings: Settings, root: Path) -> subprocess.Popen[bytes]:
    """Start a supervisor out of reach of the terminal's Ctrl-C: a run that is cancelled still needs its platform."""
    home.failure.unlink(missing_ok=True)
    with home.log("supervisor").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "adloom.cli.supervisor"],
            cwd=root,
            env=environment(embed(settings)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _answering(home: Home) -> str | None:
    """The address that the supervisor has published, once something answers there."""
    try:
        url = home.url.read_text()
        return url if httpx2.get(f"{url}/healthz", timeout=2.0, trust_env=False).is_success else None
    except (FileNotFoundError, httpx2.TransportError):
        return None


def _compare(home: Home, asked: Mapping[str, str]) -> None:
    running = json.loads(home.parts.read_text())
    for name, value in asked.items():
        if running.get(name) != part_hash(value):
            raise BadConfiguration(
                f"The platform that is running in {home.folder} has another {name.replace('_', ' ')}. "
                "Stop it first, or set ADLOOM_HOME to another folder."
            )


def _reason(home: Home) -> str:
    if home.failure.exists():
        return home.failure.read_text()
    words = home.log("supervisor").read_text(errors="replace").strip() if home.log("supervisor").exists() else ""
    return f"The platform in {home.folder} has stopped. {words[-2000:]}".strip()
