"""The generator that makes nothing still keeps the contract."""

from uuid import UUID

import pytest

from adloom.core.drafts import Drafts
from adloom.core.errors import BadConfiguration
from adloom.core.specs import NoopSpec
from generators.base import Request
from generators.registry import GeneratorSettings, create


def _request(number: int, **spec: object) -> Request[NoopSpec]:
    return Request(UUID(int=number), NoopSpec.model_validate(spec), 1, number)


def test_the_payload_comes_back() -> None:
    (outcome,) = create("noop", GeneratorSettings()).generate([_request(1, payload="hello")], step=frozenset)
    assert isinstance(outcome, Drafts)
    assert [(draft.field, draft.text) for draft in outcome.drafts] == [("noop", "hello")]


def test_a_cancel_is_heard_while_it_waits() -> None:
    request, calls = _request(1, seconds=3600), iter([frozenset[UUID](), frozenset({UUID(int=1)})])
    assert list(create("noop", GeneratorSettings()).generate([request], step=lambda: next(calls))) == []


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(BadConfiguration, match=r"video\.paint"):
        create("video.paint", GeneratorSettings())
