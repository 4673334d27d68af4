"""A number is its value and its unit, however a language writes them."""

from decimal import Decimal

import pytest

from adloom.checks.lexicon import load_lexicon, plain_numbers
from adloom.checks.numbers import NumberReader, gather
from adloom.core.products import Money


def _reader(language: str) -> NumberReader:
    lexicon = load_lexicon(language)
    assert lexicon is not None
    return lexicon.numbers


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "1,299.00 and 1.5 and 1.299", ["1299", "1.5", "1.299"]),
        ("en", "20 % or 20% or twenty or 20 percent", ["20%", "20%", "20%"]),
        ("en", "Two or three, at 12:30", ["2", "3", "12:30"]),
        ("de", "1.299,00 € oder 1.299 € oder 1,5", ["1299", "1299", "1.5"]),
        ("de", "Bis 24.12.2025, ab 01.02.2025", ["24.12.2025", "1.2.2025"]),
        ("de", "15 Prozent auf zwei", ["15%", "2"]),
        ("fr", "1 299,00 € et 1\u202f299 € et 12 000", ["1299", "1299", "12000"]),
        ("es", "1.299,00 € y 12.500 y tres", ["1299", "12500", "3"]),
        ("zh", "１２９９元，二十四小时，百分之二十，两个", ["1299", "24", "20%", "2"]),
        ("zh", "十分好，万能，一款，三万", ["1", "30000"]),
        ("zh", "十二，一百零五，二〇", ["12", "105", "2"]),
    ],
)
def test_values_are_read_as_the_language_writes_them(language: str, text: str, values: list[str]) -> None:
    assert [quantity.value for quantity in _reader(language).quantities(text)] == values


@pytest.mark.parametrize(
    ("language", "text", "measures"),
    [
        ("en", "1.4 kg", {("mass", "1400")}),
        ("en", "45L", {("volume", "45000")}),
        ("en", "$5", {("USD", "5"), ("CAD", "5")}),
        ("en", "EUR 5", {("EUR", "5")}),
        ("en", "5 gold rings", set()),
        ("en", "5 metal rings", set()),
        ("de", "2-jährige", {("span", "24")}),
        ("de", "1,8-Liter-Tank", {("volume", "1800")}),
        ("fr", "5 ans", {("span", "60")}),
        ("es", "14 días", {("time", "1209600")}),
        ("zh", "500克", {("mass", "500")}),
        ("zh", "￥39", {("CNY", "39"), ("JPY", "39")}),
        ("zh", "39元", {("CNY", "39")}),
    ],
)
def test_a_unit_says_what_is_measured(language: str, text: str, measures: set[tuple[str, str]]) -> None:
    (quantity,) = _reader(language).quantities(text)
    found = {(kind, f"{size:f}") for kind, size in quantity.measures}
    assert found >= measures
    assert bool(found) == bool(measures)


@pytest.mark.parametrize("text", ["20 x 30 cm", "20x30 cm", "20 × 30 cm", "20 to 30 cm", "20–30 cm"])
def test_the_last_unit_of_a_row_of_numbers_is_the_unit_of_all(text: str) -> None:
    found = _reader("en").quantities(text)
    assert [quantity.measures for quantity in found] == [
        frozenset({("length", Decimal(200).normalize())}),
        frozenset({("length", Decimal(300).normalize())}),
    ]


def test_a_price_after_a_name_does_not_make_the_names_number_money() -> None:
    first, second = _reader("fr").quantities("Montre Pulse 2 à 199 €")
    assert (first.value, first.units) == ("2", frozenset())
    assert second.measures == {("EUR", Decimal(199))}


def test_an_article_states_no_number_and_a_digit_does() -> None:
    reader = _reader("de")
    stated = gather(reader.quantities("Ein Schuh"), [])
    article, digit = reader.quantities("einen Schuh, 1 Paar")
    assert stated.breach(article) is None
    assert stated.breach(digit) is not None


@pytest.mark.parametrize(("text", "is_said"), [("15 inch", True), ("15 in", True), ('15"', True), ("15 cm", False)])
def test_an_ambiguous_unit_is_read_in_sources_only(text: str, is_said: bool) -> None:
    reader = _reader("en")
    (quantity,) = reader.quantities(text)
    assert (gather(reader.stated("", "15 in tall"), []).breach(quantity) is None) == is_said


def test_a_label_may_state_the_unit() -> None:
    (quantity,) = _reader("de").stated("Höhe (cm)", "42")
    assert quantity.measures == {("length", Decimal(420).normalize())}
    (bare,) = _reader("de").stated("Teile", "42")
    assert not bare.units


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("500 g", None),
        ("0.5 kg", None),
        ("500", None),
        ("$12.50", None),
        ("12.5 USD", None),
        ("500 ml", "ungrounded_unit"),
        ("500 kg", "ungrounded_unit"),
        ("12.50 €", "ungrounded_unit"),
        ("400 g", "ungrounded_number"),
        ("500%", "ungrounded_number"),
    ],
)
def test_a_number_with_another_unit_is_another_fact(text: str, rule: str | None) -> None:
    reader = plain_numbers()
    price = Money(amount=Decimal("12.50"), currency="USD")
    (quantity,) = reader.quantities(text)
    breach = gather(reader.quantities("Granola 500 g"), [price]).breach(quantity)
    assert (breach and breach[0]) == rule


def test_a_conflict_of_units_names_what_the_row_says() -> None:
    reader = plain_numbers()
    (quantity,) = reader.quantities("500 ml")
    breach = gather(reader.quantities("Granola 500 g"), []).breach(quantity)
    assert breach is not None
    assert "'500 ml'" in breach[1]
    assert "'500 g'" in breach[1]
