"""Prices and HTML as they come in practice."""

from decimal import Decimal

import pytest

from adloom.feeds.html_text import read_html
from adloom.feeds.values import Unreadable, clean, money


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("15.00 USD", "15.00", "USD"),
        ("15 usd", "15", "USD"),
        ("USD 15.00", "15.00", "USD"),
        ("15.00USD", "15.00", "USD"),
        ("1.299,00 €", "1299.00", "EUR"),
        ("€1.299,00", "1299.00", "EUR"),
        ("12,50 EUR", "12.50", "EUR"),
        ("12,5 EUR", "12.5", "EUR"),
        ("1,299.00 USD", "1299.00", "USD"),
        ("1,299 USD", "1299", "USD"),
        ("1.299.000 IDR", "1299000", "IDR"),
        ("CHF 1'299.50", "1299.50", "CHF"),
        ("1 299,50 EUR", "1299.50", "EUR"),
        ("1\u202f299,50\u00a0€", "1299.50", "EUR"),
        ("19,- €", "19", "EUR"),
        ("1.250 KWD", "1.250", "KWD"),
        ("0.999 EUR", "0.999", "EUR"),
        ("£9.99", "9.99", "GBP"),
        ("$9.99", "9.99", "USD"),
    ],
)
def test_a_price_is_read_as_it_is_written(text: str, amount: str, currency: str) -> None:
    price = money(text)
    assert price is not None
    assert (price.amount, price.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.299 EUR", "ambiguous-price"),
        ("cheap", "bad-price"),
        ("-5 USD", "bad-price"),
        ("5 dollars", "bad-price"),
        ("5 kr", "bad-price"),
        ("from 5 USD", "bad-price"),
        ("5-7 USD", "bad-price"),
        ("15.00", "no-currency"),
        ("999999999999999 USD", "bad-price"),
        ("1.23456 USD", "bad-price"),
    ],
)
def test_a_price_is_never_guessed(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as fault:
        money(text)
    assert fault.value.code == code


def test_the_feeds_currency_serves_bare_amounts_and_the_dollar_sign() -> None:
    bare, dollar = money("15.00", currency="CAD"), money("$15", currency="CAD")
    assert bare is not None
    assert dollar is not None
    assert (bare.currency, dollar.currency) == ("CAD", "CAD")


@pytest.mark.parametrize(
    ("markup", "text", "highlights"),
    [
        ("Plain words", "Plain words", ()),
        ("<p>One</p><p>Two!</p>Three", "One. Two! Three", ()),
        ("<h2>Dry. Warm.</h2><p>Caf&eacute;&nbsp;&amp;&#8217;s</p>", "Dry. Warm. Café &’s", ()),
        ("<p>It fits.</p><ul><li>A</li><li><p>B</p></li></ul>", "It fits.", ("A", "B")),
        ("<ul><li>• A</li><li>A</li></ul>after", "after", ("A",)),
        ("x<script>alert(1)</script><style>p{}</style>y", "xy", ()),
        (
            "<table><tr><td>Weight</td><td>2 kg</td></tr><tr><td>Fit</td><td>slim</td></tr></table>",
            "Weight: 2 kg. Fit: slim",
            (),
        ),
        ("<b>bold</b>er <!-- no --> a < b <3", "bolder a < b <3", ()),
        ("One<br>two<br/>Three", "One two. Three", ()),
        (f"<ul><li>{'long ' * 40}</li></ul>", ("long " * 40).strip(), ()),
        ("<![foo[bar", "<![foo[bar", ()),
    ],
)
def test_html_says_the_same_as_text(markup: str, text: str, highlights: tuple[str, ...]) -> None:
    description = read_html(markup)
    assert (description.highlights, description.text) == (highlights, text)


def test_text_is_composed_and_on_one_line() -> None:
    assert clean("  Cafe\u0301\u00a0 au\u200b\tlait\r\n\ud800 ") == "Café au lait ?"
