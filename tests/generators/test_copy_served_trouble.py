"""A server in trouble: what is tried again, what is given up, whose fault it is; and how soon work is let go."""

import threading
import time
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from adloom.core.drafts import Failure, Outcome
from generators.base import Request, Stopping
from generators.copy.chat import Manner, pause_seconds, retry_after
from tests.generators.chat_server import Reply, lines, scripted, writer
from tests.generators.copy_requests import copy_request, made, no_drop, texts_of

ANSWER = Reply(
    lines(
        ("title", "Heron Touring Kayak Paddle"),
        ("body", "The sturdy Heron paddle by Fjordline is made from recycled nylon."),
    )
)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def push(number: int = 0) -> Request[Any]:
    return copy_request(channel="push", number=number)


def failure(outcome: Outcome) -> Failure:
    assert isinstance(outcome, Failure), outcome
    return outcome


@pytest.mark.parametrize(
    "stumble",
    [
        *(Reply(status=status) for status in (408, 409, 425, 429, 500, 502, 503, 504)),
        Reply(raw=b'{"choices": [{"mess'),
        Reply(raw=b"\xff\xfe"),
        Reply(raw=b'{"choices": []}'),
        Reply(raw=b"[]"),
        Reply(content=""),
        Reply(content="<think>Hm.</think> "),
        Reply(content="half", missing_bytes=10),
        Reply(raw=b"no gzip", headers={"Content-Encoding": "gzip"}),
    ],
    ids=repr,
)
def test_a_server_that_stumbles_once_is_asked_again(stumble: Reply) -> None:
    with scripted(lambda body, call: stumble if call == 1 else ANSWER) as server:
        (outcome,) = writer(server.url).generate([push()], step=no_drop)
    assert len(server.bodies) == 2
    assert texts_of(outcome, "title") == ["Heron Touring Kayak Paddle"]


@pytest.mark.parametrize(
    ("reply", "code", "retryable", "blameless", "calls"),
    [
        (Reply(status=401), "llm-unauthorized", False, False, 1),
        (Reply(status=403), "llm-unauthorized", False, False, 1),
        (Reply(status=404), "llm-unknown-model", False, False, 1),
        (Reply(status=413), "llm-bad-request", False, False, 1),
        (Reply(status=302), "llm-bad-request", False, False, 1),
        (Reply(status=400), "llm-bad-request", False, False, 2),  # once more without a schema
        (Reply(status=422), "llm-bad-request", False, False, 2),
        (Reply(status=500), "llm-no-answer", True, False, 4),
        (Reply(raw=b"{"), "llm-no-answer", True, False, 4),
        (Reply(status=503), "llm-unavailable", True, True, 4),
        (Reply(status=429), "llm-unavailable", True, True, 4),
        (Reply(content="half", missing_bytes=10), "llm-unavailable", True, True, 4),
    ],
    ids=repr,
)
def test_errors_say_whether_another_attempt_helps_and_whose_they_are(
    reply: Reply, code: str, retryable: bool, blameless: bool, calls: int
) -> None:
    with scripted(lambda body, call: reply) as server:
        (outcome,) = writer(server.url).generate([push()], step=no_drop)
    found = failure(outcome)
    assert (found.code, found.retryable, found.blameless) == (code, retryable, blameless)
    assert len(server.bodies) == calls


def test_a_server_that_is_not_there_costs_the_item_nothing() -> None:
    (outcome,) = writer("http://127.0.0.1:9").generate([push()], step=no_drop)
    assert (failure(outcome).code, failure(outcome).blameless) == ("llm-unavailable", True)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:80", "http://[::1", "http://127.0.0.1:port"])
def test_an_address_that_is_none_is_not_tried_again(url: str) -> None:
    (outcome,) = writer(url).generate([push()], step=no_drop)
    assert (failure(outcome).code, failure(outcome).retryable) == ("llm-bad-request", False)
    assert "ADLOOM_LLM_URL" in failure(outcome).message


def test_a_server_is_left_alone_for_as_long_as_it_asks() -> None:
    at: list[float] = []

    def answer(body: dict[str, Any], call: int) -> Reply:
        at.append(time.monotonic())
        return Reply(status=429, headers={"Retry-After": "1"}) if call == 1 else ANSWER

    with scripted(answer) as server:
        list(writer(server.url).generate([push()], step=no_drop))
    assert at[1] - at[0] >= 1.0


def test_a_server_that_wants_an_hour_gets_it_from_the_queue() -> None:
    with scripted(lambda body, call: Reply(status=503, headers={"Retry-After": "3600"})) as server:
        (outcome,) = writer(server.url).generate([push()], step=no_drop)
    assert failure(outcome).blameless
    assert len(server.bodies) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("1.5", 1.5),
        ("Fri, 27 Nov 2026 12:00:30 GMT", 30.0),
        ("Fri, 27 Nov 2026 13:00:30 +0100", 30.0),
        ("Fri, 27 Nov 2026 12:00:30", 30.0),
        ("Fri, 27 Nov 2026 11:00:00 GMT", 0.0),
        ("", 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("nan", 0.0),
        ("٧", 0.0),
    ],
)
def test_both_forms_of_retry_after_are_read(header: str, seconds: float) -> None:
    assert retry_after(header, now=NOON) == seconds


def test_pauses_double_up_to_a_most_and_are_spread_over_their_later_half() -> None:
    manner = Manner(pause_seconds=0.5)
    for attempt, whole in enumerate([0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0], start=1):
        drawn = [pause_seconds(attempt, manner, np.random.default_rng(seed)) for seed in range(40)]
        assert all(whole / 2 <= one <= whole for one in drawn)
        assert max(drawn) - min(drawn) > whole / 4
        assert drawn[0] == pause_seconds(attempt, manner, np.random.default_rng(0))


def test_a_server_that_takes_too_long_for_an_answer_is_given_up() -> None:
    with scripted(lambda body, call: Reply(hangs=True)) as server:
        (outcome,) = writer(server.url, llm_read_seconds=0.1).generate([push()], step=no_drop)
    assert (failure(outcome).code, failure(outcome).blameless) == ("llm-no-answer", False)
    assert len(server.bodies) == 4


def test_an_item_has_an_end() -> None:
    with scripted(lambda body, call: Reply(hangs=True)) as server:
        (outcome,) = writer(server.url, llm_item_seconds=0.2).generate([push()], step=no_drop)
        assert server.hung_up.acquire(timeout=5)
    assert (failure(outcome).code, failure(outcome).retryable) == ("llm-too-slow", True)


@pytest.mark.parametrize(("later", "note"), [(Reply(status=500), "status 500"), (Reply(hangs=True), "longer")])
def test_what_came_before_the_trouble_counts_if_it_is_enough(later: Reply, note: str) -> None:
    few = Reply(
        lines(
            ("headline", "Heron Touring Kayak Paddle"),
            ("headline", "Heron: Carbon Fiber Shaft"),
            ("headline", "Paddle by Fjordline in Yellow"),
            ("description", "Glide with confidence: the Heron Touring Kayak Paddle has a carbon fiber shaft."),
            ("description", "The sturdy Heron paddle by Fjordline is made from recycled nylon."),
        )
    )
    with scripted(lambda body, call: few if call == 1 else later) as server:
        (outcome,) = writer(server.url, llm_item_seconds=1.5).generate([copy_request()], step=no_drop)
    assert len(texts_of(outcome, "headline")) == 3
    assert note in made(outcome).notes[0]


def test_where_another_try_is_no_use_frames_fill_up_what_came_before_the_trouble() -> None:
    few = Reply(lines(("headline", "Heron Touring Kayak Paddle")))
    with scripted(lambda body, call: few if call == 1 else Reply(status=413)) as server:
        (outcome,) = writer(server.url).generate([copy_request()], step=no_drop)
    assert len(texts_of(outcome, "headline")) == 3
    assert "status 413" in made(outcome).notes[0]


def test_what_came_before_the_trouble_does_not_count_if_a_field_stays_below_its_minimum() -> None:
    few = Reply(lines(("headline", "Heron Touring Kayak Paddle")))
    with scripted(lambda body, call: few if call == 1 else Reply(status=503)) as server:
        (outcome,) = writer(server.url).generate([copy_request()], step=no_drop)
    assert failure(outcome).blameless


@pytest.mark.parametrize(("channel", "items", "most"), [("push", 8, 2), ("google_pmax", 1, 1), ("google_pmax", 3, 2)])
def test_no_more_questions_are_asked_at_once_than_the_setting_says(channel: str, items: int, most: int) -> None:
    def answer(body: dict[str, Any], call: int) -> Reply:
        time.sleep(0.05)
        return ANSWER

    requests = [copy_request(channel=channel, number=number) for number in range(items)]
    with scripted(answer) as server:
        outcomes = list(writer(server.url, llm_concurrency=most).generate(requests, step=no_drop))
    assert len(outcomes) == items
    assert server.most_at_once == most


def test_an_items_time_begins_when_there_is_a_place_for_it() -> None:
    def answer(body: dict[str, Any], call: int) -> Reply:
        time.sleep(0.1)
        return ANSWER

    with scripted(answer) as server:
        served = writer(server.url, llm_concurrency=1, llm_item_seconds=1.2)
        outcomes = list(served.generate([push(n) for n in range(15)], step=no_drop))
    assert all(made(outcome).drafts for outcome in outcomes)


def test_a_cancelled_item_hangs_up_and_its_neighbour_goes_on() -> None:
    gone, stays = push(0), push(1)
    asked: list[int] = []

    def answer(body: dict[str, Any], call: int) -> Reply:
        asked.append(body["seed"])
        return Reply(hangs=True) if len(asked) == 1 else ANSWER

    def step() -> AbstractSet[UUID]:
        return frozenset({gone.id}) if asked else frozenset()

    with scripted(answer) as server:
        outcomes = list(writer(server.url, llm_concurrency=1).generate([gone, stays], step=step))
        assert server.hung_up.acquire(timeout=5)
    assert [outcome.request for outcome in outcomes] == [stays.id]


def test_a_drain_hangs_up_without_waiting_for_any_answer() -> None:
    with scripted(lambda body, call: Reply(hangs=True)) as server:

        def step() -> AbstractSet[UUID]:
            if server.bodies:
                raise Stopping
            return frozenset()

        with pytest.raises(Stopping):
            list(writer(server.url).generate([push()], step=step))
        assert server.hung_up.acquire(timeout=5)


def test_a_caller_that_wants_no_more_outcomes_hangs_up() -> None:
    both = threading.Barrier(2, timeout=5)

    def answer(body: dict[str, Any], call: int) -> Reply:
        both.wait()
        return ANSWER if call == 1 else Reply(hangs=True)

    with scripted(answer) as server:
        outcomes = writer(server.url).generate([push(0), push(1)], step=no_drop)
        next(outcomes)
        outcomes.close()  # type: ignore[attr-defined]  # it is a generator
        assert server.hung_up.acquire(timeout=5)


def test_nothing_is_asked_for_what_was_dropped_before() -> None:
    request = push()
    with scripted(lambda body, call: ANSWER) as server:
        assert list(writer(server.url).generate([request], step=lambda: frozenset({request.id}))) == []
    assert server.bodies == []
