"""Ads that someone else has written: a table with a column per text, JSON, or plain lines."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from adloom.core.errors import BadFeed
from adloom.feeds.decode import Wanted, decode
from adloom.feeds.feed import RowError
from adloom.feeds.table import Table, read_table

_NUMBER = re.compile(r"_?\d+$")
_PRODUCT = ("product_id", "product", "sku")
MAX_ADS = 100_000
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


def _from_table(table: Table, fields: Collection[str]) -> AdFile:
    columns = _columns(table.headers, fields)
    product = next((table.headers.index(name) for name in _PRODUCT if name in table.headers), None)
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
    ads, errors, ignored = [], [], dict[str, None]()
    for line, row in _rows(text, name):
        if not isinstance(row, dict):
            errors.append(RowError(line, "", "bad-json", "This is no JSON object. Write {…}, one for each ad."))
            continue
        texts, product_id = {}, ""
        for key, value in row.items():
            several = [value] if isinstance(value, str) else value
            if key in _PRODUCT:
                product_id = str(value)
            elif key not in fields:
                ignored[key] = None
            elif isinstance(several, list) and all(isinstance(each, str) for each in several):
                texts[key] = several
            else:
                errors.append(RowError(line, key, "bad-json", "Write a text or a list of texts."))
        ads.append(WrittenAd(line, texts, product_id))
    return AdFile(ads, errors, list(ignored))


def _rows(text: str, name: str) -> Iterator[tuple[int, object]]:
    """Each ad with its line in JSON Lines, its number in one list."""
    try:
        document = json.loads(text)
    except ValueError:
        for n, line in _lines(text):
            try:
                yield n, json.loads(line)
            except ValueError as error:
                raise BadFeed(f"{name}, line {n}, is not JSON: {error}.") from None
        return
    except RecursionError:
        raise BadFeed(f"{name} is nested too deeply.") from None
    yield from enumerate(document if isinstance(document, list) else [document], start=1)
