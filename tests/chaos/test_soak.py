"""Everything at once, at random, for long: F37 on SQLite, F38 on servers."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from signal import SIGCONT, SIGSTOP, SIGTERM

import pysqlite3.dbapi2
import pytest

from tests.chaos.conftest import Rigs
from tests.chaos.load import orders
from tests.chaos.rig import Plan, Rig, until
from tests.chaos.trial import IS_WHOLE, Fault, Trial, kill_postgres, rounds, trial

pytestmark = pytest.mark.chaos

RANDOM_FAULTS = 200
RANDOM_ITEMS = 20_000


def test_f37_sqlite_survives_the_death_of_everything(rigs: Rigs) -> None:
    servers = rigs.get(Plan(broker="files", database="sqlite", workers=1))
    fault = Fault("F37", "kill -9 of every process at a random moment", "integrity_check", 75, starts=1)
    with trial(servers, fault) as made:
        made.keep_busy(seconds=0.02)
        for _ in range(rounds(12)):
            time.sleep(made.chance.uniform(0.0, 1.5))
            with made.broken():
                for name in servers.supervisor.names():
                    servers.supervisor[name].kill()
                assert integrity(servers) == "ok"
                servers.wait_ready()
        begun = time.monotonic()
        made.finish(120)
        made.remarks.append(f"all made {time.monotonic() - begun:.0f} s after the last")
        assert integrity(servers) == "ok"
    rigs.close()


def integrity(servers: Rig) -> str:
    """What SQLite says of its file, through a connection of our own."""
    connection = pysqlite3.dbapi2.connect(servers.folder / "adloom.db", timeout=30)
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.chaos(short=True)
def test_f38_all_of_it_at_random(rigs: Rigs, request: pytest.FixtureRequest) -> None:
    soak(rigs, "redis")


def test_f38_all_of_it_at_random_on_rabbitmq(rigs: Rigs) -> None:
    soak(rigs, "rabbitmq")


def soak(rigs: Rigs, broker: str) -> None:
    """Do random faults while a long load runs, and look at everything at the end."""
    seed = int(os.environ.get("CHAOS_SEED", "0")) or random.SystemRandom().randrange(1_000_000)
    faults = int(os.environ.get("CHAOS_FAULTS", RANDOM_FAULTS if IS_WHOLE else 4))
    items = int(os.environ.get("CHAOS_ITEMS", RANDOM_ITEMS if IS_WHOLE else 300))
    servers = rigs.get(Plan(broker=broker, workers=3 if IS_WHOLE else 2))
    done = f"{faults} random faults over {items} items, one every 0.3 to 2 s, seed {seed}"
    with trial(
        servers, Fault("F38", done, "none lost, doubled or stuck"), rest_seconds=900, clients=6 if IS_WHOLE else 2
    ) as made:
        made.chance = random.Random(seed)
        hundred = [*made.fakes(97, asset=False, seconds=0.01), *made.fakes(3, seconds=0.01)]
        made.load.start(orders(made.prefix, lambda _: hundred), endless=True)
        tally = Counter(strike(made, name) for name in draw(made.chance, faults))
        made.remarks.append(", ".join(f"{count} {name}" for name, count in sorted(tally.items())))
        servers.heal()
        until(lambda: sum(made.load.wanted.values()) >= items, what="enough items", seconds=1200)
        made.finish(300)
        spent = Counter(item.error_code for item in made.items() if item.state != "succeeded")
        assert set(spent) <= {"lease-lost", "worker-crashed"}, f"items failed of something else: {spent}"
        made.remarks.append(f"{spent.total()} items met three dead processes or ten lost leases")


DEEDS: dict[str, tuple[int, Callable[[Trial], object]]] = {  #: how often among each other, and what is done
    "children killed": (4, lambda made: kill_child(made)),
    "workers killed": (4, lambda made: made.chance.choice(made.rig.workers()).kill()),
    "workers paused": (3, lambda made: pause_worker(made)),
    "sweepers killed": (2, lambda made: made.rig.supervisor["sweeper-0"].kill()),
    "brokers killed": (2, lambda made: kill_broker(made)),
    "databases killed": (1, lambda made: kill_postgres(made.rig)),
    "connections reset": (3, lambda made: made.rig.links["worker-database"].reset()),
    "commits cut": (3, lambda made: cut_commit(made)),
    "workers told to stop": (3, lambda made: made.chance.choice(made.rig.workers()).signal(SIGTERM, whole=False)),
    "APIs killed": (1, lambda made: made.rig.supervisor["api"].kill()),
}


def draw(chance: random.Random, times: int) -> list[str]:
    """The names of random faults, from a deck: of many, none is missing."""
    deck = [name for name, (weight, _) in DEEDS.items() for _ in range(weight)]
    return chance.sample(deck * (times // len(deck) + 1), times)


def strike(made: Trial, name: str) -> str:
    """Do one fault, wait a little, and say which it was."""
    with made.broken():
        DEEDS[name][1](made)
        time.sleep(made.chance.uniform(0.3, 2.0))
    return name


def kill_child(made: Trial) -> None:
    """Kill a process that generates."""
    for child in made.chance.choice(made.rig.workers()).children():
        with suppress(Exception):
            child.kill()


def pause_worker(made: Trial) -> None:
    """Pause a worker for longer than a lease, and go on meanwhile."""
    worker = made.chance.choice(made.rig.workers())
    worker.signal(SIGSTOP)
    threading.Timer(made.chance.uniform(2.0, 6.0), lambda: worker.signal(SIGCONT)).start()


def kill_broker(made: Trial) -> None:
    """Kill the broker, and start it again."""
    server = made.rig.broker_server
    assert server is not None
    server.kill()
    time.sleep(made.chance.uniform(0.0, 1.0))
    server.start()


def cut_commit(made: Trial) -> None:
    """Cut some connection before the answer to its next COMMIT."""
    link = made.rig.links[made.chance.choice(["worker-database", "api-database"])]
    link.cut(b"COMMIT")
    time.sleep(0.3)
    link.heal()
