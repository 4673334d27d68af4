"""No text, whoever wrote it and in whatever script, exceeds a limit or holds half a character or half a word."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adloom.channels import copy_fields, fits, list_channels, load_channel
from adloom.core.brief import Brief
from adloom.core.drafts import Drafts, Outcome, Source
from adloom.core.products import Product
from generators.copy.lm import CopyLM
from generators.copy.plan import plan_request
from generators.copy.served import outcome
from generators.copy.talk import Talk
from generators.copy.template import CopyTemplate
from generators.copy.wording import normalised
from generators.registry import GeneratorSettings
from tests.channels.any_script import texts
from tests.generators.any_product import faults, languages, products
from tests.generators.copy_requests import PADDLE, copy_request, no_drop

CHANNELS = st.sampled_from([channel.id for channel in list_channels() if copy_fields(channel, ())])
LANGUAGES = st.sampled_from(languages())
ASKS = Brief(message="What is it made of?")
TEMPLATE = CopyTemplate(GeneratorSettings())
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@pytest.fixture(scope="module")
def network(tiny_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> CopyLM:
    writer = CopyLM(GeneratorSettings(cache=tmp_path_factory.mktemp("cache"), threads=1))
    writer.load(str(tiny_weights), "cpu")
    return writer


def check(outcome: Outcome, channel: str, product: Product) -> None:
    """Every text of *outcome* fits its field of *channel*, and is made of whole pieces of *product*'s row."""
    assert isinstance(outcome, Drafts)
    fields = {field.name: field for field in copy_fields(load_channel(channel), ())}
    for draft in outcome.drafts:
        assert fits(draft.text, fields[draft.field]), draft.text
        assert list(faults(draft.text, product)) == [], draft.text


@settings(deadline=None, derandomize=True, database=None, max_examples=60, suppress_health_check=SLOW)
@given(product=products, channels=st.sets(CHANNELS, min_size=1, max_size=3), language=LANGUAGES)
def test_what_frames_write_is_whole_and_fits(product: Product, channels: set[str], language: str) -> None:
    product = product.model_copy(update={"language": language})
    for channel in sorted(channels):
        request = copy_request(product, channel=channel, language=language, brief=ASKS)
        (written,) = TEMPLATE.generate([request], step=no_drop)
        check(written, channel, product)


@settings(deadline=None, derandomize=True, database=None, max_examples=20, suppress_health_check=SLOW)
@given(product=products, channels=st.sets(CHANNELS, min_size=1, max_size=3), language=LANGUAGES)
def test_what_a_network_writes_is_whole_and_fits(
    network: CopyLM, product: Product, channels: set[str], language: str
) -> None:
    product = product.model_copy(update={"language": language})
    asked = [
        copy_request(product, channel=channel, language=language, brief=ASKS, number=number)
        for number, channel in enumerate(sorted(channels))
    ]
    for written in network.generate(asked, step=no_drop):
        check(written, next(one.spec.channel for one in asked if one.id == written.request), product)


PUBLISHABLE = [
    "Heron Touring Kayak Paddle",
    "Heron: Carbon Fiber Shaft",
    "Paddle by Fjordline in Yellow",
    "The sturdy Heron paddle by Fjordline is made from recycled nylon.",
]
ENDS = texts.map(lambda text: text[:2])
AFFIXED = st.tuples(ENDS, st.sampled_from(PUBLISHABLE), ENDS).map("".join)
LINES = AFFIXED | st.sampled_from(PUBLISHABLE) | texts


@settings(deadline=None, derandomize=True, database=None, max_examples=60, suppress_health_check=SLOW)
@given(channel=CHANNELS, lines=st.lists(LINES, max_size=6), end=st.integers(0, 30))
def test_what_a_server_answers_runs_as_it_was_written_or_not_at_all(channel: str, lines: list[str], end: int) -> None:
    plan = plan_request(copy_request(channel=channel, brief=ASKS))
    talk = Talk(plan, plan.fields)
    answer = json.dumps(
        {"texts": [{"field": field.field.name, "text": line} for field in plan.fields for line in lines]}
    )
    talk.hear(answer[: len(answer) - end])
    written = outcome(plan, [talk], {}, notes=[])
    if not isinstance(written, Drafts):
        return
    fields = {field.name: field for field in copy_fields(load_channel(channel), ())}
    for draft in written.drafts:
        assert fits(draft.text, fields[draft.field])
        if draft.source == Source.FREE:
            assert draft.text in map(normalised, lines)
            assert list(faults(f"({draft.text})", as_row(draft.text))) == []


def as_row(text: str) -> Product:
    """A product whose row holds *text* between brackets: a text that begins or ends inside a character joins them."""
    return PADDLE.model_copy(update={"description": text})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("A caf", "piece of a word"),
        ("A cafe", "piece of a word"),
        ("A 👩", "no character"),
        ("A 🇩", "no character"),
        ("A \ud83d", "half of a pair"),
        ("Übergröß", "piece of a word"),
        ("न", "no character"),
        ("bergröße", "piece of a word"),
    ],
)
def test_the_judge_sees_what_is_broken(text: str, fault: str) -> None:
    row = PADDLE.model_copy(update={"description": "cafe\u0301 👩\u200d👧 🇩🇪 Übergröße नि"})
    assert fault in " ".join(faults(text, row))


def test_the_judge_has_nothing_against_whole_words() -> None:
    row = PADDLE.model_copy(update={"description": "cafe\u0301 👩\u200d👧 Übergröße"})
    assert list(faults("ÜBERGRÖSSE with café by 👩\u200d👧", row)) == []
