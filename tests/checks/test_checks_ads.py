"""What concerns all texts of an ad, whatever each says alone."""

import pytest

from adloom.channels import Channel, TextField, load_channel
from adloom.checks import check_ad
from adloom.core.brief import Brief

FIELDS = (
    TextField("headline", 30, "chars", max_items=15),
    TextField("description", 90, "chars", max_items=4),
    TextField("final_url", 2048, "chars", written=False),
)
THREE_WORDS = "ms_title_plus_description_min_3_words"
CHANNEL = Channel("search", "any", "Search", texts=FIELDS, rules=(THREE_WORDS,))


def broken(**texts: list[str]) -> list[str]:
    return [one.rule for one in check_ad(texts, channel=CHANNEL, brand=None, brief=Brief())]


@pytest.mark.parametrize(
    "texts",
    [
        {"headline": ["Boots"]},
        {"headline": ["Boots"], "description": ["Warm"]},
        {"headline": ["Trail Boots"], "description": ["!?"]},
        {"headline": ["登山鞋"]},
        {"headline": ["Don't stop"]},
        {"headline": ["Boots"], "final_url": ["https://shop.example/three words more"]},
        {"headline": ["Boots"], "creative_headline": ["Warm and dry boots"]},
    ],
)
def test_an_ad_of_fewer_than_three_words_is_found(texts: dict[str, list[str]]) -> None:
    assert broken(**texts) == [THREE_WORDS]


@pytest.mark.parametrize(
    "texts",
    [
        {"headline": ["Boots"], "description": ["Warm, dry"]},
        {"headline": ["Warm", "Dry", "Light"]},
        {"headline": ["Trail Boots 2"]},
        {"headline": ["轻便登山鞋"]},
        {"headline": ["登山鞋"], "description": ["Gore"]},
        {"description": ["Des bottes d’hiver"]},
    ],
)
def test_three_words_in_all_are_enough(texts: dict[str, list[str]]) -> None:
    assert broken(**texts) == []


def test_an_ad_without_texts_has_no_words_to_count() -> None:
    assert broken() == []


def test_only_a_channel_that_asks_for_three_words_gets_them_counted() -> None:
    plain = Channel("plain", "any", "Plain", texts=FIELDS)
    assert check_ad({"headline": ["Boots"]}, channel=plain, brand=None, brief=Brief()) == []


def test_a_text_that_comes_twice_is_found_although_its_channel_names_no_rule() -> None:
    plain = Channel("plain", "any", "Plain", texts=FIELDS)
    found = check_ad({"headline": ["Boots", "boots"]}, channel=plain, brand=None, brief=Brief())
    assert [one.rule for one in found] == ["no_duplicate_assets"]


def test_answers_to_different_questions_may_be_the_same() -> None:
    quiz = load_channel("quiz")
    texts = {"question": ["A?", "B?"], "answer": ["Blue", "Blue"], "wrong": ["Red"] * 4, "explanation": ["Blue"] * 2}
    assert check_ad(texts, channel=quiz, brand=None, brief=Brief()) == []
    found = check_ad({**texts, "question": ["A?", "A?"]}, channel=quiz, brand=None, brief=Brief())
    assert [one.rule for one in found] == ["no_duplicate_assets"]


def test_how_many_words_there_are_is_said() -> None:
    [found] = check_ad({"headline": ["Boots"]}, channel=CHANNEL, brand=None, brief=Brief())
    assert found.detail.endswith("Words found: 1")
