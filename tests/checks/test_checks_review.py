"""A review: every finding with its place, and a proposal."""

import pytest

from adloom.channels import load_channel, parse_target
from adloom.checks import Severity
from adloom.checks.review import Remark, Reviewer
from adloom.core.products import Product

GOOGLE = load_channel("google_rsa")
GOOD = {
    "headline": ["Warm Winter Boots", "Full-Grain Leather", "Light on Long Days"],
    "description": ["Full-grain leather, warm in winter.", "A light stride on long days."],
}
BOOTS = Product(id="1", title="Wanderer Boots", description="Warm winter boots of full-grain leather, light stride.")


def places(remarks: list[Remark]) -> list[tuple[str, int | None, str]]:
    return [(remark.field, remark.number, remark.finding.rule) for remark in remarks]


def test_an_ad_that_can_run_has_no_remarks() -> None:
    assert Reviewer(GOOGLE).review(GOOD) == []


def test_a_remark_says_where_it_stands_and_what_could_stand_there() -> None:
    headlines = [*GOOD["headline"][:2], "LIGHT Boots"]
    (remark,) = Reviewer(GOOGLE).review({**GOOD, "headline": headlines})
    assert places([remark]) == [("headline", 2, "no_all_caps_words")]
    assert (remark.text, remark.repair) == ("LIGHT Boots", "Light Boots")


def test_what_the_whole_ad_lacks_stands_nowhere() -> None:
    (remark,) = Reviewer(GOOGLE).review({**GOOD, "headline": GOOD["headline"][:2]})
    assert places([remark]) == [("", None, "min_items")]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Boots of Warm Leather", []),
        ("Boots of Warm Wool", ["ungrounded_material"]),
        ("Boots for 20 Winters", ["ungrounded_number"]),
    ],
)
def test_with_a_product_texts_have_to_be_true_to_it(text: str, rules: list[str]) -> None:
    found = Reviewer(GOOGLE, product=BOOTS).judge(text, GOOGLE.texts[0])
    assert [one.rule for one in found] == rules


def test_the_words_on_a_creative_are_reviewed_too() -> None:
    channel, slots = parse_target("iab_fixed:300x250")
    (remark,) = Reviewer(channel, slots).review({"creative_headline": ["A headline that no banner of this size shows"]})
    assert (remark.finding.rule, remark.finding.severity) == ("max_length", Severity.ERROR)


@pytest.mark.parametrize(
    ("texts", "rules"),
    [
        ({"creative_headline": ["Warm Boots"]}, []),
        ({"creative_cta": ["Shop now"]}, ["min_items"]),
        ({"creative_headline": [f"Boots {n}" for n in range(4)]}, ["max_items"]),
    ],
)
def test_a_creative_has_as_many_words_as_it_takes(texts: dict[str, list[str]], rules: list[str]) -> None:
    channel, slots = parse_target("iab_fixed:300x250")
    assert [remark.finding.rule for remark in Reviewer(channel, slots).review(texts)] == rules


def test_a_products_language_is_that_of_its_texts() -> None:
    shoes = Product(id="1", title="Bottes chaudes", language="fr")
    assert (
        Reviewer(GOOGLE, product=shoes).judge("Bottes chaudes : cuir", GOOGLE.texts[1])[0].rule
        != "no_gratuitous_spacing"
    )


def test_what_is_inserted_is_no_word_of_the_text() -> None:
    found = Reviewer(GOOGLE, product=BOOTS).judge("{KeyWord:Warm boots} in Wool", GOOGLE.texts[0])
    assert [(one.rule, one.span) for one in found] == [("ungrounded_material", (24, 28))]


def test_a_path_may_repeat_what_it_leads_to() -> None:
    headlines = ["Boots", "Full-Grain Leather", "Light on Long Days"]
    assert Reviewer(GOOGLE).review({**GOOD, "headline": headlines, "path1": ["boots"]}) == []


def test_one_of_a_performance_max_ads_headlines_has_to_be_short() -> None:
    channel = load_channel("google_pmax")
    long = [f"Headline of Two Dozen {word}" for word in ("Steps", "Miles", "Winds")]
    found = places(Reviewer(channel).review({"headline": long}))
    assert ("", None, "one_within") in found
    assert ("", None, "one_within") not in places(Reviewer(channel).review({"headline": [*long, "Boots"]}))
