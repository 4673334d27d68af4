"""What is read from an answer, whatever surrounds or cuts it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.copy.talk import read_answer
from generators.copy.wording import is_whole

PAIRS = [("headline", "A {KeyWord:Paddle}"), ("description", 'B says "C", \\ and D.')]
OBJECTS = [{"field": field, "text": text} for field, text in PAIRS]


@pytest.mark.parametrize(
    "answer",
    [
        json.dumps(OBJECTS),
        json.dumps({"texts": OBJECTS}, indent=2),
        "\n".join(map(json.dumps, OBJECTS)),
        "```json\n" + ",\n".join(map(json.dumps, OBJECTS)) + "\n```",
        "Sure! " + " and ".join(map(json.dumps, OBJECTS)) + " I hope {that} helps",
        json.dumps({"texts": [*OBJECTS, {"field": "headline", "text": "cut"}]})[:-5],
        json.dumps([{"field": 1, "text": "x"}, {"field": "headline"}, 3, None, *OBJECTS]),
        json.dumps([*OBJECTS, {"field": "headline", "text": "half a pair \ud83d"}]),
        '{"field": ' + "9" * 5000 + "}" + json.dumps(OBJECTS),
    ],
)
def test_whole_texts_are_read_and_others_are_not(answer: str) -> None:
    assert read_answer(answer) == PAIRS


@given(st.text(alphabet=st.sampled_from('{}[]"\\:, \nabtextfield'), max_size=200))
def test_no_answer_breaks_the_reader(answer: str) -> None:
    assert all(isinstance(text, str) for pair in read_answer(answer) for text in pair)


def test_a_long_answer_of_nothing_but_openings_is_read_at_once() -> None:
    assert read_answer('{"' * 20_000) == []


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        *(
            (text, True)
            for text in (
                "Café",
                "cafe\u0301",
                "👩\u200d👧",
                "🇩🇪",
                "🇩🇪🇫🇷",
                "한국",
                "กำ",
                "नि",
                "क्",
                "1\ufe0f\u20e3",
                "A\nB",
                "می\u200cخواهم",
            )
        ),
        *(
            (text, False)
            for text in ("\u0301e", "\u200d👧", "👩\u200d", "\ufe0fA", "🏽", "िन", "ำ", "\u11ab", "\u1112")
        ),
        *((text, False) for text in ("🇩", "🇩🇪🇫 A", "A 🇩 B", "A\ud83d", "A\x07", "A\ue000", "A\uffff", "A\U00067b28")),
    ],
)
def test_a_text_is_made_of_whole_characters(text: str, whole: bool) -> None:
    assert is_whole(text) is whole
