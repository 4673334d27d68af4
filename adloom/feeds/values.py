"""Cells to values: prices, lists, availability, plain text."""

import csv
import html
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from pydantic import ValidationError

from adloom.core.products import Money

_SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "US$": "USD",
    "₹": "INR",
    "zł": "PLN",
    "₩": "KRW",
    "₺": "TRY",
    "₴": "UAH",
}
_THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})  #: currencies with three decimal places
_PRICE = re.compile(
    r"^(?P<before>[^\d\s.,'’+-]{1,4}|[A-Za-z]{3})?\s*(?P<amount>\d[\d.,'’\s]*?)(?:[.,][-–—]+)?\s*(?P<after>[^\d\s.,]{1,4})?$"
)
_LONGEST_PRICE = 60
_AVAILABILITY = {
    "in_stock": "in_stock",
    "instock": "in_stock",
    "available": "in_stock",
    "yes": "in_stock",
    "true": "in_stock",
    "1": "in_stock",
    "limited_availability": "in_stock",
    "out_of_stock": "out_of_stock",
    "outofstock": "out_of_stock",
    "sold_out": "out_of_stock",
    "discontinued": "out_of_stock",
    "no": "out_of_stock",
    "false": "out_of_stock",
    "0": "out_of_stock",
    "preorder": "preorder",
    "pre_order": "preorder",
    "backorder": "backorder",
    "back_order": "backorder",
    "available_for_order": "backorder",
}
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


class Unreadable(Exception):
    """A cell that does not say what it should.  *kept*: its row can do without it."""

    def __init__(self, code: str, message: str, *, kept: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.kept = kept


def clean(text: str) -> str:
    """*text* on one line: composed characters, single spaces, nothing invisible, no lone surrogates."""
    if text.isascii() and text.isprintable():  # most cells, and ten times as fast
        return " ".join(text.split())
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Zs", "Zl", "Zp") else c for c in text)
    return " ".join(visible.split())


def unescape(text: str) -> str:
    """*text* cleaned, with HTML entities decoded: exports are full of ``&amp;``."""
    return clean(html.unescape(text))


def money(text: str, *, currency: str = "") -> Money | None:
    """A price such as "15.00 USD", "€ 1.299,00" or "12,50"; None when the cell is empty.

    *currency* is that of prices that state none, and what "$" means.  A price is never guessed: an amount that reads
    two ways ("1.299": a thousand, or one and a bit?) is unreadable.

    Raises:
        Unreadable: no price, two readings, or no currency anywhere.
    """
    text = clean(text)
    if not text:
        return None
    match = _PRICE.match(text) if len(text) <= _LONGEST_PRICE else None
    if match is None:
        raise Unreadable("bad-price", f"{text[:40]!r} is not a price. Write it like 15.00 USD.")
    code = _currency(match["before"] or match["after"] or "", currency, text)
    try:
        return Money(amount=_amount(match["amount"], code), currency=code)
    except (InvalidOperation, ValidationError) as error:
        raise Unreadable("bad-price", f"{text[:40]!r} is not a price. Write it like 15.00 USD.") from error


def _currency(mark: str, default: str, text: str) -> str:
    mark = mark.strip()
    if mark == "$" and default:
        return default
    code = _SYMBOLS.get(mark, mark.upper()) or default
    if not code:
        raise Unreadable(
            "no-currency",
            f"{text[:40]!r} names no currency, so this price and others like it are left out and the products kept. "
            "Write 15.00 USD, add a column 'currency', or say the feed's currency when you upload it.",
            kept=True,
        )
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Unreadable("bad-price", f"{mark!r} in {text[:40]!r} is no currency code. Write it like 15.00 USD.")
    return code


def _amount(text: str, currency: str) -> Decimal:
    digits = re.sub(r"[\s'’]", "", text).strip(".,")
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:  # the last one is the decimal sign
        decimal = max(".,", key=digits.rfind)
    elif dots + commas > 1:  # repeated: both group thousands
        decimal = ""
    else:
        decimal = _lone_separator(digits, currency)
    for separator in ".,":
        digits = digits.replace(separator, "." if separator == decimal else "")
    return Decimal(digits)


def _lone_separator(digits: str, currency: str) -> str:
    """What a single dot or comma is: "12,50" and "12.5" are decimal, "1,299" groups, "1.299" could be either."""
    separator = "," if "," in digits else "."
    whole, _, rest = digits.partition(separator)
    if len(rest) != 3 or currency in _THOUSANDTHS or whole == "0":
        return separator
    if separator == ",":
        return ""
    raise Unreadable("ambiguous-price", f"{digits!r} could be {whole}{rest} or {digits[:-1]}. Write {whole}{rest}.00.")


def availability(text: str) -> str:
    """One of in_stock, out_of_stock, preorder, backorder; empty for an empty cell."""
    word = re.sub(r"[\s\-_]+", "_", clean(text).casefold().rsplit("/", 1)[-1])
    if word and word not in _AVAILABILITY:
        raise Unreadable(
            "bad-availability",
            f"{text[:40]!r} is none of in_stock, out_of_stock, preorder, backorder; the product is kept without it.",
            kept=True,
        )
    return _AVAILABILITY.get(word, "")


def listed(cell: str, *, delimiter: str) -> tuple[str, ...]:
    """The parts of a cell that holds a list; parts in quotation marks may contain the delimiter."""
    if not cell.strip():
        return ()
    try:
        parts = next(csv.reader([clean(cell)], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        parts = clean(cell).split(delimiter)
    return tuple(part for part in map(unescape, parts) if part)
