"""Copy from llama.cpp's own server, a process of its own: what no script of ours can promise about the protocol."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from adloom.core.drafts import Failure, Outcome
from generators.copy.chat import ChatServer, Manner, Message
from generators.copy.plan import plan_request
from generators.copy.talk import Talk, read_answer
from tests.generators.chat_server import writer
from tests.generators.copy_requests import copy_request, made, no_drop, texts_of
from tests.llama import KEY, LlamaServer, llama_server
from tests.servers import NotInstalled
from tests.tiny_gguf import make_tiny_gguf

PUSH = copy_request(channel="push")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_gguf(tmp_path_factory.mktemp("weights") / "tiny.gguf")


def _serve(weights: Path, folder: Path, context: int = 8192) -> Iterator[LlamaServer]:
    try:
        with llama_server(weights, folder, context=context) as server:
            yield server
    except NotInstalled as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def server(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    yield from _serve(weights, tmp_path_factory.mktemp("server"))


@pytest.fixture
def fragile(weights: Path, tmp_path: Path) -> Iterator[LlamaServer]:
    """A server of the test's own, to break."""
    yield from _serve(weights, tmp_path)


@pytest.fixture
def narrow(weights: Path, tmp_path: Path) -> Iterator[LlamaServer]:
    """A server that has room for a few words."""
    yield from _serve(weights, tmp_path, context=256)


def failure(outcome: Outcome) -> Failure:
    assert isinstance(outcome, Failure), outcome
    return outcome


def test_items_are_written_at_once_and_the_row_fills_what_the_network_cannot(server: LlamaServer) -> None:
    before = server.tokens_written()
    requests = [copy_request(channel="push", number=number) for number in range(5)]
    outcomes = list(writer(server.url, "tiny", llm_concurrency=3).generate(requests, step=no_drop))
    assert {outcome.request for outcome in outcomes} == {request.id for request in requests}
    assert all(texts_of(outcome, "title") and texts_of(outcome, "body") for outcome in outcomes)
    assert server.tokens_written() > before


def test_provenance_says_which_model_the_server_has(server: LlamaServer) -> None:
    (outcome,) = writer(server.url, "tiny").generate([PUSH], step=no_drop)
    served = made(outcome).provenance["served"]
    assert served["id"] == "tiny"
    assert isinstance(served["created"], int)


def _answers(
    server: LlamaServer, messages: Sequence[Message], schema: Mapping[str, Any], *, seeds: int, most: int
) -> list[str]:
    """What the network says to *messages*, in at most *most* tokens, for each of so many *seeds*."""

    async def ask() -> list[str]:
        chat = ChatServer(server.url, "tiny", KEY, Manner()).open()
        try:
            random = np.random.default_rng(0)
            return [
                await chat.complete(messages, seed=seed, max_tokens=most, schema=schema, random=random)
                for seed in range(seeds)
            ]
        finally:
            await chat.close()

    return asyncio.run(ask())


def test_a_schema_holds_what_the_network_writes(server: LlamaServer) -> None:
    talk = Talk(plan_request(PUSH), plan_request(PUSH).fields)
    found = _answers(server, talk.messages, talk.schema, seeds=6, most=400)
    assert all(answer.lstrip().startswith("{") and '"texts"' in answer for answer in found)
    assert {name for answer in found for name, _ in read_answer(answer)} <= {"title", "body"}


def test_an_answer_without_room_is_cut_and_read_as_far_as_it_goes(server: LlamaServer) -> None:
    talk = Talk(plan_request(PUSH), plan_request(PUSH).fields)
    for answer in _answers(server, talk.messages, talk.schema, seeds=4, most=8):  # the least is 12: {"texts":[]}
        with pytest.raises(json.JSONDecodeError):
            json.loads(answer)
        assert read_answer(answer) == []


def test_a_wrong_key_is_refused(server: LlamaServer) -> None:
    (outcome,) = writer(server.url, "tiny", key="k-2").generate([PUSH], step=no_drop)
    assert (failure(outcome).code, failure(outcome).retryable) == ("llm-unauthorized", False)


def test_a_question_that_is_too_long_for_the_network_is_not_asked_again(narrow: LlamaServer) -> None:
    (outcome,) = writer(narrow.url, "tiny").generate([PUSH], step=no_drop)
    assert (failure(outcome).code, failure(outcome).retryable) == ("llm-bad-request", False)


def test_a_silent_server_is_given_up_and_serves_again_when_it_wakes(fragile: LlamaServer) -> None:
    served = writer(fragile.url, "tiny", llm_read_seconds=0.3)
    fragile.pause()
    (silent,) = served.generate([PUSH], step=no_drop)
    fragile.resume()
    assert (failure(silent).code, failure(silent).retryable) == ("llm-no-answer", True)
    (outcome,) = writer(fragile.url, "tiny").generate([PUSH], step=no_drop)
    assert made(outcome).drafts


def test_a_server_that_dies_in_the_middle_costs_the_item_nothing(fragile: LlamaServer) -> None:
    ticks = 0

    def step() -> frozenset[UUID]:
        nonlocal ticks
        ticks += 1
        if ticks == 3:
            fragile.kill()
        return frozenset()

    fragile.pause()
    (outcome,) = writer(fragile.url, "tiny").generate([PUSH], step=step)
    assert (failure(outcome).code, failure(outcome).blameless) == ("llm-unavailable", True)
