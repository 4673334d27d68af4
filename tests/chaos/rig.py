"""A whole platform on private servers, every part of which can be broken while it works."""

import json
import secrets
import signal
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import httpx2
import psutil
import sqlalchemy as sa

from adloom.core.states import ItemState
from migrations import upgrade
from models import Database, Item, Worker, open_database
from services.keys import mint_key
from tests.chaos.load import History, Load, fakes, orders
from tests.chaos.packages import Mutation, install
from tests.chaos.processes import Managed, Supervisor
from tests.chaos.receiver import Receiver, receiver
from tests.proxy import Proxy
from tests.servers import Server, breakable_postgres, breakable_rabbitmq, breakable_redis, free_port

Found = TypeVar("Found")

OWNER = "ada"
SCALE = 20  #: production's lease of 60 s is 3 s here
TIMERS = {
    "ADLOOM_LEASE_SECONDS": "3",
    "ADLOOM_HEARTBEAT_SECONDS": "0.75",
    "ADLOOM_SWEEP_SECONDS": "0.25",
    "ADLOOM_GRACE_SECONDS": "0.25",
    "ADLOOM_STALL_SECONDS": "6",
    "ADLOOM_LOAD_SECONDS": "30",
    "ADLOOM_WATCHDOG_SECONDS": "3",
    "ADLOOM_BELL_SECONDS": "5",
    "ADLOOM_LITTER_SECONDS": "5",
    "ADLOOM_DRAIN_SECONDS": "4",
    "ADLOOM_RETRY_SECONDS": "0.2",
}
LEASE_SECONDS, GRACE_SECONDS, SWEEP_SECONDS = 3.0, 0.25, 0.25
START_SECONDS = 60.0


@dataclass(frozen=True)
class Plan:
    """What a rig is made of."""

    broker: str = "redis"  #: redis, rabbitmq, files or none
    database: str = "postgresql"  #: or sqlite
    workers: int = 2
    sweepers: int = 1
    mutations: Sequence[Mutation] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    database_folder: Path | None = None  #: where PostgreSQL keeps its data; None: somewhere
    database_options: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As it stands in the report."""
        names = {"postgresql": "PostgreSQL", "sqlite": "SQLite", "rabbitmq": "RabbitMQ", "redis": "Redis"}
        names |= {"files": "files", "none": "no broker"}
        return f"{names[self.database]} + {names[self.broker]}"


@dataclass
class Rig:
    """The running platform.  The links of workers and of the API go through proxies of their own."""

    plan: Plan
    folder: Path
    database: Database  #: the suite's own way to the truth, past every proxy
    database_server: Server | None
    broker_server: Server | None
    links: Mapping[str, Proxy]  #: worker-database, api-database, worker-broker, api-broker
    supervisor: Supervisor
    told: Receiver  #: where webhooks go
    environment: Mapping[str, str]
    url: str
    key: str
    secrets: Sequence[str]
    start_seconds: float = 0.0  #: the slowest start of a worker, to its first report, beside others at work
    is_dirty: bool = False  #: a trial has failed on it: start anew

    def workers(self) -> list[Managed]:
        """The worker processes."""
        return [self.supervisor[name] for name in self.supervisor.names("worker")]

    def child(self, worker: Managed) -> psutil.Process | None:
        """The process below *worker* that runs the generator; None while there is none."""
        known = set(self.reported().values())
        return next((child for child in worker.children() if child.pid in known), None)

    def reported(self) -> dict[UUID, int]:
        """The workers that have reported themselves, with their process ids."""
        with self.database.sessions.read() as session:
            return {row.id: row.pid for row in session.execute(sa.select(Worker.id, Worker.pid))}

    def holders(self) -> dict[UUID, int]:
        """Who holds leases, and how many."""
        with self.database.sessions.read() as session:
            held = sa.select(Item.worker, sa.func.count()).where(Item.state == ItemState.LEASED).group_by(Item.worker)
            return {worker: count for worker, count in session.execute(held) if worker is not None}

    def holds(self, worker: Managed) -> int:
        """How many leases the processes below *worker* hold."""
        reported, below = self.reported(), {child.pid for child in worker.children()}
        return sum(count for holder, count in self.holders().items() if reported.get(holder) in below)

    def busy(self, seconds: float = 20) -> tuple[Managed, UUID]:
        """Some worker that holds leases, with the incarnation that does."""

        def look() -> tuple[Managed, UUID] | None:
            reported = self.reported()
            for holder in self.holders():
                for worker in self.workers():
                    if reported.get(holder) in {child.pid for child in worker.children()}:
                        return worker, holder
            return None

        return found(look, what="a worker that holds leases", seconds=seconds)

    def is_rid_of(self, worker: UUID) -> Callable[[], bool]:
        """A question: does that incarnation hold nothing any more?"""
        return lambda: worker not in self.holders()

    def only_the_living_hold(self) -> bool:
        """Whether every lease is some living process's."""
        reported = self.reported()
        return all(psutil.pid_exists(reported.get(holder, -1)) for holder in self.holders())

    def is_ready(self) -> bool:
        """Whether the API can work and every wanted worker has reported itself."""
        try:
            return self.api_is_ready() and all(self.child(worker) is not None for worker in self.workers())
        except sa.exc.SQLAlchemyError:
            return False

    def api_is_ready(self) -> bool:
        """Whether the API can work."""
        try:
            return httpx2.get(f"{self.url}/readyz", timeout=5, trust_env=False).status_code == 200
        except httpx2.RequestError:
            return False

    def wait_ready(self) -> None:
        """Wait until everything is up."""
        until(self.is_ready, what=f"the platform; see {self.folder}", seconds=START_SECONDS)

    def heal(self) -> None:
        """Put every link and every server right."""
        for link in self.links.values():
            link.heal()
        for server in (self.database_server, self.broker_server):
            if server is None:
                continue
            server.resume()
            if not server.is_running():
                server.start()
        for name in self.supervisor.names():
            self.supervisor[name].signal(signal.SIGCONT)

    def add(
        self, name: str, *command: str, prefix: Sequence[str] = (), more: Mapping[str, str] | None = None
    ) -> Managed:
        """Keep one more process alive: ``python`` *command*."""
        side = "worker" if name.startswith("worker") else "api"
        settings = {**self.environment, **self._addresses(side), **(more or {})}
        managed = Managed(name, command, settings, self.folder / f"{name}.log", prefix)
        self.supervisor.add(managed)
        return managed

    def add_worker(self, name: str, *, prefix: Sequence[str] = (), more: Mapping[str, str] | None = None) -> Managed:
        """Keep one more worker for the copy lane alive."""
        return self.add(name, "-m", "worker", "copy", prefix=prefix, more=more)

    def _addresses(self, side: str) -> dict[str, str]:
        """Databases and brokers as the processes of one *side* reach them: through its links."""
        found = {}
        for part, variable in (("database", "ADLOOM_DATABASE_URL"), ("broker", "ADLOOM_BROKER_URL")):
            link = self.links.get(f"{side}-{part}")
            if link is not None:
                address = urlsplit(self.environment[variable])
                who = f"{address.username}:{address.password}@" if address.username else ""
                found[variable] = f"{address.scheme}://{who}127.0.0.1:{link.port}{address.path}"
        return found

    def logs(self) -> str:
        """Everything that the platform's processes have written."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def arm(self, failpoint: str) -> Path:
        """Arm a failpoint; the file is gone once it went off."""
        file = Path(self.environment["CHAOS_FAILPOINTS"], failpoint)
        file.touch()
        return file

    @property
    def store(self) -> Path:
        """The folder of the object store."""
        return Path(self.environment["ADLOOM_STORAGE_URL"].removeprefix("file:"))

    def testimony(self, event: str, items: Collection[str] = ()) -> list[dict[str, Any]]:  # Any: JSON
        """What the fake GPUs have testified of *event*, about *items* if given."""
        path = Path(self.environment["CHAOS_WITNESS"])
        lines = path.read_text().splitlines() if path.exists() else []
        told = [line for line in map(json.loads, lines) if line["event"] == event]
        return [line for line in told if not items or line.get("item") in items]


def until(done: Callable[[], bool], *, what: str, seconds: float) -> float:
    """Wait for *done* and return how many seconds that took; a `TimeoutError` names *what* did not come."""
    begun = time.monotonic()
    while not done():
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"Waited {seconds:.0f} s for {what}.")
        time.sleep(0.03)
    return time.monotonic() - begun


def gone(path: Path) -> Callable[[], bool]:
    """A question: is there no such file any more?"""
    return lambda: not path.exists()


def rises(count: Callable[[], int]) -> Callable[[], bool]:
    """A question: is *count* more than it is now?"""
    before = count()
    return lambda: count() > before


def found(look: Callable[[], Found | None], *, what: str, seconds: float) -> Found:
    """Wait until *look* finds something."""
    begun = time.monotonic()
    while (answer := look()) is None:
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"Waited {seconds:.0f} s for {what}.")
        time.sleep(0.02)
    return answer


@contextmanager
def rig(folder: Path, plan: Plan) -> Iterator[Rig]:
    """Start everything that *plan* names; it ends with the block."""
    with ExitStack() as opened:
        servers = _start_servers(opened, plan)
        password, pepper = secrets.token_hex(12), secrets.token_hex(16)
        addresses = _addresses_of(servers, plan, folder, password)
        upgrade(addresses["ADLOOM_DATABASE_URL"])
        database = open_database(addresses["ADLOOM_DATABASE_URL"], pool_size=4)
        opened.callback(database.close)
        key, port = _mint(database, pepper), free_port()
        links = {
            f"{side}-{part}": opened.enter_context(_link(server))
            for part, server in servers.items()
            for side in ("worker", "api")
            if server is not None
        }
        supervisor = Supervisor()
        opened.callback(supervisor.close)
        made = Rig(
            plan,
            folder,
            database,
            servers["database"],
            servers["broker"],
            links,
            supervisor,
            opened.enter_context(receiver()),
            {**TIMERS, **_environment(folder, plan, pepper, port), **addresses, **plan.settings},
            f"http://127.0.0.1:{port}",
            key,
            [pepper, password, key],
        )
        _populate(made)
        yield made


def _start_servers(opened: ExitStack, plan: Plan) -> dict[str, Server | None]:
    servers: dict[str, Server | None] = {"database": None, "broker": None}
    if plan.database == "postgresql":
        options = {"max_connections": "60", **plan.database_options}
        servers["database"] = opened.enter_context(breakable_postgres(folder=plan.database_folder, options=options))
    if plan.broker in ("redis", "rabbitmq"):
        broker = breakable_redis() if plan.broker == "redis" else breakable_rabbitmq()
        servers["broker"] = opened.enter_context(broker)
    return servers


def _addresses_of(servers: Mapping[str, Server | None], plan: Plan, folder: Path, password: str) -> dict[str, str]:
    """Past every proxy.  PostgreSQL trusts everybody here: the password is there to be looked for in the logs."""
    database, broker = servers["database"], servers["broker"]
    bells = {"files": f"filesystem://{folder / 'bells'}", "none": "none:"}
    return {
        "ADLOOM_DATABASE_URL": database.url.replace("adloom@", f"adloom:{password}@")
        if database
        else f"sqlite:///{folder / 'adloom.db'}",
        "ADLOOM_BROKER_URL": broker.url if broker else bells[plan.broker],
    }


def _environment(folder: Path, plan: Plan, pepper: str, port: int) -> dict[str, str]:
    return {
        **install(folder, mutations=plan.mutations),
        "ADLOOM_HOME": str(folder / "home"),
        "ADLOOM_STORAGE_URL": f"file:{folder / 'assets'}",
        "ADLOOM_PORT": str(port),
        "ADLOOM_API_KEY_PEPPER": pepper,
        "ADLOOM_LOG_FORMAT": "json",
        "ADLOOM_WEBHOOKS": "any",
    }


def _link(server: Server) -> Proxy:
    address = urlsplit(server.url)
    assert address.hostname
    assert address.port
    return Proxy(address.hostname, address.port)


def _mint(database: Database, pepper: str) -> str:
    with database.sessions.begin() as session:
        now = database.now(session)
        return mint_key(session, owner=OWNER, name="chaos", pepper=pepper.encode(), now=now + timedelta(0)).key


def _populate(made: Rig) -> None:
    made.add("api", "-m", "api")
    for number in range(made.plan.sweepers):
        made.add(f"sweeper-{number}", "-m", "worker.sweeper")
    workers = [made.add_worker(f"worker-{number}") for number in range(made.plan.workers)]
    made.wait_ready()
    made.start_seconds = max([_start_again(made, worker) for worker in workers], default=0.0)


def _start_again(made: Rig, worker: Managed) -> float:
    """Kill *worker* under the load that faults meet: the start that recovery times are compared with."""
    load = Load(made.url, made.key, History(made.folder / "history-start.jsonl"), webhook=made.told.url)
    if not made.plan.mutations:  # a mutant need not be able to work
        load.start(orders("start", lambda _: fakes(40, seconds=0.05)), endless=True)
    worker.kill()
    seconds = until(made.is_ready, what=f"a worker; see {made.folder}", seconds=START_SECONDS)
    load.enough()
    if not load.wait(START_SECONDS):
        raise TimeoutError("The platform does not work off the load that its first start is measured under.")
    return seconds
