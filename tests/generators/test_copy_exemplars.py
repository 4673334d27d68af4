"""A brand's past ads: shown to the network, and never said again."""

import json
from pathlib import Path
from typing import Any

import pytest

from adloom.core.brand import Brand, PastAd
from adloom.core.brief import Audience, Brief
from generators.copy.lm import CopyLM
from generators.copy.plan import is_free_line, plan_request
from generators.copy.prompts import EXAMPLES, recall
from generators.copy.talk import describe
from generators.copy.template import CopyTemplate
from generators.registry import GeneratorSettings
from tests.generators.copy_requests import BARE, copy_request, made, no_drop, texts_of

PAST = PastAd(text="Feel the water, not the weight.", field="description")
FJORDLINE = Brand(name="Fjordline", past_ads=("Sturdy Paddle by Fjordline", PAST))


@pytest.fixture(scope="module")
def writer(tiny_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> CopyLM:
    writer = CopyLM(GeneratorSettings(cache=tmp_path_factory.mktemp("cache"), threads=1))
    writer.load(str(tiny_weights), "cpu")
    return writer


def test_past_ads_follow_the_examples_of_a_prompt_by_their_kind() -> None:
    assert recall(FJORDLINE) == (
        "Advertisements that Fjordline has run before.\n"
        "Headline: Sturdy Paddle by Fjordline\n"
        "Ad text: Feel the water, not the weight.\n\n"
    )
    assert recall(None) == recall(Brand(name="B")) == ""


@pytest.mark.parametrize(
    ("ad", "label"),
    [
        (PastAd(text="x" * 41), "Ad text"),
        (PastAd(text="x" * 40), "Headline"),
        (PastAd(text="x", field="primary_text"), "Ad text"),
        (PastAd(text="x" * 90, field="long_headline"), "Headline"),
    ],
)
def test_a_past_ad_without_a_field_is_a_headline_if_it_is_short(ad: PastAd, label: str) -> None:
    assert recall(Brand(name="B", past_ads=(ad,))).splitlines()[1] == f"{label}: {ad.text}"


def test_a_prompt_shows_no_more_past_ads_than_a_network_should_read() -> None:
    shown = recall(Brand(name="B", past_ads=tuple(f"{n} {'x' * 300}" for n in range(20))))
    assert [line[:10] for line in shown.splitlines()[1:4]] == ["Ad text: 0", "Ad text: 1", "Ad text: 2"]
    assert len(shown) < 1300


def test_the_network_reads_past_ads(writer: CopyLM) -> None:
    plain, taught = copy_request(brand=Brand(name="Fjordline")), copy_request(brand=FJORDLINE)
    (before,), (after,) = (list(writer.generate([each], step=no_drop)) for each in (plain, taught))
    assert made(before).provenance["prompt_sha256"] != made(after).provenance["prompt_sha256"]
    fluency = [{one.text: one.details["scores"]["fluency"] for one in made(each).drafts} for each in (before, after)]
    assert fluency[0] != fluency[1]


def test_an_item_gives_the_same_texts_alone_and_among_other_brands(writer: CopyLM) -> None:
    mine = copy_request(number=3, brand=FJORDLINE)
    others = [
        copy_request(BARE, number=0, brand=Brand(name="Other", past_ads=("Tea, at last.",))),
        copy_request(number=1),
        copy_request(BARE, number=5, brand=FJORDLINE),
    ]
    (alone,) = writer.generate([mine], step=no_drop)
    among = {o.request: o for o in writer.generate([*others[:2], mine, others[2]], step=no_drop)}
    assert len(among) == 4
    assert among[mine.id] == alone


@pytest.mark.parametrize(("line", "past", "runs"), [
    ("Sturdy Paddle by Fjordline", (), True),
    ("Sturdy Paddle by Fjordline", ("Our sturdy paddle by Fjordline is here",), False),
    ("Sturdy Paddle by Fjordline", ("Paddle, sturdy",), True),
])  # fmt: skip
def test_a_free_line_that_repeats_a_past_ad_is_refused(line: str, past: tuple[str, ...], runs: bool) -> None:
    plan = plan_request(copy_request(brand=Brand(name="Fjordline", past_ads=past)))
    assert is_free_line(line, plan, plan.fields[0]) is runs


def test_a_guided_line_that_repeats_a_past_ad_ranks_lower() -> None:
    template = CopyTemplate(GeneratorSettings())

    def rank(brand: Brand, line: str) -> float:
        (outcome,) = template.generate([copy_request(brand=brand)], step=no_drop)
        texts = texts_of(outcome, "description")
        return texts.index(line) if line in texts else len(texts)

    (outcome,) = template.generate([copy_request(brand=Brand(name="Fjordline"))], step=no_drop)
    best = texts_of(outcome, "description")[0]
    assert rank(Brand(name="Fjordline", past_ads=(best,)), best) > 0


def test_the_examples_of_the_prompt_count_as_read_before() -> None:
    plan = plan_request(copy_request())
    assert "Slim Desk Lamp for Small Desks" in EXAMPLES
    assert plan.memory.share("Slim Desk Lamp for Small Desks") == 1.0


def test_a_past_ad_states_nothing_of_the_product() -> None:
    brand = Brand(name="Fjordline", past_ads=("The fastest paddle of all",))
    plan = plan_request(copy_request(brand=brand))
    assert not plan.may_run("The Fastest Fjordline Paddle", plan.fields[0])


def asked(**spec: Any) -> dict[str, Any]:  # Any: fields of CopySpec, JSON
    plan = plan_request(copy_request(**spec))
    content: dict[str, Any] = json.loads(describe(plan, plan.fields))
    return content


def test_a_server_is_told_the_past_ads_and_the_audience_and_asked_for_more() -> None:
    racers = Audience(name="racers", values=("speed",))
    content = asked(brand=FJORDLINE, brief=Brief(audience="racers", audiences=(racers, Audience(name="families"))))
    assert content["past_ads"] == [{"text": "Sturdy Paddle by Fjordline"}, PAST.model_dump()]
    assert content["audience"] == {"name": "racers", "values": ["speed"]}
    assert {"field": "headline", "texts": 45, "most_characters": 30} in content["fields"]
    assert {"past_ads", "audience"}.isdisjoint(asked())
