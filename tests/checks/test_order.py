"""A text is refused where words are missing, doubled or shuffled, and left alone where English only looks so."""

import pytest

from adloom.checks.grounding import check_grounding
from adloom.core.brief import Brief
from adloom.core.products import Product

BOOTS = Product(
    id="B1",
    title="Bora Bora Trail Boots",
    brand="Fellmark",
    description=(
        "Waterproof suede boots with warm warmth and a grippy rubber sole for the long walks you live for. "
        "Warm to -5 °C. "
        "Take them into the by now famous hills, on and off the trail, and soft."
    ),
)


def _broken(text: str) -> list[str]:
    found = check_grounding(text, product=BOOTS, brief=Brief(), brand=None)
    return [text[slice(*one.span)] for one in found if one.rule == "broken_sentence"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Trail boots with a grippy sole and", "and"),
        ("Waterproof boots with a grippy rubber sole for the.", "the"),
        ("Waterproof suede boots for", "for"),
        ("Boots Trail Waterproof The", "The"),
        ("Suede boots a with grippy sole", "a with"),
        ("Take the and rubber sole", "the and"),
        ("The the trail boots", "The the"),
        ("Suede Suede Boots", "Suede Suede"),
        ("Warm warm boots", "Warm warm"),  # the row has "warm warmth"
        ("Trail Boots Trail Boots", "Trail Boots Trail Boots"),
        ("Fellmark boots, Fellmark boots", "Fellmark boots, Fellmark boots"),
    ],
)
def test_a_text_whose_words_are_shuffled_doubled_or_missing_is_refused(text: str, place: str) -> None:
    assert place in _broken(text)


@pytest.mark.parametrize(
    "text",
    [
        "Boots for the long walks you live for",  # the preposition's noun came first
        "Trail boots to take on and off",
        "So so soft suede boots",
        "Bora Bora Trail Boots",  # the row says it twice itself
        "Into the by now famous hills",  # and this
        "Fellmark boots. Fellmark boots are waterproof.",
        "Take the trail boots, take the trail",
        "Waterproof suede boots, grippy rubber sole",
    ],
)
def test_what_english_allows_is_left_alone(text: str) -> None:
    assert _broken(text) == []


@pytest.mark.parametrize(
    ("text", "is_stated"), [("Warm to -5 °C", True), ("Warm to −5°C", True), ("Warm to 5 °C", False)]
)
def test_a_temperature_below_zero_is_not_one_above(text: str, is_stated: bool) -> None:
    found = check_grounding(text, product=BOOTS, brief=Brief(), brand=None)
    assert (found == []) == is_stated
