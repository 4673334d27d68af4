"""JSON Lines with our own field names: a product per line."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from adloom.core.products import Product
from adloom.feeds.feed import Found, RowError
from adloom.feeds.row import Reading
from adloom.feeds.values import availability, clean, money

_LISTS = ("more_images", "highlights", "labels")


def read_lines(text: str, *, currency: str) -> Iterator[Found | RowError]:
    """Every line's product or errors, in the file's order."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if line.strip("\ufeff \t\r\n"):
            yield from _read_line(line.strip("\ufeff \t\r\n"), number, currency)


def _read_line(line: str, number: int, currency: str) -> Iterator[Found | RowError]:
    try:
        row = json.loads(line, parse_float=str)  # 15.10 stays 15.10
    except (ValueError, RecursionError) as error:
        where = f" (column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        yield RowError(number, "", "bad-json", f"This line is not JSON{where}. Write one object on one line.")
        return
    if not isinstance(row, dict):
        yield RowError(number, "", "bad-json", "This line is no JSON object. Write {…}, one product on each line.")
        return
    yield from _reading(row, number, currency).finish()


def _reading(row: Mapping[str, Any], number: int, currency: str) -> Reading:  # Any: JSON
    reading = Reading(number)
    code = clean(str(row.get("currency") or "")).upper() or currency
    for field in Product.model_fields:
        value = row.get(field)
        if value is None or value == "":
            continue
        if field in ("price", "sale_price") and not isinstance(value, dict):
            reading.read(field, money, str(value), currency=code)
        elif field == "availability":
            reading.read(field, availability, str(value))
        else:
            reading.read(field, _tidy, value)
    return reading


def _tidy(value: object) -> object:
    """Text cleaned; a number that stands for a code ("gtin": 4006381333931) becomes text."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return tuple(_tidy(part) for part in value)
    if isinstance(value, dict):
        return {clean(str(name)): _tidy(part) for name, part in value.items()}
    return value
