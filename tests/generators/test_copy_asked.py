"""Replies to customers: what the row says is said, what it does not say is left open, and nothing is invented."""

import pytest

from adloom.checks.grounding import check_grounding
from adloom.core.brand import Brand
from adloom.core.brief import Brief, Offer
from adloom.core.drafts import Failure
from adloom.core.products import Money, Product
from generators.copy.asked import questions
from generators.copy.template import CopyTemplate
from generators.registry import GeneratorSettings
from tests.generators.copy_requests import copy_request, no_drop, texts_of

TEMPLATE = CopyTemplate(GeneratorSettings())
BOTTLE = Product(
    id="F1",
    title="Trail Insulated Bottle",
    brand="Fernhill",
    description=(
        "Double-wall insulated bottle with a leakproof screw lid and a carry loop. The vacuum between the walls keeps "
        "drinks cold for 24 hours. Fits standard cup holders. A cleaning brush is not included. Hand wash only."
    ),
    color="Forest Green",
    material="Stainless steel",
    details={"Weight": "340 g", "Capacity": "0.75 liters"},
    price=Money(amount="34.00", currency="USD"),
)
OPEN = "We do not have the answer here. We will look into your question and write to you again."
REST = "We will look into the rest of your message and write to you again."
HEARD = "We will look into it and write to you again."


def reply(message: str, *, product: Product = BOTTLE, brand: Brand | None = None) -> str:
    """The reply's middle, between the thanks and the regards; the whole must be true to the row."""
    brief = Brief(message=message, offer=Offer(text="Free shipping over $40"))
    request = copy_request(product, channel="support_reply", brief=brief, brand=brand)
    (outcome,) = TEMPLATE.generate([request], step=no_drop)
    (text,) = texts_of(outcome, "reply")
    assert check_grounding(text, product=product, brief=brief, brand=brand) == []
    opening, thanks, end = text.split("\n\n")
    assert (opening, end[:12]) == ("Hello,", "Kind regards")
    return thanks.partition(f"{product.title}. ")[2]


@pytest.mark.parametrize(
    ("message", "answers"),
    [
        ("Does it fit in a standard cup holder?", "It fits standard cup holders."),
        ("What is it made of?", "It is made from stainless steel."),
        ("Hello! Which colour is the bottle", "It comes in forest green."),
        ("which colours does it come in?", "It comes in forest green."),
        ("How much does it cost?", "The price is $34."),
        ("How heavy is it?", 'Our product details say: "Weight: 340 g."'),
        ("How much does the bottle hold?", 'Our product details say: "Capacity: 0.75 liters."'),
        ("How long does it keep drinks cold?", "24 hours"),
        ("Does it come with a lid?", "leakproof screw lid."),
        ("Does it come with a cleaning brush?", '"A cleaning brush is not included."'),
    ],
)
def test_what_the_row_says_is_the_answer(message: str, answers: str) -> None:
    said = reply(message)
    assert answers in said
    assert REST not in said


@pytest.mark.parametrize(
    "message",
    [
        "Is it dishwasher safe?",
        "Can I take it on a plane?",
        "Where is it made?",
        "Does the lid keep drinks cold?",  # the row says so of the walls
        "Does it keep soup cold?",
        "Does it come in red?",
        "Is it any good?",
        "How does it work?",
        "Can you tell me about it?",
        "When will you have more?",
    ],
)
def test_what_the_row_does_not_say_is_left_open(message: str) -> None:
    assert reply(message) == OPEN


def test_a_reply_quotes_no_markup() -> None:
    marked = BOTTLE.model_copy(update={"description": "<p>Never put it into a <b>microwave</b> oven.</p>"})
    assert reply("Can I use it in a microwave oven?", product=marked) == OPEN


def test_each_question_is_answered_or_left_open_by_itself() -> None:
    assert reply("What is it made of? Is it dishwasher safe?") == f"It is made from stainless steel. {REST}"


@pytest.mark.parametrize("trouble", ["My last one arrived broken.", "I want a refund.", "My order is late."])
def test_a_complaint_is_for_a_person(trouble: str) -> None:
    assert reply(trouble) == HEARD
    assert reply(f"{trouble} What is it made of?") == f"It is made from stainless steel. {REST}"


def test_an_offer_is_no_answer() -> None:
    assert reply("Is shipping free?") == OPEN


def test_more_questions_than_a_reply_answers_are_left_open() -> None:
    said = reply("What is it made of? How heavy is it? How much is it? Which colour is it? How much does it hold?")
    assert "0.75" not in said
    assert said.endswith(REST)


def test_the_same_answer_is_given_once() -> None:
    assert reply("What is it made of? What material is it?") == "It is made from stainless steel."


def test_the_brand_signs_or_the_maker_or_nobody() -> None:
    for product, brand, signed in (
        (BOTTLE, Brand(name="Trailhouse"), "Kind regards,\nTrailhouse"),
        (BOTTLE, None, "Kind regards,\nFernhill"),
        (BOTTLE.model_copy(update={"brand": ""}), None, "Kind regards"),
    ):
        request = copy_request(product, channel="support_reply", brief=Brief(message="Is it blue?"), brand=brand)
        (outcome,) = TEMPLATE.generate([request], step=no_drop)
        assert texts_of(outcome, "reply")[0].endswith("\n\n" + signed)


def test_without_a_message_there_is_nothing_to_answer() -> None:
    (outcome,) = TEMPLATE.generate([copy_request(BOTTLE, channel="support_reply")], step=no_drop)
    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.retryable) == ("invalid", False)
    assert "message" in outcome.message


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("Hi. Is it safe? Thanks!", ["Is it safe?"]),
        ("does it have a lid\nand is it light?", ["does it have a lid", "and is it light?"]),
        ("I like it.", []),
        ("", []),
    ],
)
def test_questions_are_told_from_statements(message: str, asked: list[str]) -> None:
    assert questions(message, {"does", "and"}) == asked
