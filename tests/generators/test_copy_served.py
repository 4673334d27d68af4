"""Copy from a server that speaks the chat protocol, over real sockets: what is asked, and what is kept of it."""

import json
from typing import Any

import pytest

from adloom.core.brief import Brief
from adloom.core.drafts import Failure, Source
from generators.base import Request
from tests.generators.chat_server import Reply, lines, scripted, writer
from tests.generators.copy_requests import copy_request, made, no_drop, texts_of

GOOD = [
    ("headline", "Heron Touring Kayak Paddle"),
    ("headline", "Carbon Fiber Shaft by Fjordline"),  # 31: one too long
    ("headline", "Heron: Carbon Fiber Shaft"),
    ("headline", "The Best Kayak Paddle"),  # no row says best
    ("headline", "Paddle by Fjordline in Yellow"),
    ("description", "Glide with confidence: the Heron Touring Kayak Paddle has a carbon fiber shaft."),
    ("description", "The Heron Touring Kayak Paddle ships free."),
    ("description", "The sturdy Heron paddle by Fjordline is made from recycled nylon."),
]
LINES = lines(*GOOD)
TITLE = ("title", "Heron Touring Kayak Paddle")
BODY = ("body", "The sturdy Heron paddle by Fjordline is made from recycled nylon.")


def push(**spec: Any) -> Request[Any]:
    """A request for a channel with two texts, so that one answer is enough."""
    return copy_request(channel="push", **spec)


def asked(body: dict[str, Any], turn: int = -1) -> dict[str, Any]:
    """The JSON in one message of a question, by default its last."""
    content = body["messages"][turn]["content"]
    read: dict[str, Any] = json.loads(content[content.index("{") :] if turn > 0 else content.rpartition("\n")[2])
    return read


def fields_of(body: dict[str, Any]) -> object:
    """The fields that a question's schema allows."""
    schema = body["response_format"]["json_schema"]["schema"]
    return schema["properties"]["texts"]["items"]["properties"]["field"]["enum"]


def test_only_what_fits_and_is_true_is_kept() -> None:
    with scripted(lambda body, call: Reply(LINES)) as server:
        (outcome,) = writer(server.url).generate([copy_request()], step=no_drop)
    assert set(texts_of(outcome, "headline")) == {
        "Heron Touring Kayak Paddle",
        "Heron: Carbon Fiber Shaft",
        "Paddle by Fjordline in Yellow",
    }
    assert not any("free" in draft.text for draft in made(outcome).drafts)
    assert {draft.source for draft in made(outcome).drafts} == {Source.FREE}


def test_the_server_is_asked_for_the_model_with_the_key_and_the_fields() -> None:
    with scripted(lambda body, call: Reply(LINES)) as server:
        list(writer(f"{server.url}/v1/").generate([copy_request()], step=no_drop))
    assert set(server.keys) == {"Bearer k-1"}
    assert server.bodies[0]["model"] == "some-model"
    assert {"field": "headline", "texts": 15, "most_characters": 30} in asked(server.bodies[0])["fields"]


def test_temperature_and_top_p_are_settings() -> None:
    with scripted(lambda body, call: Reply(lines(TITLE, BODY))) as server:
        (outcome,) = writer(server.url, llm_temperature=0.2, llm_top_p=0.5).generate([push()], step=no_drop)
    assert (server.bodies[0]["temperature"], server.bodies[0]["top_p"]) == (0.2, 0.5)
    assert made(outcome).provenance["temperature"] == 0.2


def test_a_full_answer_needs_no_second_question() -> None:
    with scripted(lambda body, call: Reply(lines(TITLE, BODY))) as server:
        (outcome,) = writer(server.url).generate([push()], step=no_drop)
    assert (texts_of(outcome, "title"), texts_of(outcome, "body")) == ([TITLE[1]], [BODY[1]])
    assert len(server.bodies) == 1
    assert made(outcome).provenance["questions"] == 1


def test_the_second_question_is_for_what_is_missing_and_says_why_texts_were_refused() -> None:
    answers = {1: lines(TITLE, ("body", "The best paddle on earth.")), 2: lines(BODY)}
    with scripted(lambda body, call: Reply(answers[call])) as server:
        (outcome,) = writer(server.url).generate([push()], step=no_drop)
    assert texts_of(outcome, "body") == [BODY[1]]
    again = asked(server.bodies[1])
    assert [one["field"] for one in again["fields"]] == ["body"]
    assert [one["text"] for one in again["refused"]] == ["The best paddle on earth."]
    assert "best" in again["refused"][0]["why"][0]
    assert [one["role"] for one in server.bodies[1]["messages"]] == ["system", "user", "assistant", "user"]
    assert fields_of(server.bodies[1]) == ["body"]


@pytest.mark.parametrize(
    "answers",
    [
        ['{"texts": []}'] * 3,
        [lines(("body", BODY[1])), lines(("title", "The Best Paddle")), lines(TITLE)],
        [lines(("body", BODY[1])), "I have no more to say.", lines(TITLE)],
    ],
)
def test_a_server_that_has_no_more_to_say_is_not_asked_a_third_time(answers: list[str]) -> None:
    with scripted(lambda body, call: Reply(answers[call - 1])) as server:
        list(writer(server.url).generate([push()], step=no_drop))
    assert len(server.bodies) == 2


def test_a_server_is_asked_again_at_most_twice() -> None:
    usable = [
        "Heron Touring Kayak Paddle",
        "Heron: Carbon Fiber Shaft",
        "Paddle by Fjordline in Yellow",
        "Heron Paddle",
    ]
    with scripted(lambda body, call: Reply(lines(("headline", usable[call - 1])))) as server:
        (outcome,) = writer(server.url).generate([copy_request()], step=no_drop)
    assert set(usable[:3]) <= set(texts_of(outcome, "headline"))
    assert made(outcome).provenance["questions"] == len(server.bodies) == 3


def test_many_fields_are_asked_for_in_several_questions() -> None:
    with scripted(lambda body, call: Reply('{"texts": []}')) as server:
        list(writer(server.url).generate([copy_request(channel="google_pmax")], step=no_drop))
    firsts = [body for body in server.bodies if len(body["messages"]) == 2]
    assert len(firsts) > 1
    wanted = [field["field"] for body in firsts for field in asked(body)["fields"]]
    assert sorted(wanted) == ["description", "headline", "long_headline"]


def test_what_stays_below_the_minimum_is_filled_and_marked() -> None:
    with scripted(lambda body, call: Reply(lines(("headline", "Heron Touring Kayak Paddle")))) as server:
        (outcome,) = writer(server.url).generate([copy_request()], step=no_drop)
    sources = [draft.source for draft in made(outcome).drafts if draft.field == "headline"]
    assert sources == [Source.FREE, Source.TEMPLATE, Source.TEMPLATE]


def test_what_has_to_come_from_the_row_is_not_asked_of_the_server() -> None:
    request = copy_request(channel="support_reply", brief=Brief(message="Which colour is it? Does it float?"))
    with scripted(lambda body, call: Reply(lines(("reply", "Of course it floats!")))) as server:
        (outcome,) = writer(server.url).generate([request], step=no_drop)
    assert server.bodies == []
    (reply,) = made(outcome).drafts
    assert "It comes in bright yellow." in reply.text
    assert (reply.source, "float" in reply.text) == (Source.TEMPLATE, False)


def test_a_quiz_is_whole_without_the_server() -> None:
    with scripted(lambda body, call: Reply(lines(*GOOD))) as server:
        (outcome,) = writer(server.url).generate([copy_request(channel="quiz")], step=no_drop)
    assert server.bodies == []
    assert len(texts_of(outcome, "question")) == len(texts_of(outcome, "explanation")) >= 2


def test_another_language_is_asked_for_and_welcome() -> None:
    with scripted(lambda body, call: Reply(lines(("headline", "Leichtes Paddel von Fjordline")))) as server:
        (outcome,) = writer(server.url).generate([copy_request(language="de")], step=no_drop)
    assert "Leichtes Paddel von Fjordline" in texts_of(outcome, "headline")
    assert asked(server.bodies[0], turn=1)["language"] == "de"


def test_a_schema_is_asked_for_and_names_the_fields() -> None:
    with scripted(lambda body, call: Reply(lines(TITLE, BODY))) as server:
        list(writer(server.url).generate([push()], step=no_drop))
    assert fields_of(server.bodies[0]) == ["title", "body"]


def test_a_server_that_refuses_a_schema_is_asked_without_one_from_then_on() -> None:
    def answer(body: dict[str, Any], call: int) -> Reply:
        return Reply(status=400) if "response_format" in body else Reply(lines(TITLE, BODY))

    with scripted(answer) as server:
        served = writer(server.url)
        for _ in range(2):
            (outcome,) = served.generate([push()], step=no_drop)
            assert texts_of(outcome, "title") == [TITLE[1]]
    assert ["response_format" in body for body in server.bodies] == [True, False, False]


def test_a_bad_request_does_not_mean_that_a_server_has_no_schemas() -> None:
    with scripted(lambda body, call: Reply(status=400) if call < 3 else Reply(lines(TITLE, BODY))) as server:
        served = writer(server.url)
        list(served.generate([push()], step=no_drop))
        list(served.generate([push()], step=no_drop))
    assert ["response_format" in body for body in server.bodies] == [True, False, True]


def test_provenance_names_the_model_as_the_server_lists_it() -> None:
    models = {"data": [{"id": "other"}, {"id": "some-model", "created": 17, "root": "org/some", "permission": []}]}
    with scripted(lambda body, call: Reply(lines(TITLE, BODY)), models) as server:
        (outcome,) = writer(server.url).generate([push()], step=no_drop)
    provenance = made(outcome).provenance
    assert provenance["weights"] == "some-model"
    assert provenance["served"] == {"id": "some-model", "created": 17, "root": "org/some"}
    assert len(provenance["prompt_sha256"]) == 64


@pytest.mark.parametrize(
    "models",
    [
        *(Reply(status=404), Reply(status=500), Reply(raw=b"{"), Reply(missing_bytes=3)),
        *(None, [], {"data": None}, {"data": ["some-model"]}, {"data": [{"id": "other"}]}),
    ],
    ids=repr,
)
def test_a_server_that_lists_no_models_serves_all_the_same(models: object) -> None:
    with scripted(lambda body, call: Reply(lines(TITLE, BODY)), models) as server:
        outcomes = list(writer(server.url).generate([push(), push(number=1)], step=no_drop))
    assert [made(outcome).provenance["served"] for outcome in outcomes] == [{}, {}]
    assert server.listings == 1


def test_a_list_of_models_is_not_waited_for_longer_than_a_connection() -> None:
    with scripted(lambda body, call: Reply(lines(TITLE, BODY)), Reply(hangs=True)) as server:
        (outcome,) = writer(server.url, llm_connect_seconds=0.3).generate([push()], step=no_drop)
        assert server.hung_up.acquire(timeout=5)
    assert made(outcome).provenance["served"] == {}


def test_thoughts_are_not_read() -> None:
    thought = "<think>" + lines(("title", "Heron Kayak Paddle")) + "</think>"
    with scripted(lambda body, call: Reply(thought + lines(TITLE, BODY))) as server:
        (outcome,) = writer(server.url).generate([push()], step=no_drop)
    assert made(outcome).provenance["texts_received"] == 2


def test_half_a_pair_in_an_answer_is_not_sent_back() -> None:
    half = Reply(raw=b'{"choices": [{"message": {"content": "no JSON \\ud83d"}}]}')
    with scripted(lambda body, call: half if call == 1 else Reply(lines(TITLE, BODY))) as server:
        (outcome,) = writer(server.url).generate([push()], step=no_drop)
    assert texts_of(outcome, "title") == [TITLE[1]]
    assert server.bodies[1]["messages"][2]["content"] == "no JSON ?"


@pytest.mark.parametrize("text", [">", "A 3!", "…"])
def test_a_text_without_a_word_is_refused(text: str) -> None:
    with scripted(lambda body, call: Reply(lines(TITLE, ("body", text)))) as server:
        list(writer(server.url).generate([push()], step=no_drop))
    assert asked(server.bodies[1])["refused"][0]["why"] == ["It has no words."]


@pytest.mark.parametrize("text", ["\u0301Heron Touring Kayak Paddle", "Heron Touring Kayak Paddle \U0001f1e9"])
def test_a_text_that_begins_or_ends_inside_a_character_is_refused(text: str) -> None:
    with scripted(lambda body, call: Reply(lines(("title", text), BODY))) as server:
        (outcome,) = writer(server.url).generate([push()], step=no_drop)
    assert text not in texts_of(outcome, "title")
    assert "not whole" in asked(server.bodies[1])["refused"][0]["why"][0]


def test_an_answer_that_says_nothing_usable_fails_openly() -> None:
    with scripted(lambda body, call: Reply("I am sorry, I cannot do that.")) as server:
        (outcome,) = writer(server.url).generate([copy_request(language="ja")], step=no_drop)
    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.retryable) == ("llm-unusable-answer", True)


def test_without_a_server_the_failure_says_what_to_set() -> None:
    (outcome,) = writer("").generate([copy_request()], step=no_drop)
    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.retryable) == ("llm-not-configured", False)
    assert "ADLOOM_LLM_URL" in outcome.message


def test_without_a_server_a_dropped_item_is_not_failed() -> None:
    request = push()
    assert list(writer("").generate([request], step=lambda: frozenset({request.id}))) == []
