"""What a platform wants of a field's texts together: one of them short, and what belongs together told apart."""

from pathlib import Path

import pytest

from adloom.channels import load_channel, measure
from adloom.checks import check_ad
from adloom.core.brief import Brief
from adloom.core.drafts import Source
from adloom.core.products import Product
from generators.copy.facts import FactKind
from generators.copy.finish import finish, with_short
from generators.copy.frames import Candidate
from generators.copy.lm import CopyLM
from generators.copy.plan import FieldPlan, candidates, plan_request
from generators.copy.score import Scored
from generators.copy.template import CopyTemplate
from generators.registry import GeneratorSettings
from tests.generators.copy_requests import PADDLE, copy_request, made, no_drop, texts_of

TEMPLATE = CopyTemplate(GeneratorSettings())
LONG_NAMED = Product(
    id="P3", title="Meridian Beech Wall Clock", brand="Fernhill", description="Wall clock with a rim of solid beech."
)


def pmax_headlines(product: Product = PADDLE) -> FieldPlan:
    return plan_request(copy_request(product, channel="google_pmax")).fields[0]


def scored(text: str, fluency: float) -> Scored:
    return Scored(Candidate(text, text, ("{name}",), ()), Source.TEMPLATE, fluency=fluency)


@pytest.mark.parametrize("product", [PADDLE, LONG_NAMED], ids=lambda product: product.title)
@pytest.mark.parametrize("seed", range(4))
def test_one_text_of_performance_max_is_within_the_shorter_limit(product: Product, seed: int) -> None:
    (outcome,) = TEMPLATE.generate([copy_request(product, channel="google_pmax", seed=seed)], step=no_drop)
    for field, limit in (("headline", 15), ("description", 60)):
        assert min(measure(text, "google_width") for text in texts_of(outcome, field)) <= limit
    texts = {field.name: texts_of(outcome, field.name) for field in load_channel("google_pmax").texts if field.written}
    findings = check_ad(texts, channel=load_channel("google_pmax"), brand=None, brief=Brief())
    assert [finding for finding in findings if finding.rule == "one_within"] == []


@pytest.fixture(scope="module")
def writer(tiny_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> CopyLM:
    writer = CopyLM(GeneratorSettings(cache=tmp_path_factory.mktemp("cache"), threads=1))
    writer.load(str(tiny_weights), "cpu")
    return writer


def test_the_network_chooses_questions_and_not_their_answers(writer: CopyLM) -> None:
    (outcome,) = writer.generate([copy_request(channel="quiz")], step=no_drop)
    sources = {(draft.field == "question", draft.source) for draft in made(outcome).drafts}
    assert sources == {(True, Source.GUIDED), (False, Source.TEMPLATE)}


def test_a_subject_and_a_preheader_tell_something_where_the_row_does() -> None:
    for seed in range(6):
        (outcome,) = TEMPLATE.generate([copy_request(channel="email", seed=seed)], step=no_drop)
        for draft in made(outcome).drafts:
            kinds = {fact["kind"] for fact in draft.details["facts"]}
            assert draft.field == "button" or kinds - {"colour", "price", "offer"}, draft.text


def test_the_network_finds_the_short_one_too(writer: CopyLM) -> None:
    (outcome,) = writer.generate([copy_request(channel="google_pmax")], step=no_drop)
    assert min(measure(text, "google_width") for text in texts_of(outcome, "headline")) <= 15
    assert min(measure(text, "google_width") for text in texts_of(outcome, "description")) <= 60


def test_the_short_one_takes_the_last_place_and_no_higher_score() -> None:
    field = pmax_headlines()
    long = [scored(f"{letter * 5} Kayak Touring Paddle", 1.0) for letter in "abcdefghijklmnop"]
    drafts = finish([*long, scored("Heron", -9.0)], field, "en")
    assert len(drafts) == field.wanted
    assert drafts[-1].text == "Heron"
    assert drafts[-1].score <= min(draft.score for draft in drafts[:-1])


def test_nothing_gives_way_where_one_is_short_already_or_none_can_be() -> None:
    field = pmax_headlines()
    long = [scored(f"{letter * 5} Kayak Touring Paddle", 1.0) for letter in "abc"]
    assert len(finish(long, field, "en")) == 3
    texts = [draft.text for draft in finish([*long, scored("Heron", 2.0), scored("Paddle", -9.0)], field, "en")]
    assert texts.count("Heron") == 1


def test_a_short_candidate_is_drawn_where_chance_drew_none() -> None:
    field = pmax_headlines()
    pool = [scored("Heron Touring Kayak Paddle", 0.0).candidate, scored("Heron", 0.0).candidate]
    assert with_short([0], pool, field) == [0, 1]
    assert with_short([1], pool, field) == [1]
    assert with_short([0], pool[:1], field) == [0]


def test_a_field_without_a_shorter_limit_is_left_alone() -> None:
    (field, _) = plan_request(copy_request()).fields
    pool = [scored("Heron Touring Kayak Paddle", 0.0).candidate, scored("Heron", 0.0).candidate]
    assert with_short([0], pool, field) == [0]


def test_forbidden_words_do_not_spoil_a_whole_letter() -> None:
    brief = Brief(forbidden_words=("yellow", "carbon"))
    (outcome,) = TEMPLATE.generate([copy_request(channel="email", brief=brief)], step=no_drop)
    (body,) = texts_of(outcome, "body")
    assert "yellow" not in body
    assert "carbon" not in body


@pytest.mark.parametrize("channel", ["email", "product_description", "google_merchant_feed"])
def test_no_fact_is_told_twice_in_one_text(channel: str) -> None:
    for seed in range(6):
        (outcome,) = TEMPLATE.generate([copy_request(channel=channel, seed=seed)], step=no_drop)
        for draft in made(outcome).drafts:
            told = [fact["text"] for fact in draft.details["facts"] if fact["kind"] != FactKind.OFFER]
            assert len(told) == len(set(told)), draft.text


def test_a_text_message_drops_its_link_before_its_sender_where_room_is_short() -> None:
    far = PADDLE.model_copy(update={"link": f"https://shop.example/{'abcdefghij' * 10}"})
    (outcome,) = TEMPLATE.generate([copy_request(far, channel="sms")], step=no_drop)
    (body,) = texts_of(outcome, "body")
    assert body.startswith("Fjordline: ")
    assert body.endswith(" Reply STOP to opt out")
    assert "https" not in body


def test_candidates_for_a_field_that_wants_a_short_one_have_one() -> None:
    plan = plan_request(copy_request(channel="google_pmax"))
    found = candidates(plan, plan.fields[0], plan.request.stream(0))
    assert min(measure(one.text, "google_width") for one in found) <= 15
