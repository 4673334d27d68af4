"""Lines break well, sizes are found by measuring, prices read as their readers write them."""

from decimal import Decimal

import pytest

from adloom.core.products import Money
from generators.banner.fonts import FAMILIES, Style, advance, missing
from generators.banner.palette import contrast, from_oklch, oklch, readable
from generators.banner.typeset import break_lines, largest, paragraph
from generators.prices import format_price

BOLD = Style("Archivo", 800)


def broken(text: str, width: float, max_lines: int = 9) -> tuple[str, ...] | None:
    """Lines of at most *width* characters."""
    return break_lines(text, len, width=width, max_lines=max_lines)


def test_lines_are_balanced() -> None:
    assert broken("Waterproof Leather Hiking Boots", 24) == ("Waterproof Leather", "Hiking Boots")


def test_no_word_stands_alone_where_it_can_have_company() -> None:
    assert broken("Light and warm for every day", 24) == ("Light and warm", "for every day")


def test_no_line_ends_on_a_small_word_where_another_break_is_near() -> None:
    assert broken("Warm boots for the trail", 15) == ("Warm boots", "for the trail")


def test_a_word_is_never_split_and_nothing_is_dropped() -> None:
    assert broken("Incomprehensibilities", 10) is None
    assert broken("one two three four", 5, max_lines=2) is None
    lines = broken("one two three four five six", 9)
    assert lines is not None
    assert " ".join(lines) == "one two three four five six"


def test_the_fewest_lines_win() -> None:
    assert broken("Short text", 30) == ("Short text",)


def test_the_largest_size_that_fits_is_found() -> None:
    def fits(size: float) -> bool:
        return paragraph("Waterproof Leather Boots", BOLD, size, width=200, max_lines=2) is not None

    size = largest(fits, 8, 200)
    assert size is not None
    assert fits(size)
    assert not fits(size * 1.02)
    assert largest(fits, 100, 200) is None


def test_a_wider_cut_runs_longer() -> None:
    widths = [advance("Boots", Style("Archivo", 700, width), 40) for width in (75, 100, 125)]
    assert widths == sorted(set(widths))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_fonts_show_currencies_and_accents(family: str) -> None:
    assert missing("€ £ ¥ ₹ zł Kč ñ é ü ß ø å ç š ő İ ğ „“ ‘’ – — … ™ ® %", family) == ""


def test_missing_characters_are_named_once() -> None:
    assert missing("登山靴 登山", "Inter") == "登山靴"


@pytest.mark.parametrize(
    ("amount", "currency", "language", "expected"),
    [
        ("109.99", "USD", "en", "$109.99"),
        ("90.00", "USD", "en", "$90"),
        ("1249.00", "USD", "en-US", "$1,249"),
        ("109.99", "EUR", "de", "109,99 €"),
        ("90", "EUR", "de-DE", "90 €"),
        ("19.50", "GBP", "en-GB", "£19.50"),
        ("12800", "JPY", "ja", "¥12,800"),
        ("49.90", "EUR", "xx-unknown", "€49.90"),
    ],
)
def test_prices_are_written_for_their_readers(amount: str, currency: str, language: str, expected: str) -> None:
    written = format_price(Money(amount=Decimal(amount), currency=currency), language)
    assert written.replace("\u00a0", " ").replace("￥", "¥") == expected


def test_a_colour_is_moved_until_it_can_be_read() -> None:
    for ground in ((255, 255, 255), (250, 240, 120), (30, 40, 50), (128, 128, 128)):
        assert contrast(readable((230, 200, 60), ground), ground) >= 4.5


def test_colours_survive_the_way_through_oklch() -> None:
    for colour in ((31, 77, 63), (196, 85, 45), (255, 255, 255), (0, 0, 0)):
        assert from_oklch(*oklch(colour)) == pytest.approx(colour, abs=1)
