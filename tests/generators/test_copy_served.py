"""Copy from a server that speaks the chat protocol, over real sockets."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from adloom.core.brief import Brief
from adloom.core.drafts import Failure, Source
from generators.copy.served import CopyServed, read_answer
from generators.registry import GeneratorSettings
from tests.generators.copy_requests import copy_request, made, no_drop, texts_of

Answer = Callable[[dict[str, Any], int], tuple[int, str]]  # body, number of the call -> status, content; Any: JSON

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
LINES = "\n".join(json.dumps({"field": field, "text": text}) for field, text in GOOD)


class _Server:
    """A chat server whose answers a test decides; it keeps what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.bodies: list[dict[str, Any]] = []  # Any: JSON
        self.keys: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.bodies.append(body)
                outer.keys.append(self.headers.get("Authorization"))
                status, content = answer(body, len(outer.bodies))
                reply = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, format: str, *args: object) -> None:
                """Keep the tests' output clean."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], _Server]]:
    started: list[_Server] = []

    def start(answer: Answer) -> _Server:
        server = _Server(answer)
        server.thread.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.http.shutdown()
        server.http.server_close()
        server.thread.join()


def _writer(url: str, model: str = "some-model") -> CopyServed:
    writer = CopyServed(GeneratorSettings(llm_url=url, llm_model=model, llm_api_key=SecretStr("k-1")))
    writer.load("", "cpu")
    return writer


def test_only_what_fits_and_is_true_is_kept(serve: Callable[[Answer], _Server]) -> None:
    server = serve(lambda body, call: (200, LINES))
    (outcome,) = _writer(server.url).generate([copy_request()], step=no_drop)
    assert set(texts_of(outcome, "headline")) == {
        "Heron Touring Kayak Paddle",
        "Heron: Carbon Fiber Shaft",
        "Paddle by Fjordline in Yellow",
    }
    assert not any("free" in draft.text for draft in made(outcome).drafts)
    assert {draft.source for draft in made(outcome).drafts} == {Source.FREE}


def test_the_server_is_asked_for_the_model_with_the_key_and_the_fields(serve: Callable[[Answer], _Server]) -> None:
    server = serve(lambda body, call: (200, LINES))
    list(_writer(f"{server.url}/v1/").generate([copy_request()], step=no_drop))
    assert server.keys == ["Bearer k-1"]
    assert server.bodies[0]["model"] == "some-model"
    asked = json.loads(server.bodies[0]["messages"][1]["content"])
    assert {"field": "headline", "texts": 15, "most_characters": 30} in asked["fields"]


def test_what_stays_below_the_minimum_is_filled_and_marked(serve: Callable[[Answer], _Server]) -> None:
    only = json.dumps({"field": "headline", "text": "Heron Touring Kayak Paddle"})
    server = serve(lambda body, call: (200, only))
    (outcome,) = _writer(server.url).generate([copy_request()], step=no_drop)
    sources = [draft.source for draft in made(outcome).drafts if draft.field == "headline"]
    assert sources == [Source.FREE, Source.TEMPLATE, Source.TEMPLATE]


def test_what_has_to_come_from_the_row_is_not_asked_of_the_server(serve: Callable[[Answer], _Server]) -> None:
    server = serve(lambda body, call: (200, json.dumps({"field": "reply", "text": "Of course it floats!"})))
    request = copy_request(channel="support_reply", brief=Brief(message="Which colour is it? Does it float?"))
    (outcome,) = _writer(server.url).generate([request], step=no_drop)
    assert server.bodies == []
    (reply,) = made(outcome).drafts
    assert "It comes in bright yellow." in reply.text
    assert (reply.source, "float" in reply.text) == (Source.TEMPLATE, False)


def test_a_quiz_is_whole_without_the_server(serve: Callable[[Answer], _Server]) -> None:
    server = serve(lambda body, call: (200, LINES))
    (outcome,) = _writer(server.url).generate([copy_request(channel="quiz")], step=no_drop)
    assert server.bodies == []
    assert len(texts_of(outcome, "question")) == len(texts_of(outcome, "explanation")) >= 2


def test_another_language_is_welcome(serve: Callable[[Answer], _Server]) -> None:
    lines = json.dumps({"field": "headline", "text": "Leichtes Paddel von Fjordline"})
    server = serve(lambda body, call: (200, lines))
    (outcome,) = _writer(server.url).generate([copy_request(language="de")], step=no_drop)
    assert texts_of(outcome, "headline") == ["Leichtes Paddel von Fjordline"]


def test_a_server_that_stumbles_once_is_asked_again(serve: Callable[[Answer], _Server]) -> None:
    server = serve(lambda body, call: (503, "") if call == 1 else (200, LINES))
    (outcome,) = _writer(server.url).generate([copy_request()], step=no_drop)
    assert len(server.bodies) == 2
    assert made(outcome).drafts


@pytest.mark.parametrize(
    ("status", "code", "retryable", "calls"),
    [
        (401, "llm-unauthorized", False, 1),
        (404, "llm-unknown-model", False, 1),
        (400, "llm-bad-request", False, 1),
        (500, "llm-unavailable", True, 3),
    ],
)
def test_errors_say_whether_another_attempt_helps(
    serve: Callable[[Answer], _Server], status: int, code: str, retryable: bool, calls: int
) -> None:
    server = serve(lambda body, call: (status, ""))
    (outcome,) = _writer(server.url).generate([copy_request()], step=no_drop)
    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.retryable, len(server.bodies)) == (code, retryable, calls)


def test_a_server_that_is_not_there_is_worth_another_attempt() -> None:
    (outcome,) = _writer("http://127.0.0.1:9").generate([copy_request()], step=no_drop)
    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.retryable) == ("llm-unavailable", True)


def test_an_answer_that_says_nothing_usable_fails_openly(serve: Callable[[Answer], _Server]) -> None:
    server = serve(lambda body, call: (200, "I am sorry, I cannot do that."))
    (outcome,) = _writer(server.url).generate([copy_request(language="de")], step=no_drop)
    assert isinstance(outcome, Failure)
    assert outcome.code == "llm-unusable-answer"


def test_without_a_server_the_failure_says_what_to_set() -> None:
    (outcome,) = _writer("").generate([copy_request()], step=no_drop)
    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.retryable) == ("llm-not-configured", False)
    assert "ADLOOM_LLM_URL" in outcome.message


def test_a_list_is_read_as_well_as_lines() -> None:
    pairs = [("headline", "A"), ("description", "B.")]
    objects = [{"field": field, "text": text} for field, text in pairs]
    assert read_answer(json.dumps(objects)) == pairs
    assert read_answer("```\n" + ",\n".join(map(json.dumps, objects)) + "\n```") == pairs
