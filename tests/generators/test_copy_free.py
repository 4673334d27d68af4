"""What the network writes alone runs only if it is whole and about this product."""

import pytest

from adloom.core.products import Product
from generators.copy.plan import is_free_line, plan_request
from generators.copy.wording import title_case
from tests.generators.copy_requests import copy_request


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("Touring Kayak Paddle by Fjordline", False),  # 33: too long
        ("Sturdy Paddle by Fjordline", True),
        ("Paddle Heron Touring Kayak", False),  # a scrambled name
        ("Kayak Paddle by Fjordline", False),  # half of its name, Heron Touring Kayak
        ("Fjordline Paddle for the", False),
        ("Best Paddle by Fjordline", False),
    ],
)
def test_a_free_line_is_whole_true_and_about_this_product(line: str, runs: bool) -> None:
    plan = plan_request(copy_request())
    assert is_free_line(line, plan, plan.fields[0]) is runs


@pytest.mark.parametrize(
    ("line", "runs"), [("Corvane GPS Trailfinder", False), ("Corvane Trailfinder Portable GPS", True)]
)
def test_a_makers_name_before_it_does_not_put_a_scrambled_name_right(line: str, runs: bool) -> None:
    device = Product(
        id="G1",
        title="Trailfinder Portable GPS",
        brand="Corvane",
        description="The Trailfinder Portable GPS by Corvane is a compact navigation device with a color display.",
    )
    plan = plan_request(copy_request(device, channel="google_pmax"))
    field = next(field for field in plan.fields if field.field.name == "long_headline")
    assert is_free_line(line, plan, field) is runs


def test_small_words_stay_small_inside_a_headline() -> None:
    assert title_case("a watch with an easy-to-read display") == "A Watch With an Easy-to-Read Display"


@pytest.mark.parametrize(
    ("word", "spelt"),
    [("éclair", "Éclair"), ("ﬁne", "Fine"), ("ǆep", "ǅep"), ("წიგნი", "წიგნი"), ("iPhone", "iPhone"), ("鞋", "鞋")],
)
def test_a_capital_is_the_one_that_begins_a_word_in_its_script(word: str, spelt: str) -> None:
    assert title_case(f"shoes {word} shoes") == f"Shoes {spelt} Shoes"
