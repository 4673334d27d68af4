"""Ads that someone else has written: a table with a column per text, JSON, or plain lines."""

import json
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from adloom.core.errors import BadFeed
from adloom.feeds.decode import Wanted, decode
from adloom.feeds.feed import RowError
from adloom.feeds.table import Table, header_name, read_table

_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"_?\d+$")
_PRODUCT = ("product_id", "product", "sku")
MAX_ADS = 100_000
_NO_TEXT = "Write a text or a list of texts; one with half a surrogate pair, as \\ud800, is none."
_ADS = Wanted(
    send="a header row and one row for each ad",
    save="save the ads as CSV UTF-8",
    sheet="save the ads in it as CSV UTF-8",
    image="save the ads as CSV UTF-8",
)
_TEXTS = Wanted(
    send="one text on each line",
    save="save the texts as UTF-8 without formatting",
    sheet="save the texts in it as UTF-8 without formatting",
    image="save the texts as UTF-8 without formatting",
)


@dataclass(frozen=True)
class WrittenAd:
    """One ad: its texts by field, the line on which it begins, and the id of its product where the file says."""

    line: int
    texts: Mapping[str, Sequence[str]]
    product_id: str = ""


@dataclass(frozen=True)
class AdFile:
    """What a file of ads holds.  *ignored*: columns that are no text of the channel."""

    ads: Sequence[WrittenAd]
    errors: Sequence[RowError] = ()
    ignored: Sequence[str] = field(default=())


def read_ads(data: bytes, *, name: str, fields: Collection[str], only: str = "") -> AdFile:
    """The ads in *data*: CSV or TSV with a column per text (``Headline 1``), JSON or JSON Lines with a list per field.

    *only*: the field that every line of a file without a header is a text of.  *name* is for messages.

    Raises:
        BadFeed: none of this, or none of *fields* is in it; says why and what to do.
    """
    text = _decode(data, name, _TEXTS if only else _ADS)
    if only:
        return AdFile([WrittenAd(n, {only: [line.strip()]}) for n, line in _lines(text)])
    if text.lstrip().startswith(("{", "[")):
        found = _from_json(text, name, fields)
    else:
        found = _from_table(read_table(text, known=lambda headers: len(_columns(headers, fields))), fields)
    if not any(ad.texts for ad in found.ads) and not found.errors:
        seen = ", ".join(found.ignored[:12]) or "nothing"
        raise BadFeed(
            f"{name} has no text of this channel; it has: {seen}. Name the columns after the fields: "
            f"{', '.join(fields)}; several of one field are numbered, as in 'Headline 1'. "
            "For one text on each line, name the field with --field."
        )
    if len(found.ads) > MAX_ADS:
        raise BadFeed(f"{name} has more than {MAX_ADS:,} ads. Split it.")
    return found


def _decode(data: bytes, name: str, wanted: Wanted) -> str:
    text = decode(data, name=name, wanted=wanted)
    if text.guessed:  # Chinese in GBK is letters in Windows-1252, and breaks no rule there
        raise BadFeed(
            f"{name} is not UTF-8 and names no encoding, and a guess is no basis for a check. "
            "Save it as UTF-8; from a spreadsheet, save it as CSV UTF-8."
        )
    return text.content.lstrip("\ufeff")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip())


def _columns(headers: Sequence[str], fields: Collection[str]) -> dict[int, str]:
    """Which columns are texts of which field."""
    found = {}
    for index, header in enumerate(headers):
        names = (header, header.replace("_", ""), _NUMBER.sub("", header))  # path1 is written "Path 1" elsewhere
        name = next((name for name in names if name in fields), None)
        if name:
            found[index] = name
    return found


def _product(headers: Collection[str]) -> str | None:
    """Which of *headers* names the product."""
    return next((name for name in _PRODUCT if name in headers), None)


def _from_table(table: Table, fields: Collection[str]) -> AdFile:
    columns = _columns(table.headers, fields)
    name = _product(table.headers)
    product = table.headers.index(name) if name else None
    ads, errors = [], []
    for row in table.rows:
        if isinstance(row, RowError):
            errors.append(row)
            continue
        texts: dict[str, list[str]] = {}
        for index, name in columns.items():
            if row.cells[index].strip():
                texts.setdefault(name, []).append(row.cells[index])
        ads.append(WrittenAd(row.line, texts, row.cells[product].strip() if product is not None else ""))
    ignored = [header for n, header in enumerate(table.headers) if n not in columns and n != product]
    return AdFile(ads, errors, ignored)


def _from_json(text: str, name: str, fields: Collection[str]) -> AdFile:
    ads: list[WrittenAd] = []
    errors: list[RowError] = []
    ignored: dict[str, None] = {}
    for line, row in _rows(text, name):
        if not isinstance(row, dict):
            errors.append(RowError(line, "", "bad-json", "This is no JSON object. Write {…}, one for each ad."))
            continue
        ad, wrong, others = _from_object(line, row, fields)
        errors += wrong
        ignored |= dict.fromkeys(others)
        if not wrong:  # what is missing for that reason alone is no fault of the ad
            ads.append(ad)
    return AdFile(ads, errors, list(ignored))


def _from_object(
    line: int, row: Mapping[str, object], fields: Collection[str]
) -> tuple[WrittenAd, list[RowError], list[str]]:
    """The ad that *row* is, what is wrong with it, and the names that are no text of it."""
    filled = [(name.encode("utf-8", "replace").decode(), value) for name, value in row.items() if value is not None]
    named = [(header_name(name), value) for name, value in filled]
    columns = _columns([name for name, _ in named], fields)
    product = _product([name for name, _ in named])
    texts: dict[str, list[str]] = {}
    wrong: dict[str, RowError] = {}
    product_id = ""
    for index, (name, value) in enumerate(named):
        if index in columns:
            several = _texts(value)
            if several is None:
                wrong[columns[index]] = RowError(line, columns[index], "bad-json", _NO_TEXT)
            elif several:
                texts.setdefault(columns[index], []).extend(several)
        elif name == product:
            product_id = str(value).strip()
            if not _is_text(value) and not _is_number(value):
                wrong[name] = RowError(line, name, "bad-json", "Write a text or a number.")
    ignored = [name for n, (name, _) in enumerate(named) if n not in columns and name != product]
    return WrittenAd(line, texts, product_id), list(wrong.values()), ignored


def _texts(value: object) -> list[str] | None:
    several: Sequence[object] = value if isinstance(value, list) else [value]
    texts = [each for each in several if _is_text(each)]
    return texts if len(texts) == len(several) else None


def _is_text(value: object) -> TypeGuard[str]:
    """Whether *value* is text that can be written: JSON may hold half of a surrogate pair."""
    return isinstance(value, str) and not _SURROGATE.search(value)


def _is_number(value: object) -> bool:
    return math.isfinite(value) if isinstance(value, float) else isinstance(value, int) and not isinstance(value, bool)


def _rows(text: str, name: str) -> Iterator[tuple[int, object]]:
    """Each ad with its line in JSON Lines, its number in one list.

    Raises:
        BadFeed: it is neither; says where.
    """
    try:
        document = _parse(text, name)
    except ValueError as error:
        lines = _lines(text)
        n, line = next(lines)
        try:
            first = _parse(line, name)
        except ValueError:  # no JSON Lines either: the document's own error tells more
            where = f"{name}, line {error.lineno}," if isinstance(error, json.JSONDecodeError) else name
            raise _no_json(where, error) from None
        yield n, first
        yield from _rows_of_lines(lines, name)
    else:
        yield from enumerate(document if isinstance(document, list) else [document], start=1)


def _rows_of_lines(lines: Iterator[tuple[int, str]], name: str) -> Iterator[tuple[int, object]]:
    for n, line in lines:
        where = f"{name}, line {n},"
        try:
            row = _parse(line, where)
        except ValueError as error:
            raise _no_json(where, error) from None
        yield n, row


def _parse(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except RecursionError:
        raise BadFeed(f"{where} is nested too deeply.") from None


def _no_json(where: str, error: ValueError) -> BadFeed:
    if isinstance(error, json.JSONDecodeError):
        return BadFeed(f"{where} is not JSON: {error.msg} (column {error.colno}).")
    return BadFeed(f"{where} is not JSON: {error}.")
