"""A text may put together what its row does, and its product's names; nothing else."""

import pytest

from adloom.checks.phrases import read_phrases
from adloom.core.brief import Brief
from adloom.core.products import Product

BOOTS = Product(
    id="B1",
    title="Harrow Ridge Trail Boots",
    brand="Fellmark",
    description=(
        "Warm and waterproof boots with a suede upper and a grippy rubber sole. The laces are reflective. "
        "The adjustable ankle strap and heel clip fit every foot. They dry fast on the road and beside road works. "
        "Steel hooks and eyelets. A soft and airy lining."
    ),
)


def _refused(text: str, product: Product = BOOTS, language: str = "en") -> list[str]:
    return [text[slice(*one.span)] for one in read_phrases(product, Brief(), None, language).check(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Suede Upper, Grippy Sole",
        "Waterproof, Warm Boots",
        "Suede Upper & Grippy Sole",
        "Airy Soft Lining",  # "soft and airy"
        "Suede Waterproof Boots",  # one more quality of the thing itself
        "Reflective Laces",  # said of them after a verb
        "Adjustable Heel Clip",  # shared over "and"
        "Waterproof Fellmark Boots",
        "Fellmark Waterproof Boots",
        "Warm Trail Boots",
        "Harrow Ridge Boots dry fast on the road",
        "The Harrow Ridge Trail Boots have a suede upper.",
        "The upper and the Trail Boots has it all",  # not the boots alone
        "Which of these does the Harrow Ridge Trail Boots has?",  # asked, not said
    ],
)
def test_what_belongs_together_runs(text: str) -> None:
    assert _refused(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Rubber Upper, Suede Sole", "Rubber Upper"),
        ("Rubber Upper, Suede Sole", "Suede Sole"),
        ("Reflective Sole", "Reflective Sole"),
        ("Rubber heel clip", "Rubber heel"),
        ("Steel Eyelets", "Steel Eyelets"),  # of two things one may be of another material
        ("Boots Waterproof", "Boots Waterproof"),
        ("The Trail Boots has a suede upper.", "Boots has"),
        ("Trail boots with a grippy", "a grippy"),
    ],
)
def test_what_the_row_says_of_something_else_is_refused(text: str, place: str) -> None:
    assert place in _refused(text)


def test_what_a_column_says_belongs_to_its_label() -> None:
    candle = Product(id="C", title="Fenn Candle", details={"Scent": "Cedar and orange peel"})
    assert _refused("Cedar and orange peel scent", candle) == []
    assert _refused("Peel orange", candle) == ["Peel orange"]


def test_the_size_at_the_end_of_a_title_is_not_its_noun() -> None:
    bottle = Product(id="B", title="Brook Insulated Bottle 0.75 L", description="Wide mouth. Green.")
    assert _refused("Green bottle", bottle) == []
    assert _refused("Green mouth", bottle) == ["Green mouth"]


def test_a_name_that_only_looks_like_a_plural_is_one_thing() -> None:
    lens = Product(id="L", title="Fenn Lens", description="A lens.")
    assert _refused("The Fenn Lens has", lens) == []
    assert _refused("The Fenn Lens have", lens) == ["Lens have"]


def test_a_language_without_a_table_of_small_words_is_not_judged() -> None:
    sole = Product(id="S", title="Sohle", description="Sohle mit Gummi.", language="de")
    assert _refused("Sohle Gummi", sole, language="de") == []


def test_a_row_in_another_language_puts_no_words_of_this_one_together() -> None:
    sole = Product(id="S", title="Sohle", description="Sohle mit Gummi.", language="de")
    assert _refused("Rubber sole", sole) == []
    assert _refused("Rubber sole", sole.model_copy(update={"language": "en-GB"})) == ["Rubber sole"]
