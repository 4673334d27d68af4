"""Quizzes: one right answer, wrong answers that are wrong, and the place in the row that settles it."""

from itertools import groupby

import pytest

from adloom.checks.grounding import check_grounding
from adloom.core.brief import Brief
from adloom.core.drafts import Draft
from adloom.core.products import Product
from generators.copy.template import CopyTemplate
from generators.registry import GeneratorSettings
from tests.generators.copy_requests import BARE, PADDLE, copy_request, made, no_drop

TEMPLATE = CopyTemplate(GeneratorSettings())
LAMP = Product(
    id="L1",
    title="Alder Table Lamp",
    brand="Fernhill",
    description="Table lamp with a solid oak foot, a brushed brass stem and a tapered linen shade. 46 cm tall.",
    material="Oak, brass, linen",
    color="Forest Green",
    details={"Height": "46 cm"},
)
ROWS = [
    LAMP,
    PADDLE,
    LAMP.model_copy(update={"title": "Alder Linen Lamp", "color": "Black and Silver", "details": {"Volume": "0.75 l"}}),
    LAMP.model_copy(update={"title": "Alder Boots", "material": "Wool", "details": {"Pages": "192"}}),
]


def quiz(product: Product, *, seed: int = 7) -> list[dict[str, list[Draft]]]:
    """The quiz's questions, each with its drafts by field."""
    (outcome,) = TEMPLATE.generate([copy_request(product, channel="quiz", seed=seed)], step=no_drop)
    found = []
    for _, several in groupby(made(outcome).drafts, key=lambda draft: draft.details["group"]):
        fields: dict[str, list[Draft]] = {}
        for draft in several:
            fields.setdefault(draft.field, []).append(draft)
        found.append(fields)
    return found


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("product", ROWS, ids=lambda product: product.title)
def test_a_question_has_one_right_answer_and_wrong_ones_that_are_wrong(product: Product, seed: int) -> None:
    questions = quiz(product, seed=seed)
    assert len(questions) >= 2
    for fields in questions:
        assert [len(fields[name]) for name in ("question", "answer", "explanation")] == [1, 1, 1]
        assert len({draft.text.lower() for name in ("answer", "wrong") for draft in fields[name]}) in (3, 4)
        for name in ("question", "answer", "explanation"):
            assert check_grounding(fields[name][0].text, product=product, brief=Brief(), brand=None) == []
        for draft in fields["wrong"]:
            assert check_grounding(draft.text, product=product, brief=Brief(), brand=None) != []


def test_groups_are_numbered_from_one_and_each_is_another_question() -> None:
    questions = quiz(LAMP)
    assert [fields["question"][0].details["group"] for fields in questions] == list(range(1, len(questions) + 1))
    assert len({fields["question"][0].text for fields in questions}) == len(questions)


def test_a_question_does_not_give_its_answer_away() -> None:
    steel = LAMP.model_copy(update={"title": "Alder Oak Lamp", "material": "Oak", "description": "It stands."})
    asked = {fields["answer"][0].text: fields["question"][0].text for fields in quiz(steel)}
    assert asked["Oak"] == "What is the Alder Lamp made of?"


@pytest.mark.parametrize(
    ("columns", "never"),
    [
        ({"color": "Navy"}, {"Blue"}),
        ({"color": "Charcoal"}, {"Black", "Grey"}),
        ({"color": "Blue", "options": {"Color": ("Red", "Pink", "White", "Black")}}, {"Red", "Pink", "White", "Black"}),
        ({"color": "Blue", "description": "Pale grey cords and a yellow plug."}, {"Grey", "Yellow"}),
    ],
)
def test_a_colour_that_the_row_has_by_any_name_is_no_wrong_answer(columns: dict[str, object], never: set[str]) -> None:
    product = Product.model_validate({"id": "1", "title": "Alder Lamp", "brand": "Fernhill", **columns})
    for seed in range(30):
        (colours,) = [fields for fields in quiz(product, seed=seed) if "colour" in fields["question"][0].text]
        assert not {draft.text for draft in colours["wrong"]} & never


@pytest.mark.parametrize(
    ("details", "right", "wrong"),
    [
        ({"Capacity": "1 l"}, "1 l", {"2 l", "3 l"}),  # neither nothing nor the same again
        ({"Pages": "40"}, "40 pages", {"30 pages", "60 pages", "80 pages", "120 pages", "20 pages"}),
    ],
)
def test_a_wrong_figure_is_another_figure(details: dict[str, str], right: str, wrong: set[str]) -> None:
    product = LAMP.model_copy(update={"description": "It stands.", "details": details})
    for seed in range(9):
        (figures,) = [fields for fields in quiz(product, seed=seed) if fields["answer"][0].text == right]
        assert {draft.text for draft in figures["wrong"]} <= wrong


def test_a_figure_that_the_row_states_too_is_no_wrong_answer() -> None:
    product = LAMP.model_copy(update={"description": "46 cm tall, and 23 cm or 69 cm tall without its shade."})
    for seed in range(9):
        (figures,) = [fields for fields in quiz(product, seed=seed) if fields["answer"][0].text == "46 cm tall"]
        assert not {draft.text for draft in figures["wrong"]} & {"23 cm tall", "69 cm tall"}


def test_a_question_with_fewer_than_two_wrong_answers_is_not_asked() -> None:
    many = LAMP.model_copy(update={"material": "Oak, brass, linen, glass, wool", "description": "It stands."})
    assert [fields for fields in quiz(many) if "made of" in fields["question"][0].text] == []


def test_wrong_answers_are_of_the_right_answers_type() -> None:
    answers = {fields["answer"][0].details["angle"]: fields for fields in quiz(LAMP)}
    assert all(" and " in draft.text for draft in answers["material"]["wrong"])
    assert all(draft.text.endswith(" cm tall") for draft in answers["measure"]["wrong"])
    assert all(draft.text.startswith(("A ", "An ")) for draft in answers["feature"]["wrong"])


def test_an_explanation_quotes_the_row() -> None:
    said = {fields["answer"][0].text: fields["explanation"][0].text for fields in quiz(LAMP)}
    assert said["46 cm tall"] == "The details say: “Height: 46 cm.”"
    assert said["Forest green"] == "The colour is given as “Forest Green.”"
    assert any("“Table lamp with a solid oak foot, a brushed brass stem" in text for text in said.values())


def test_an_explanation_quotes_no_markup() -> None:
    marked = LAMP.model_copy(update={"description": "<p>A lamp with a solid oak foot.</p>"})
    said = {fields["answer"][0].text: fields["explanation"][0].text for fields in quiz(marked)}
    assert said["A solid oak foot"] == "The description says: “solid oak foot.”"


def test_a_row_that_states_nothing_gives_no_quiz_and_says_so() -> None:
    (outcome,) = TEMPLATE.generate([copy_request(BARE, channel="quiz")], step=no_drop)
    assert made(outcome).drafts == ()
    assert made(outcome).notes[0].startswith("question: 0 of 5. Add ")
