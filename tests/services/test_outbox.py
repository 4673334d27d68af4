"""Exactly one delivery per job that ends and has a webhook; taken by one, tried for three days, under one id."""

import json
import random
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from adloom.core.drafts import Failure
from adloom.core.errors import BadWebhook
from models import Database, Delivery, Job, Sessions, open_database
from models.queries import deliveries
from services.acquire import MicroBatch
from services.cancel import cancel_job
from services.outbox import (
    HOLD,
    KEEP,
    MAX_RETRY_AFTER,
    WAITS,
    Message,
    Underway,
    check_webhook,
    conclude,
    judge,
    take_due,
    webhook_reach,
)
from storage import Answer
from tests.conftest import FreshDatabase
from tests.queues import NOON, held, made, record_in, recorded, submit, succeed

URL = "https://hooks.example/told?token=swordfish"
SECOND = timedelta(seconds=1)
GONE, BROKEN, DELIVERED = Answer(410), Answer(500), Answer(200)


def outbox(sessions: Sessions) -> list[Delivery]:
    with sessions.read() as session:
        return list(session.scalars(sa.select(Delivery).order_by(Delivery.id)))


def bodies(sessions: Sessions) -> list[dict[str, Any]]:
    return [json.loads(delivery.body) for delivery in outbox(sessions)]


def take(
    sessions: Sessions, *, places: int = 8, now: datetime = NOON, underway: Underway | None = None
) -> list[Message]:
    with sessions.begin() as session:
        return take_due(session, underway or Underway(), places=places, now=now)


def answered(sessions: Sessions, message: Message, answer: Answer, *, now: datetime = NOON) -> Delivery:
    with sessions.begin() as session:
        conclude(session, message, answer, jitter=random.Random(1), now=now)
    return next(delivery for delivery in outbox(sessions) if delivery.id == message.id)


def ended(sessions: Sessions, *, owner: str = "ada", url: str = URL) -> UUID:
    """A job that has just ended, with a delivery that is due."""
    job = submit(sessions, owner=owner, webhook_url=url)
    succeed(sessions, held(sessions))
    return job.job_id


def fail(sessions: Sessions, batch: MicroBatch) -> None:
    recorded(sessions, batch, [Failure(item.id, "broken", "it is") for item in batch.items])


def test_a_job_that_ends_leaves_one_delivery_with_what_happened(sessions: Sessions) -> None:
    job = submit(sessions, 2, name="Autumn ä", webhook_url=URL)
    succeed(sessions, held(sessions, limit=1))
    assert not outbox(sessions)
    succeed(sessions, held(sessions, limit=1))

    (delivery,) = outbox(sessions)
    assert (delivery.job_id, delivery.owner, delivery.url, delivery.host) == (job.job_id, "ada", URL, "hooks.example")
    assert (delivery.event, delivery.next_at, delivery.tries, delivery.ended_at) == ("job.completed", NOON, 0, None)
    assert json.loads(delivery.body) == {
        "type": "job.completed",
        "timestamp": "2026-11-23T12:00:00.000Z",
        "data": {
            "id": str(job.job_id),
            "name": "Autumn ä",
            "state": "succeeded",
            "counts": {"blocked": 0, "queued": 0, "leased": 0, "succeeded": 2, "failed": 0, "cancelled": 0},
            "links": {
                "self": f"/v1/jobs/{job.job_id}",
                "items": f"/v1/jobs/{job.job_id}/items",
                "exports": f"/v1/jobs/{job.job_id}/exports",
            },
        },
    }


def test_a_job_without_a_webhook_leaves_none(sessions: Sessions) -> None:
    submit(sessions)
    succeed(sessions, held(sessions))
    assert not outbox(sessions)


def test_a_job_of_which_nothing_succeeded_has_failed(sessions: Sessions) -> None:
    submit(sessions, 2, webhook_url=URL)
    fail(sessions, held(sessions))
    (body,) = bodies(sessions)
    assert (body["type"], body["data"]["state"], body["data"]["counts"]["failed"]) == ("job.failed", "failed", 2)


def test_a_job_that_ended_in_part_or_was_cancelled_is_completed(sessions: Sessions) -> None:
    submit(sessions, 2, webhook_url=URL)
    batch = held(sessions)
    recorded(sessions, batch, [made(batch.items[0].id), Failure(batch.items[1].id, "broken", "it is")])
    cancelled = submit(sessions, 3, webhook_url=URL)
    cancel_job(sessions, cancelled.job_id, owner="ada", now=lambda session: NOON)

    facts = [(body["type"], body["data"]["state"]) for body in bodies(sessions)]
    assert sorted(facts) == [("job.completed", "cancelled"), ("job.completed", "partial")]


def test_one_transaction_may_end_several_jobs(sessions: Sessions) -> None:
    jobs = {submit(sessions, webhook_url=URL).job_id for _ in range(3)} | {submit(sessions).job_id}
    succeed(sessions, held(sessions))
    told = {delivery.job_id for delivery in outbox(sessions)}
    assert len(told) == 3
    assert told < jobs


def test_a_transaction_that_rolls_back_leaves_none(sessions: Sessions) -> None:
    submit(sessions, webhook_url=URL)
    batch = held(sessions)
    with suppress(RuntimeError), sessions.begin() as session:
        record_in(session, batch, [made(batch.items[0].id)])
        raise RuntimeError
    assert not outbox(sessions)

    succeed(sessions, batch)
    assert len(outbox(sessions)) == 1


def test_records_that_race_for_the_end_leave_one(database: Database) -> None:
    for _ in range(10):
        submit(database.sessions, 4, webhook_url=URL)
        batches = [held(database.sessions, limit=1) for _ in range(4)]
        together = threading.Barrier(4)

        def end(batch: MicroBatch, together: threading.Barrier = together) -> None:
            together.wait()
            succeed(database.sessions, batch)

        threads = [threading.Thread(target=end, args=(batch,)) for batch in batches]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(outbox(database.sessions)) == 10
    assert len({delivery.job_id for delivery in outbox(database.sessions)}) == 10


def test_a_record_that_comes_too_late_tells_nobody_again(sessions: Sessions) -> None:
    job = submit(sessions, webhook_url=URL)
    batch = held(sessions)
    cancel_job(sessions, job.job_id, owner="ada", now=lambda session: NOON)
    succeed(sessions, batch)
    assert len(outbox(sessions)) == 1


def test_a_body_is_small_however_long_the_name(sessions: Sessions) -> None:
    submit(sessions, name="ä" * 100_000, webhook_url=URL)
    succeed(sessions, held(sessions))
    (delivery,) = outbox(sessions)
    assert len(delivery.body.encode()) < 20_000


def test_an_address_that_is_none_does_not_keep_a_job_from_ending(sessions: Sessions) -> None:
    ended(sessions, url="no address at all")
    (delivery,) = outbox(sessions)
    assert delivery.host == ""


def test_who_takes_a_delivery_has_it_for_a_minute(sessions: Sessions) -> None:
    job_id = ended(sessions)
    (message,) = take(sessions)
    assert (message.job_id, message.url, message.tries, message.held_until) == (job_id, URL, 0, NOON + HOLD)
    assert message.body.decode() == outbox(sessions)[0].body
    assert not take(sessions, now=NOON + HOLD - SECOND)


def test_a_crash_between_take_and_answer_only_delays(sessions: Sessions) -> None:
    ended(sessions)
    (lost,) = take(sessions)
    (again,) = take(sessions, now=NOON + HOLD)
    assert (again.id, again.tries, again.body) == (lost.id, 0, lost.body)


def test_of_many_senders_one_takes_each(database: Database) -> None:
    for number in range(6):
        ended(database.sessions, owner=f"o{number}", url=f"https://h{number}.example/")
    taken: list[Message] = []
    together = threading.Barrier(4)

    def send() -> None:
        together.wait()
        for _ in range(6):
            taken.extend(take(database.sessions, places=2))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 6
    assert len({message.id for message in taken}) == 6


def test_what_another_sender_is_taking_is_skipped_and_not_waited_for(fresh_database: FreshDatabase) -> None:
    url = fresh_database("postgresql")
    database = open_database(url)
    first, second = ended(database.sessions), ended(database.sessions)
    with database.sessions.begin() as session:
        (mine,) = take_due(session, Underway(), places=1, now=NOON)
        (other,) = take(database.sessions)
    assert {mine.job_id, other.job_id} == {first, second}
    database.close()


def test_four_at_once_to_a_host_and_of_an_owner_and_the_others_go_ahead(sessions: Sessions) -> None:
    for number in range(6):
        ended(sessions, owner=f"o{number}", url="https://slow.example/")
    for number in range(6):
        ended(sessions, owner="eve", url=f"https://e{number}.example/")
    quick = ended(sessions, owner="bob", url="https://quick.example/")
    underway = Underway()

    messages = take(sessions, places=20, underway=underway)
    assert [message.host for message in messages].count("slow.example") == 4
    assert [message.owner for message in messages].count("eve") == 4
    assert messages[-1].job_id == quick
    assert len(messages) == 9

    underway.add(messages[0], -1)
    (freed,) = take(sessions, places=20, underway=underway)
    assert freed.host == "slow.example"


def test_no_more_are_taken_than_there_are_places(sessions: Sessions) -> None:
    for _ in range(3):
        ended(sessions)
    assert len(take(sessions, places=2)) == 2


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_delivered(sessions: Sessions, status: int) -> None:
    ended(sessions)
    delivery = answered(sessions, take(sessions)[0], Answer(status))
    assert (delivery.delivered, delivery.ended_at, delivery.outcome) == (True, NOON, str(status))
    assert delivery.tries == 1
    assert not take(sessions, now=NOON + timedelta(days=9))


def test_410_is_given_up_at_once(sessions: Sessions) -> None:
    ended(sessions)
    delivery = answered(sessions, take(sessions)[0], GONE)
    assert (delivery.delivered, delivery.ended_at, delivery.outcome) == (False, NOON, "410")
    assert not take(sessions, now=NOON + timedelta(days=9))


@pytest.mark.parametrize("answer", [Answer(301), Answer(404), BROKEN, Answer(trouble="not a public address")])
def test_anything_else_is_tried_again(sessions: Sessions, answer: Answer) -> None:
    ended(sessions)
    delivery = answered(sessions, take(sessions)[0], answer)
    assert (delivery.ended_at, delivery.tries) == (None, 1)
    assert delivery.outcome == (str(answer.status) if answer.status else "not a public address")
    assert timedelta(seconds=4) <= delivery.next_at - NOON <= timedelta(seconds=6)


def test_ten_attempts_are_spread_over_three_days_and_then_it_is_given_up(sessions: Sessions) -> None:
    ended(sessions)
    now, ids = NOON, set()
    for wait in (*WAITS, None):
        (message,) = take(sessions, now=now)
        ids.add(message.id)
        delivery = answered(sessions, message, BROKEN, now=now)
        if wait is not None:
            assert 0.8 * wait <= delivery.next_at - now <= 1.2 * wait
            now = delivery.next_at
    assert delivery.ended_at == now
    assert (delivery.delivered, delivery.tries) == (False, 10)
    assert len(ids) == 1
    assert now - NOON > timedelta(hours=60)
    assert sum(WAITS, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


def test_a_late_failure_does_not_undo_what_the_next_sender_did(sessions: Sessions) -> None:
    ended(sessions)
    (slow,) = take(sessions)
    (next_one,) = take(sessions, now=NOON + HOLD)
    answered(sessions, slow, GONE, now=NOON + HOLD)
    assert outbox(sessions)[0].ended_at is None
    answered(sessions, next_one, DELIVERED, now=NOON + HOLD)
    answered(sessions, slow, BROKEN, now=NOON + HOLD)
    assert outbox(sessions)[0].delivered


def test_a_late_success_counts(sessions: Sessions) -> None:
    ended(sessions)
    (slow,) = take(sessions)
    take(sessions, now=NOON + HOLD)
    assert answered(sessions, slow, DELIVERED, now=NOON + HOLD).delivered


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("120", timedelta(seconds=120), timedelta(seconds=120)),
        (format_datetime(NOON + timedelta(hours=1), usegmt=True), timedelta(hours=1), timedelta(hours=1)),
        ("999999999", MAX_RETRY_AFTER, MAX_RETRY_AFTER),
        (format_datetime(NOON + timedelta(days=99), usegmt=True), MAX_RETRY_AFTER, MAX_RETRY_AFTER),
        ("1", 4 * SECOND, 6 * SECOND),
        (format_datetime(NOON - timedelta(days=99), usegmt=True), 4 * SECOND, 6 * SECOND),
        ("soon", 4 * SECOND, 6 * SECOND),
        ("", 4 * SECOND, 6 * SECOND),
    ],
)
def test_a_busy_server_may_ask_for_more_time_but_not_for_less(
    status: int, header: str, least: timedelta, most: timedelta
) -> None:
    told = judge(Answer(status, header), tries=1, jitter=random.Random(1), now=NOON)
    assert told.next_at is not None
    assert least <= told.next_at - NOON <= most


def test_retry_after_counts_only_where_it_means_something() -> None:
    told = judge(Answer(500, "3600"), tries=1, jitter=random.Random(1), now=NOON)
    assert told.next_at is not None
    assert told.next_at - NOON <= 6 * SECOND


@given(st.text(), st.integers(0, 999), st.integers(1, 12))
def test_no_answer_of_a_server_breaks_the_sender(header: str, status: int, tries: int) -> None:
    told = judge(Answer(status, header), tries=tries, jitter=random.Random(1), now=NOON)
    assert told.delivered == (200 <= status < 300)
    assert told.next_at is None or NOON < told.next_at <= NOON + timedelta(hours=29)


def test_what_ended_long_ago_is_forgotten_and_what_has_not_ended_is_not(sessions: Sessions) -> None:
    ended(sessions)
    answered(sessions, take(sessions)[0], DELIVERED)
    pending = ended(sessions)
    with sessions.begin() as session:
        deliveries.prune(session, before=NOON + KEEP - KEEP)
    assert len(outbox(sessions)) == 2
    with sessions.begin() as session:
        deliveries.prune(session, before=NOON + SECOND)
    assert [delivery.job_id for delivery in outbox(sessions)] == [pending]


def test_a_job_that_goes_takes_its_delivery_along(sessions: Sessions) -> None:
    job_id = ended(sessions)
    with sessions.begin() as session:
        session.execute(sa.delete(Job).where(Job.id == job_id))
    assert not outbox(sessions)


@pytest.mark.parametrize("url", ["http://hooks.example/", "https://10.0.0.1/", "https://a:b@hooks.example/", "x"])
def test_an_address_that_nobody_can_be_told_at_is_refused(url: str) -> None:
    with pytest.raises(BadWebhook) as caught:
        check_webhook(url, webhook_reach("public"))
    (problem,) = caught.value.problems
    assert (problem.pointer, problem.code) == ("/webhook_url", "bad-webhook")


def test_an_operator_may_allow_any_address_or_none() -> None:
    check_webhook(URL, webhook_reach("public"))
    check_webhook("http://10.0.0.1:9000/", webhook_reach("any"))
    with pytest.raises(BadWebhook):
        check_webhook(URL, webhook_reach("off"))
