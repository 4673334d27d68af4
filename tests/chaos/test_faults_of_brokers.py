"""The broker dies, forgets, hangs, fills up: F8 to F14, F30.  It carries bells, never work."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from kombu import Connection, Exchange, Queue
from redis import Redis

from adloom.core.lanes import Lane
from broker import queue_name
from tests.chaos.rig import Rig, until
from tests.chaos.trial import Fault, Trial, rounds, trial
from tests.servers import Server, rabbitmqctl

pytestmark = pytest.mark.chaos

RECONNECT_SECONDS = 10.0  #: Celery's own, as measured: its back-off knows none of our timers

on_redis = pytest.mark.parametrize("servers", ["redis"], indirect=True)
on_rabbitmq = pytest.mark.parametrize("servers", ["rabbitmq"], indirect=True)


def broker(servers: Rig) -> Server:
    """The broker's server."""
    assert servers.broker_server is not None
    return servers.broker_server


@contextmanager
def down(made: Trial, seconds: float) -> Iterator[None]:
    """Kill the broker, do what is in the block, and start it again on what it has kept."""
    server = broker(made.rig)
    with made.broken(forgiving=False):
        server.kill()
        yield
        time.sleep(seconds)
        server.start()


def resume(made: Trial) -> None:
    """From now on: how long until an item is made."""
    made.recoveries.append(made.probe())


def empty(made: Trial) -> None:
    """Wait for the end of what is running, so that the next item shows when bells are heard again."""
    made.finish(90)


@on_redis
@pytest.mark.chaos(short=True)
def test_f08_redis_may_forget_everything(servers: Rig) -> None:
    fault = Fault(
        "F8", "FLUSHALL; kill -9 of Redis with and without its file", "", 30, unscaled_seconds=RECONNECT_SECONDS
    )
    with trial(servers, fault) as made, Redis.from_url(broker(servers).url) as admin:
        for number in range(rounds(3)):
            made.run(2, 30, seconds=0.02)
            time.sleep(0.5)
            with made.broken(forgiving=False):
                admin.flushall()
            empty(made)
            made.run(2, 30, seconds=0.02)
            with down(made, 0.15 if number else 1.5):
                if number == 2:
                    forget(broker(servers))
            resume(made)
            empty(made)


def forget(server: Server) -> None:
    """Lose what the append-only file has kept, as one has that was never switched on."""
    for path in [*server.folder.glob("appendonly*.aof"), *server.folder.glob("appendonlydir/*")]:
        path.unlink()


@on_rabbitmq
def test_f09_rabbitmq_may_die_and_lose_its_queue(servers: Rig) -> None:
    done = "kill -9 of RabbitMQ (quorum queues); delete_queue under the workers"
    with trial(servers, Fault("F9", done, "", 30, starts=1, unscaled_seconds=RECONNECT_SECONDS)) as made:
        for number in range(rounds(3)):
            made.run(2, 30, seconds=0.02)
            time.sleep(0.5)
            if number < 2:
                with down(made, 1.0):
                    pass
            else:
                with made.broken(forgiving=False):
                    rabbitmqctl(broker(servers), "delete_queue", queue_name(Lane.COPY))
            resume(made)
            empty(made)


def test_f10_a_broker_that_is_down_is_not_noticed_by_clients(servers: Rig) -> None:
    done = "the broker is away for 15 s"
    checked = "every submit 202 at normal latency; what runs goes on"
    fault = Fault("F10", done, checked, 30, unscaled_seconds=RECONNECT_SECONDS)
    with trial(servers, fault) as made:
        normal = submit_seconds(made, 15)
        empty(made)
        made.run(1, 8, seconds=1.0)
        servers.busy()
        with down(made, 15.0):
            away = submit_seconds(made, 30)
        made.remarks.append(f"median submit {1000 * normal:.0f} ms before, {1000 * away:.0f} ms while away")
        resume(made)
        empty(made)
        assert away <= 1.1 * normal + 0.05, "submitting became slow"
        assert max(item.attempts for item in made.items()) == 1, "running work was interrupted"


def submit_seconds(made: Trial, times: int) -> float:
    """The median time of a submit."""
    before = len(made.load.answers)
    for order in made.orders(times, lambda _: made.fakes(1)):
        made.load.submit(order)
    answers = [answer for answer in made.load.answers[before:] if answer.op == "submit"]
    assert {answer.status for answer in answers} == {202}
    return statistics.median(answer.seconds for answer in answers)


def test_f11_a_broker_that_hangs_holds_nobody_up(servers: Rig) -> None:
    done = "SIGSTOP of the broker for 6 s, and a worker killed meanwhile"
    fault = Fault("F11", done, "submits 202; the sweeper goes on", 75, unscaled_seconds=RECONNECT_SECONDS)
    with trial(servers, fault) as made:
        made.run(2, 24, seconds=0.1)
        worker, holder = servers.busy()
        with made.broken(forgiving=False):
            broker(servers).pause()
            begun = time.monotonic()
            submit_seconds(made, 10)
            worker.kill()
            until(servers.is_rid_of(holder), what="the sweep", seconds=6)
            time.sleep(max(0.0, 6.0 - (time.monotonic() - begun)))
            broker(servers).resume()
        resume(made)


def test_f12_a_link_that_is_half_open_is_found_and_replaced(servers: Rig) -> None:
    done = "the workers' links to the broker are half open"
    fault = Fault("F12", done, "the watchdog replaces them", 90, starts=3)
    with trial(servers, fault) as made:
        made.probe()
        for _ in range(rounds(2)):
            with made.broken(forgiving=False):
                servers.links["worker-broker"].half_open()
                resume(made)
        with made.broken(times=0):  # one that hears is enough: those that are still deaf are not for the next trial
            for worker in servers.workers():
                worker.kill()
            servers.wait_ready()


@on_rabbitmq
@pytest.mark.parametrize("alarm", ["disk", "memory"])
def test_f13_an_alarm_of_rabbitmq_blocks_nobody(servers: Rig, alarm: str) -> None:
    fault = Fault(f"F13 {alarm}", f"RabbitMQ's {alarm} alarm", "submits 202", 15, unscaled_seconds=RECONNECT_SECONDS)
    raised, lowered = {
        "disk": (("set_disk_free_limit", "900GB"), ("set_disk_free_limit", "50MB")),
        "memory": (("set_vm_memory_high_watermark", "0"), ("set_vm_memory_high_watermark", "0.4")),
    }[alarm]
    with trial(servers, fault) as made:
        with made.broken(forgiving=False):
            rabbitmqctl(broker(servers), *raised)
            try:
                made.run(2, 24, seconds=0.02)
                submit_seconds(made, 10)
                time.sleep(2.0)
            finally:
                rabbitmqctl(broker(servers), *lowered)
        resume(made)


@on_redis
def test_f14_redis_without_memory_is_waited_for(servers: Rig) -> None:
    fault = Fault("F14", "Redis refuses to write: maxmemory reached", "submits 202", 15)
    with trial(servers, fault) as made, Redis.from_url(broker(servers).url) as admin:
        for _ in range(rounds(2)):
            with made.broken(forgiving=False):
                admin.config_set("maxmemory", "1")
                try:
                    submit_seconds(made, 10)
                    time.sleep(2.0)
                finally:
                    admin.config_set("maxmemory", "0")
            resume(made)
            empty(made)


def test_f30_bells_that_mean_nothing_do_nothing(servers: Rig) -> None:
    fault = Fault("F30", "3,000 bells too many: repeated, of unknown lanes and tasks, garbage", "no process ended", 15)
    exits = sum(len(worker.exits) for worker in servers.workers())
    with trial(servers, fault) as made:
        made.run(2, 40, seconds=0.05)
        with made.broken(times=3000, forgiving=False):
            publish_nonsense(broker(servers).url, 3000)
        empty(made)
        resume(made)
        until(lambda: not unheard(broker(servers).url), what="the end of the bells", seconds=120)
        assert sum(len(worker.exits) for worker in servers.workers()) == exits


def options_of(url: str) -> dict[str, str]:
    """What the platform tells this broker's transport, as far as names go."""
    return {} if url.startswith("amqp") else {"global_keyprefix": "adloom:"}


def unheard(url: str) -> int:
    """How many bells wait in the copy lane's queue.  Redis has no queue that is empty."""
    with Connection(url, transport_options=options_of(url)) as connection, suppress(*connection.channel_errors):
        return int(connection.default_channel.queue_declare(queue_name(Lane.COPY), passive=True).message_count)
    return 0


def publish_nonsense(url: str, times: int) -> None:
    """Put bells into the copy lane's queue that no platform has rung."""
    name = queue_name(Lane.COPY)
    arguments = {"x-queue-type": "quorum"} if url.startswith("amqp") else None
    queue = Queue(name, Exchange("adloom", type="direct"), routing_key=name, durable=True, queue_arguments=arguments)
    with Connection(url, transport_options=options_of(url)) as connection:
        producer = connection.Producer(serializer="json")
        for number in range(times):
            body, headers = nonsense(number)
            kind = (
                {"serializer": "json"} if number % 10 else {"content_type": "text/plain", "content_encoding": "utf-8"}
            )
            producer.publish(
                body if number % 10 else "{garbage",
                exchange=queue.exchange,
                routing_key=name,
                declare=[queue] if not number else [],
                headers=headers,
                **kind,
            )


def nonsense(number: int) -> tuple[object, dict[str, object]]:
    """A message: mostly good bells too many, some with a lane or a task that nobody knows."""
    lane = "nowhere" if number % 7 == 3 else "copy"
    task = "adloom.nothing" if number % 11 == 5 else "adloom.drain"
    body = [[lane], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]
    return body, {"lang": "py", "task": task, "id": f"nonsense-{number}", "root_id": f"nonsense-{number}", "retries": 0}
