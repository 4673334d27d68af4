"""Bytes to products: recognise the format by its content, read every row, keep the good ones."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from adloom.core.errors import BadFeed
from adloom.feeds import jsonl, merchant, shopify
from adloom.feeds.decode import decode
from adloom.feeds.feed import MAX_ERRORS, MAX_PRODUCTS, Feed, Found, RowError
from adloom.feeds.table import Table, read_table

_GUESSED = (
    "The file is not UTF-8 and names no encoding, so it was read as Windows-1252 and its products are kept. "
    "If accents look wrong, save it as CSV in UTF-8."
)


def read_feed(data: bytes, *, name: str, currency: str = "", today: date | None = None) -> Feed:
    """Read a Merchant Center text feed, Shopify export, plain CSV or JSON Lines file; *name* is for messages only.

    *currency* (ISO 4217) is that of prices that state none.  A sale price with a period counts only on *today*.
    At most 64 MB of text and 100,000 products.

    Raises:
        BadFeed: the bytes are no such feed; says why and what to do.
    """
    text = decode(data, name=name)
    kind, rows = _recognise(text.content, name, currency=currency, today=today)
    products, errors = _collect(rows, name)
    if text.guessed:
        errors.insert(0, RowError(1, "", "encoding-guessed", _GUESSED))
    return Feed(kind, tuple(found.product for found in products), tuple(errors))


def _recognise(text: str, name: str, *, currency: str, today: date | None) -> tuple[str, Iterator[Found | RowError]]:
    start = text.lstrip("\ufeff \t\r\n")[:200].casefold()
    if start.startswith("{"):
        return "jsonl", jsonl.read_lines(text, currency=currency)
    if start.startswith("["):
        raise BadFeed(f"{name} is one JSON list. Write JSON Lines instead: each product as one object on one line.")
    if start.startswith(("<!doctype html", "<html")):
        raise BadFeed(f"{name} is a web page, not a feed. Download the feed itself; the address may need a login.")
    if start.startswith("<"):
        raise BadFeed(f"{name} is XML, which is not read yet. Export the feed as tab-separated text or CSV.")
    table = read_table(text, known=_known)
    if shopify.is_shopify(table.headers):
        return "shopify", shopify.read_rows(table, currency=currency)
    _check_header(table, name)
    kind = "merchant" if merchant.is_merchant(table.headers) else "csv"
    return kind, merchant.read_rows(table, currency=currency, today=today)


def _known(headers: Sequence[str]) -> int:
    return sum(header in merchant.NAMES or header in merchant.OTHERS or header in shopify.NAMES for header in headers)


def _check_header(table: Table, name: str) -> None:
    missing = [field for field in ("id", "title") if field not in merchant.columns(table.headers)]
    if missing:
        found = ", ".join(repr(header[:30]) for header in table.headers[:12]) or "none"
        raise BadFeed(
            f"{name} has no column {' and no column '.join(map(repr, missing))} in its first row (found: {found}). "
            "Begin with a header row of Merchant Center's, Shopify's or our own field names."
        )


def _collect(rows: Iterable[Found | RowError], name: str) -> tuple[list[Found], list[RowError]]:
    """Products with their errors in order of lines; the second of two equal ids is an error."""
    products: dict[str, Found] = {}
    errors: list[RowError] = []
    for row in rows:
        if isinstance(row, RowError):
            errors.append(row)
        elif row.product.id in products:
            first = products[row.product.id].line
            errors.append(RowError(row.line, "id", "duplicate", f"Line {first} has this id already. Ids are unique."))
        else:
            products[row.product.id] = row
        if len(products) > MAX_PRODUCTS:
            raise BadFeed(f"{name} has more than {MAX_PRODUCTS:,} products. Split it into several feeds.")
    return list(products.values()), _shortened(sorted(errors, key=lambda error: error.line))


def _shortened(errors: Sequence[RowError]) -> list[RowError]:
    """Missing currencies told once, and not more than `MAX_ERRORS` in all."""
    told: list[RowError] = []
    for error in errors:
        if error.code != "no-currency" or all(other.code != "no-currency" for other in told):
            told.append(error)
    if len(told) > MAX_ERRORS:
        left = len(told) - MAX_ERRORS + 1
        last = RowError(told[MAX_ERRORS - 1].line, "", "more-errors", f"{left:,} more rows have errors.")
        return [*told[: MAX_ERRORS - 1], last]
    return told
