"""Counting: what holds for texts of any script.  What is said of some methods only does not hold for the others."""

import unicodedata

import pytest
from hypothesis import given

from adloom.channels import measure, sms_parts
from adloom.channels.counting import METHODS
from tests.channels.any_script import characters, texts

each_method = pytest.mark.parametrize("unit", METHODS)
ADDITIVE = ["google_width", "tiktok_width", "gbk_bytes", "utf8_bytes"]


@each_method
def test_nothing_measures_nothing(unit: str) -> None:
    assert measure("", unit) == 0


@each_method
@given(text=texts)
def test_no_text_measures_less_than_nothing(unit: str, text: str) -> None:
    assert measure(text, unit) >= 0


@pytest.mark.parametrize("unit", [unit for unit in METHODS if unit != "google_width"])  # a lone sign has no width there
@given(character=characters, text=texts)
def test_some_text_measures_something(unit: str, character: str, text: str) -> None:
    assert measure(character + text, unit) > 0


@pytest.mark.parametrize("unit", ADDITIVE)
@given(one=texts, other=texts)
def test_two_texts_measure_their_sum(unit: str, one: str, other: str) -> None:
    assert measure(one + other, unit) == measure(one, unit) + measure(other, unit)


@given(texts, texts)
def test_joined_emoji_measure_less_and_nothing_measures_more(one: str, other: str) -> None:
    assert measure(one + other, "ms_width") <= measure(one, "ms_width") + measure(other, "ms_width")


@pytest.mark.parametrize("unit", ["chars", "twitter_weighted"])
@given(text=texts)
def test_a_text_measures_the_same_in_either_form(unit: str, text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert measure(decomposed, unit) == measure(composed, unit) == measure(text, unit)


@given(texts.map(lambda text: text.replace(".", "")))
def test_without_links_x_counts_at_most_two_for_a_character(text: str) -> None:
    assert measure(text, "twitter_weighted") <= 2 * measure(text, "chars")


@pytest.mark.parametrize("unit", ["ms_width", "tiktok_width"])
@given(text=texts)
def test_a_width_is_at_most_two_for_a_code_point(unit: str, text: str) -> None:
    assert measure(text, unit) <= 2 * len(text)


@given(texts, characters)
def test_a_longer_message_never_takes_less(text: str, character: str) -> None:
    longer = text + character
    assert measure(longer, "gsm7_septets") > measure(text, "gsm7_septets")
    assert sms_parts(longer) >= sms_parts(text)


@given(texts)
def test_a_text_fits_into_one_message_exactly_when_it_measures_160(text: str) -> None:
    assert (measure(text * 2, "gsm7_septets") <= 160) == (sms_parts(text * 2) <= 1)


@given(texts)
def test_parts_hold_the_text_and_stay_one_short_at_most(text: str) -> None:
    long = text * 9
    septets = measure(long, "gsm7_septets")
    units = len(long.encode("utf-16-le", "surrogatepass")) // 2
    size, several = (septets, 153) if septets < units * 160 / 70 else (units, 67)
    if septets > 160:
        assert -(-size // several) <= sms_parts(long) <= -(-size // (several - 1))
