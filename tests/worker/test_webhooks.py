"""Webhooks as they arrive: signed, again under the same id until they are taken; the slow do not delay the others."""

import base64
import hashlib
import hmac
import json
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from adloom.core.settings import Settings
from broker import MemoryRinger
from models import Database, Delivery, open_database
from services.outbox import Underway, take_due
from services.signing import show_secret, webhook_secret
from storage import GuardedPoster, Poster, Reach
from tests.conftest import FreshDatabase
from tests.queues import held, submit, succeed
from tests.receivers import HANGING, OK, Told, answer, await_that, loopback, poster, receiving
from worker.sweeper import Sweeper, Timers
from worker.webhooks import Sender, start_sender

PEPPER = b"pepper"
AN_HOUR_AGO = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def database(fresh_database: FreshDatabase) -> Iterator[Database]:
    database = open_database(fresh_database("sqlite"))
    yield database
    database.close()


def ended(database: Database, url: str, *, owner: str = "ada") -> UUID:
    """A job that ended an hour ago, with a delivery that is due."""
    job = submit(database.sessions, owner=owner, webhook_url=url, now=AN_HOUR_AGO)
    succeed(database.sessions, held(database.sessions, now=AN_HOUR_AGO), now=AN_HOUR_AGO)
    return job.job_id


def delivery_of(database: Database, job_id: UUID) -> Delivery:
    with database.sessions.read() as session:
        delivery = session.scalar(sa.select(Delivery).where(Delivery.job_id == job_id))
        assert delivery is not None
        return delivery


def hurry(database: Database) -> None:
    """Make every delivery due that has not ended."""
    with database.sessions.begin() as session:
        session.execute(sa.update(Delivery).values(next_at=AN_HOUR_AGO))


def sender(database: Database, through: Poster | None = None) -> Sender:
    return Sender(database, through or poster(), pepper=PEPPER, jitter=random.Random(1), look_seconds=0.05)


def once(database: Database, through: Poster | None = None) -> None:
    """Send what is due, and write one answer down."""
    one = sender(database, through)
    one.send_due()
    one.write_down(10)


@contextmanager
def running(database: Database, *, seconds: float = 5.0) -> Iterator[threading.Thread]:
    """A sender that runs meanwhile."""
    stop = threading.Event()
    thread = threading.Thread(target=sender(database, poster(seconds=seconds)).run, args=(stop,))
    thread.start()
    yield thread
    stop.set()
    thread.join(timeout=20)
    assert not thread.is_alive()


def verify(secret: str, told: Told) -> None:
    """What a receiver does, written from the rules and not from our code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = ".".join((told.headers["webhook-id"], told.headers["webhook-timestamp"], told.body.decode()))
    expected = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
    assert f"v1,{expected}" in told.headers["webhook-signature"].split()
    assert abs(time.time() - int(told.headers["webhook-timestamp"])) < 300


def test_a_delivery_arrives_signed_with_its_owners_secret(database: Database) -> None:
    with receiving() as receiver:
        job_id = ended(database, receiver.url)
        once(database)
    (told,) = receiver.told
    delivery = delivery_of(database, job_id)
    verify(show_secret(webhook_secret(PEPPER, "ada")), told)
    with pytest.raises(AssertionError):
        verify(show_secret(webhook_secret(PEPPER, "bob")), told)
    assert told.body.decode() == delivery.body
    assert told.headers["content-type"] == "application/json"
    assert told.headers["webhook-id"] == f"msg_{delivery.id}"
    assert json.loads(told.body)["data"]["id"] == str(job_id)
    assert (delivery.delivered, delivery.outcome) == (True, "204")


def test_what_fails_is_sent_again_under_the_same_id(database: Database) -> None:
    with receiving(answer(500), answer(302, "Location: /elsewhere"), OK) as receiver:
        job_id = ended(database, receiver.url)
        for _ in range(3):
            once(database)
            hurry(database)
    assert len(set(receiver.ids())) == 1
    assert [told.path for told in receiver.told] == ["/told?token=swordfish"] * 3
    assert len({told.body for told in receiver.told}) == 1
    delivery = delivery_of(database, job_id)
    assert (delivery.delivered, delivery.tries, delivery.outcome) == (True, 3, "204")


def test_a_receiver_that_is_gone_is_left_alone(database: Database) -> None:
    with receiving(answer(410)) as receiver:
        job_id = ended(database, receiver.url)
        once(database)
        hurry(database)
        sender(database).send_due()
        time.sleep(0.2)
    assert len(receiver.told) == 1
    assert delivery_of(database, job_id).ended_at is not None


def test_a_busy_receiver_is_asked_again_when_it_says(database: Database) -> None:
    with receiving(answer(429, "Retry-After: 7200")) as receiver:
        job_id = ended(database, receiver.url)
        once(database)
    wait = delivery_of(database, job_id).next_at - datetime.now(UTC)
    assert timedelta(minutes=118) < wait <= timedelta(hours=2)


def test_a_sender_that_dies_before_it_writes_down_is_followed_by_another_under_the_same_id(database: Database) -> None:
    with receiving() as receiver:
        job_id = ended(database, receiver.url)
        sender(database).send_due()  # and never writes down
        await_that(lambda: receiver.told)
        assert delivery_of(database, job_id).ended_at is None
        sender(database).send_due()
        time.sleep(0.2)
        assert len(receiver.told) == 1  # not yet: it is held for a minute

        hurry(database)
        once(database)
    assert len(receiver.told) == 2
    assert len(set(receiver.ids())) == 1
    assert delivery_of(database, job_id).delivered


def test_a_sender_that_dies_before_it_sends_is_followed_by_another(database: Database) -> None:
    with receiving() as receiver:
        job_id = ended(database, receiver.url)
        with database.sessions.begin() as session:
            (taken,) = take_due(session, Underway(), places=1, now=database.now(session))
        hurry(database)
        once(database)
    assert receiver.ids() == [f"msg_{taken.id}"]
    assert delivery_of(database, job_id).delivered


def test_no_database_transaction_is_open_while_a_receiver_thinks(database: Database) -> None:
    with receiving(HANGING) as receiver:
        ended(database, receiver.url)
        with running(database):
            await_that(lambda: receiver.told)
            started = time.monotonic()
            hurry(database)  # on SQLite a writer waits for another one
            took = time.monotonic() - started
            receiver.released.set()
    assert took < 1


def test_one_that_hangs_does_not_delay_the_others_and_has_four_places(database: Database) -> None:
    with receiving(HANGING) as slow, receiving() as quick:
        for number in range(10):
            ended(database, slow.url.replace("hooks", "slow"), owner=f"slow{number}")
        jobs = [ended(database, quick.url, owner=f"quick{number}") for number in range(20)]
        started = time.monotonic()
        with running(database, seconds=6):
            await_that(lambda: len(quick.told) == 20)
            took = time.monotonic() - started
            await_that(lambda: all(delivery_of(database, job_id).delivered for job_id in jobs))
            slow_at_once = slow.most_at_once
            slow.released.set()
    assert took < 5  # one that hangs is left after 6 s: nobody has waited for that
    assert slow_at_once == 4


def test_one_owners_many_hosts_have_four_places_together(database: Database) -> None:
    with receiving(HANGING) as slow, receiving() as quick:
        for number in range(10):
            ended(database, slow.url.replace("hooks", f"h{number}"), owner="eve")
        ended(database, quick.url)
        with running(database):
            await_that(lambda: quick.told)
            assert slow.most_at_once <= 4
            slow.released.set()


def test_a_private_address_is_never_told(database: Database) -> None:
    with receiving() as receiver, capture_logs() as events:
        ended(database, receiver.url.replace("http://", "https://"))
        public = GuardedPoster(Reach(schemes=("https",), ports=None), lookup=loopback)
        once(database, public)
        ended(database, f"https://127.0.0.1:{receiver.port}/")
        once(database, public)
    assert not receiver.told
    assert [event["outcome"] for event in events] == ["not a public address"] * 2


def test_the_log_holds_ids_and_hosts_and_nothing_of_the_address_or_the_body(database: Database) -> None:
    with receiving(OK, answer(500, body="grumble")) as receiver, capture_logs() as events:
        job_id = ended(database, receiver.url)
        once(database)
        ended(database, receiver.url)
        once(database)
    assert [event["event"] for event in events] == ["webhook.delivered", "webhook.failed"]
    assert events[0]["job_id"] == str(job_id)
    assert events[0]["host"] == "hooks.example"
    assert (events[1]["outcome"], events[1]["tries"]) == ("500", 1)
    assert not [word for word in ("swordfish", "told", "grumble", "succeeded", "whsec") if word in repr(events)]


class Broken:
    """A poster that breaks its promise."""

    def post(self, url: str, body: bytes, headers: object) -> object:
        """Raise."""
        raise LookupError


def test_a_poster_that_breaks_costs_an_attempt_and_no_place(database: Database) -> None:
    job_id = ended(database, "http://hooks.example/")
    once(database, Broken())  # type: ignore[arg-type]
    delivery = delivery_of(database, job_id)
    assert (delivery.outcome, delivery.tries, delivery.ended_at) == ("LookupError", 1, None)


def test_a_loop_whose_database_is_away_goes_on_when_it_is_back(database: Database) -> None:
    with receiving() as receiver:
        job_id = ended(database, receiver.url)
        _rename(database, "deliveries", "gone")
        with running(database):
            time.sleep(0.2)
            assert not receiver.told
            _rename(database, "gone", "deliveries")
            await_that(lambda: delivery_of(database, job_id).delivered)
    assert len(receiver.told) == 1


def test_an_answer_that_cannot_be_written_down_is_written_later(database: Database) -> None:
    with receiving() as receiver, capture_logs() as events:
        job_id = ended(database, receiver.url)
        one = sender(database)
        one.send_due()
        _rename(database, "deliveries", "gone")
        with pytest.raises(sa.exc.SQLAlchemyError):
            one.write_down(10)
        _rename(database, "gone", "deliveries")
        one.write_down(10)
    assert delivery_of(database, job_id).delivered
    assert [event["event"] for event in events] == ["webhook.delivered"]


def _rename(database: Database, old: str, new: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_a_sender_that_is_stopped_writes_down_what_is_under_way(database: Database) -> None:
    with receiving(HANGING) as receiver:
        job_id = ended(database, receiver.url)
        with running(database, seconds=0.5):
            await_that(lambda: receiver.told)
    assert delivery_of(database, job_id).tries == 1


def test_the_readers_of_the_documentation_can_verify_it(database: Database) -> None:
    with receiving() as receiver:
        ended(database, receiver.url)
        once(database)
    (told,) = receiver.told
    page = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(import base64.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)
    secret = show_secret(webhook_secret(PEPPER, "ada"))
    names["verify"](secret, told.headers, told.body)
    old = {**told.headers, "webhook-timestamp": "1614265330"}
    forged = {**told.headers, "webhook-signature": "v1,é v1a,x"}
    for headers, body in ((told.headers, told.body + b" "), (old, told.body), (forged, told.body)):
        with pytest.raises(ValueError, match="not from Adloom"):
            names["verify"](secret, headers, body)


def test_the_sweeper_forgets_what_ended_a_month_ago(database: Database) -> None:
    with receiving() as receiver:
        for days in (29, 31):
            job_id = ended(database, receiver.url)
            once(database)
            with database.sessions.begin() as session:
                old = datetime.now(UTC) - timedelta(days=days)
                session.execute(sa.update(Delivery).where(Delivery.job_id == job_id).values(ended_at=old))
    Sweeper(database, MemoryRinger(), Timers()).sweep()
    with database.sessions.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 1


def test_two_senders_tell_each_job_once(database: Database) -> None:
    with receiving() as receiver:
        jobs = [ended(database, receiver.url, owner=f"o{number}") for number in range(12)]
        with running(database), running(database):
            await_that(lambda: all(delivery_of(database, job_id).delivered for job_id in jobs))
    assert len(receiver.told) == 12
    assert len(set(receiver.ids())) == 12


def test_a_platform_without_webhooks_sends_none(database: Database) -> None:
    assert start_sender(Settings(webhooks="off"), database, threading.Event()) is None


def test_a_platform_that_may_tell_any_address_does(database: Database) -> None:
    stop = threading.Event()
    with receiving() as receiver:
        job_id = ended(database, receiver.url.replace("hooks.example", "127.0.0.1"))
        thread = start_sender(Settings(webhooks="any"), database, stop)
        assert thread is not None
        await_that(lambda: delivery_of(database, job_id).delivered)
        stop.set()
        thread.join(timeout=10)


def test_nobody_is_told_at_a_private_address_unless_the_operator_says_so(database: Database) -> None:
    stop = threading.Event()
    with receiving() as receiver:
        job_id = ended(database, receiver.url.replace("hooks.example", "127.0.0.1"))
        thread = start_sender(Settings(), database, stop)
        assert thread is not None
        await_that(lambda: delivery_of(database, job_id).tries)
        stop.set()
        thread.join(timeout=10)
    assert not receiver.told
    assert delivery_of(database, job_id).outcome == "not a public address"
