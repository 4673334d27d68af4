"""A text may say what its row says, and nothing else."""

import pytest

from adloom.checks import Severity
from adloom.checks.grounding import check_grounding
from adloom.checks.lexicon import load_lexicon
from adloom.core.brand import Brand
from adloom.core.brief import Brief, Claim, Offer
from adloom.core.products import Money, Product

LAMP = Product(
    id="L1",
    title="Fenn Desk Lamp",
    brand="Lumora",
    description=(
        "A slim lamp with a folding arm and 3 brightness levels. It never flickers and works without batteries. "
        "Made from recycled aluminum."
    ),
    price=Money(amount="1249.00", currency="USD"),
    details={"Cable": "1.5 m"},
)


def _rules(text: str, brief: Brief | None = None, brand: Brand | None = None, language: str = "en") -> list[str]:
    found = check_grounding(text, product=LAMP, brief=brief or Brief(), brand=brand, language=language)
    assert all(finding.detail for finding in found)
    return [finding.rule for finding in found if finding.severity == Severity.ERROR]


@pytest.mark.parametrize(
    "text",
    [
        "Discover the Fenn Desk Lamp by Lumora",
        "The slim lamp has a folding arm.",
        "Fenn lamps with folding arms, made from recycled aluminum",
        "Yours today for $1,249",
        "A 1.5 m cable and 3 brightness levels",
        "It never flickers.",
    ],
)
def test_what_the_row_says_may_be_said(text: str) -> None:
    assert _rules(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("A lamp with a marble base", "ungrounded_word"),
        ("The lamp has 4 brightness levels.", "ungrounded_number"),
        ("Fenn Desk Lamp for $1,149", "ungrounded_number"),
        ("Now 20% off", "ungrounded_number"),
        ("The best desk lamp", "ungrounded_superlative"),
        ("A certified desk lamp", "ungrounded_certification"),
        ("Desk lamp with free shipping", "ungrounded_promise"),
        ("A desk lamp, guaranteed", "ungrounded_promise"),
        ("Slimmer than any lamp by Osterhagen", "foreign_name"),
        ("The lamp flickers.", "negated_fact"),
        ("A lamp without a folding arm", "negated_fact"),
        ("A desk lamp with batteries", "negated_fact"),
    ],
)
def test_what_the_row_does_not_say_is_an_error(text: str, rule: str) -> None:
    assert rule in _rules(text)


def test_the_span_is_the_word_at_fault() -> None:
    text = "A lamp with a marble base"
    (first, _) = check_grounding(text, product=LAMP, brief=Brief(), brand=None)
    assert text[slice(*first.span)] == "marble"


def test_the_brief_and_the_brand_may_add_facts() -> None:
    brief = Brief(offer=Offer(text="20% off"), allowed_claims=(Claim(text="best in test", evidence="a magazine"),))
    assert _rules("20% off the Fenn Desk Lamp", brief) == []
    assert _rules("Best desk lamp in test", brief) == []
    assert _rules("Bright ideas by Lumora", brand=Brand(name="Lumora", tagline="Bright ideas")) == []


def test_a_number_of_another_thing_is_no_percentage() -> None:
    assert "ungrounded_number" in _rules("3% brightness")


def test_words_of_another_language_than_the_rows_are_not_compared() -> None:
    assert _rules("Lampe aus Leder", language="de") == []
    german = LAMP.model_copy(update={"language": "de-AT"})
    found = check_grounding("Lampe aus Leder", product=german, brief=Brief(), brand=None, language="de")
    assert "ungrounded_material" in {one.rule for one in found}


def test_without_a_lexicon_numbers_still_count_and_words_are_said_to_be_unchecked() -> None:
    found = check_grounding("Lampe mit 5 Stufen", product=LAMP, brief=Brief(), brand=None, language="it")
    assert {(f.rule, f.severity) for f in found} == {
        ("ungrounded_number", Severity.ERROR),
        ("words_not_compared", Severity.WARNING),
    }


def test_no_claim_is_free_for_all() -> None:
    lexicon = load_lexicon("en")
    assert lexicon is not None
    assert not {"best", "free", "certified", "guarantee", "perfect"} & lexicon.free


PAGE = "https://shop.example/sale/fda-approved-lamp"


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (f"The lamp: {PAGE} Reply STOP to opt out", []),
        (PAGE, []),
        (f"See {PAGE}-now", ["ungrounded_word"]),
        ("On sale: https://shop.example/other", ["ungrounded_promise"]),
        (f"{PAGE} is on sale", ["ungrounded_promise"]),
    ],
)
def test_the_products_own_address_may_stand_in_a_text_and_states_nothing(text: str, rules: list[str]) -> None:
    product = LAMP.model_copy(update={"link": PAGE})
    found = check_grounding(text, product=product, brief=Brief(), brand=None)
    assert {finding.rule for finding in found} >= set(rules)
    assert bool(found) == bool(rules)
    assert all(text[slice(*finding.span)].strip() for finding in found)


def test_the_briefs_page_is_the_products_own_too() -> None:
    brief = Brief(landing_url="https://shop.example/luxury")
    assert check_grounding("See https://shop.example/luxury", product=LAMP, brief=brief, brand=None) == []
