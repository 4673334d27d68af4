"""Counting: the platforms' published boundary cases."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adloom.channels import TextField, fits, measure


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("Free shipping", 13),
        ("限时优惠", 8),
        ("ｶﾞ", 2),
        ("ガ", 2),
        ("€", 1),
        ("…", 1),
        ("™", 1),
        ("é", 1),
        ("ẞ", 1),
        ("\u04f9", 1),
        ("\u04fa", 2),
        ("\u20bf", 1),
        ("\u20c0", 2),
        ("\u213a", 1),
        ("\u213b", 2),
        ("！", 2),
        ("한", 2),
        ("א", 1),
        ("ก", 1),
        ("😀", 4),
        ("👍🏽", 8),
        ("क", 1),
        ("कि", 2),  # I stands beside its consonant
        ("कु", 1),  # U stands under it
        ("क्ष", 2),  # and so does the virama
        ("हिंदी", 4),
        ("\ud800", 2),
    ],
)
def test_google_counts_display_width(text: str, width: int) -> None:
    assert measure(text, "google_width") == width


def test_indic_signs_without_width_end_where_the_list_ends() -> None:
    signs = [
        *range(0x0900, 0x0903),
        0x093A,
        0x093C,
        *range(0x0941, 0x0949),
        0x094D,
        *range(0x0951, 0x0958),
        0x0962,
        0x0963,
    ]
    block = range(0x0900, 0x0D80)
    assert [point for point in block if measure(chr(point), "google_width") == 0] == signs
    assert {measure(chr(point), "google_width") for point in set(block) - set(signs)} == {1}


def test_single_width_begins_and_ends_where_the_list_says() -> None:
    widths = [min(measure(chr(unit), "google_width"), 2) or 1 for unit in range(0x10000)]  # Indic signs: see above
    changes = [unit for unit in range(1, 0x10000) if widths[unit] != widths[unit - 1]]
    assert widths[0] == 1
    assert " ".join(f"{unit:04X}" for unit in changes) == (
        "04FA 05BE 05BF 05D0 05EB 05F3 05F5 0600 0700 0750 0780 0900 0D80 0E00 0E80 "
        "1E00 20C0 2100 213B FB50 FE00 FE70 FF00 FF61 FFDD"
    )


@given(st.text(), st.text())
def test_width_of_two_texts_is_the_sum(one: str, other: str) -> None:
    assert measure(one + other, "google_width") == measure(one, "google_width") + measure(other, "google_width")


@given(st.text())
def test_width_is_at_most_two_per_utf16_unit(text: str) -> None:
    assert 0 <= measure(text, "google_width") <= len(text.encode("utf-16-le", "surrogatepass"))


def test_characters_are_code_points_after_composition() -> None:
    assert measure("e\u0301", "chars") == measure("é", "chars") == 1
    assert measure("限时优惠", "chars") == 4
    assert measure("😀", "chars") == 1


@given(st.text())
def test_characters_do_not_depend_on_the_form(text: str) -> None:
    assert measure(unicodedata.normalize("NFD", text), "chars") == measure(unicodedata.normalize("NFC", text), "chars")


def test_bytes_are_those_of_utf8() -> None:
    assert [measure(text, "utf8_bytes") for text in ("a", "é", "限", "😀")] == [1, 2, 3, 4]


def test_a_text_fits_up_to_the_limit_and_not_beyond() -> None:
    field = TextField("headline", 30, "google_width")
    assert fits("优" * 15, field)
    assert not fits("优" * 15 + "x", field)
