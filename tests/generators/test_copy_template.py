"""Lines from frames keep the limits, the row and their promise of sameness."""

import pytest

from adloom.channels import copy_fields, fits, list_channels, load_channel
from adloom.checks.grounding import check_grounding
from adloom.core.brief import Brief, Offer
from adloom.core.drafts import Failure, Source
from generators.copy.template import CopyTemplate
from generators.registry import GeneratorSettings
from tests.generators.copy_requests import BARE, PADDLE, copy_request, made, no_drop, texts_of

TEMPLATE = CopyTemplate(GeneratorSettings())


WRITTEN = [channel.id for channel in list_channels() if copy_fields(channel, ())]


@pytest.mark.parametrize("channel", WRITTEN)
def test_every_text_fits_its_field_and_stands_in_the_row(channel: str) -> None:
    fields = {field.name: field for field in copy_fields(load_channel(channel), ())}
    brief = Brief(message="Which colour is it?")
    (outcome,) = TEMPLATE.generate([copy_request(channel=channel, brief=brief)], step=no_drop)
    drafts = made(outcome).drafts
    assert {draft.field for draft in drafts} >= {name for name, field in fields.items() if field.aim > 10}
    for draft in drafts:
        assert fits(draft.text, fields[draft.field])
        assert bool(check_grounding(draft.text, product=PADDLE, brief=brief, brand=None)) == (draft.field == "wrong")
        assert draft.source == Source.TEMPLATE


def test_a_rich_row_gives_eight_headlines_and_three_descriptions_all_different() -> None:
    (outcome,) = TEMPLATE.generate([copy_request()], step=no_drop)
    headlines, descriptions = texts_of(outcome, "headline"), texts_of(outcome, "description")
    assert len(headlines) >= 8
    assert len(descriptions) >= 3
    assert len(set(headlines + descriptions)) == len(headlines + descriptions)
    assert all(text.endswith(".") for text in descriptions)


def test_the_same_seed_gives_the_same_texts_and_another_seed_others() -> None:
    first, again, other = (
        made(next(TEMPLATE.generate([copy_request(seed=seed)], step=no_drop))).drafts for seed in (1, 1, 2)
    )
    assert first == again
    assert [d.text for d in first] != [d.text for d in other]


def test_scores_fall_within_a_field() -> None:
    (outcome,) = TEMPLATE.generate([copy_request()], step=no_drop)
    scores = [draft.score for draft in made(outcome).drafts if draft.field == "headline"]
    assert scores == sorted(scores, reverse=True)


def test_each_text_names_the_facts_behind_it() -> None:
    (outcome,) = TEMPLATE.generate([copy_request()], step=no_drop)
    for draft in made(outcome).drafts:
        for fact in draft.details["facts"]:
            assert {"kind", "text", "source", "span"} <= set(fact)
    assert any(draft.details["facts"] for draft in made(outcome).drafts)


def test_a_poor_row_gives_few_texts_and_says_what_it_lacks() -> None:
    (outcome,) = TEMPLATE.generate([copy_request(BARE)], step=no_drop)
    assert len(texts_of(outcome, "headline")) < 8
    assert any("Add features, material" in note for note in made(outcome).notes)


def test_the_briefs_call_to_action_is_the_button() -> None:
    request = copy_request(
        channel="iab_fixed", slots=("300x250",), brief=Brief(call_to_action="Paddle off"), product=PADDLE
    )
    (outcome,) = TEMPLATE.generate([request], step=no_drop)
    assert texts_of(outcome, "creative_cta") == ["Paddle off"]


def test_an_offer_is_said_in_its_own_words() -> None:
    brief = Brief(offer=Offer(text="20% off"))
    (outcome,) = TEMPLATE.generate([copy_request(brief=brief)], step=no_drop)
    assert any("20% Off" in text for text in texts_of(outcome, "headline"))


def test_forbidden_words_are_never_used() -> None:
    brief = Brief(forbidden_words=("yellow", "carbon"))
    (outcome,) = TEMPLATE.generate([copy_request(brief=brief)], step=no_drop)
    assert not any(word in d.text.lower() for d in made(outcome).drafts for word in ("yellow", "carbon"))


def test_a_row_in_another_language_is_refused_with_advice() -> None:
    (outcome,) = TEMPLATE.generate([copy_request(language="de")], step=no_drop)
    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.retryable) == ("language-mismatch", False)


def test_an_unknown_slot_fails_alone() -> None:
    good, bad = copy_request(number=0), copy_request(number=1, channel="iab_fixed", slots=("1x1",))
    outcomes = {o.request: o for o in TEMPLATE.generate([good, bad], step=no_drop)}
    assert isinstance(outcomes[bad.id], Failure)
    assert made(outcomes[good.id]).drafts


def test_dropped_requests_yield_nothing() -> None:
    request = copy_request()
    assert list(TEMPLATE.generate([request], step=lambda: frozenset({request.id}))) == []
