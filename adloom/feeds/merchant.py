"""Rows of Merchant Center text feeds, Meta catalogues and plain CSV: one product each."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from adloom.core.products import Product
from adloom.feeds.feed import Found, RowError
from adloom.feeds.html_text import Description, has_markup, read_html
from adloom.feeds.row import Reading, current_sale
from adloom.feeds.table import Row, Table
from adloom.feeds.values import Unreadable, availability, clean, listed, money, unescape

_OWN = frozenset({*Product.model_fields, "currency"})
#: header -> our field: our own names, and Merchant Center's
NAMES: Mapping[str, str] = {
    **{name: name for name in _OWN},
    "structured_title": "title",
    "structured_description": "description",
    "image_link": "image",
    "additional_image_link": "more_images",
    "product_type": "category",
    "google_product_category": "taxonomy",
    "product_highlight": "highlights",
    "product_detail": "sections",
    "item_group_id": "group",
    "content_language": "language",
    "sale_price_effective_date": "sale_period",
    **{f"custom_label_{n}": "labels" for n in range(5)},
}
#: other common names, for fields that no column of `NAMES` gives
OTHERS: Mapping[str, str] = {
    "item_id": "id",
    "sku": "id",
    "name": "title",
    "url": "link",
    "image_url": "image",
    "additional_image_urls": "more_images",
    "colour": "color",
}
_TEXTS = ("id", "brand", "gtin", "mpn", "color", "size", "material", "pattern", "group")
_WORDS = ("condition", "gender", "age_group")
_MERCHANT = frozenset(header for header in NAMES if header not in _OWN)
Json = TypeVar("Json", list[object], dict[str, object])

_STRUCTURED = re.compile(r'^(?:default|trained_algorithmic_media)\s*:\s*"?(.*?)"?$', re.DOTALL)


def is_merchant(headers: Sequence[str]) -> bool:
    """Whether these normalised headers are Merchant Center's (or Meta's) rather than our own."""
    return not _MERCHANT.isdisjoint(headers)


def columns(headers: Sequence[str]) -> dict[str, list[int]]:
    """Where each of our fields stands; a header spelt as the field comes first."""
    found: dict[str, list[int]] = {}
    for index, header in sorted(enumerate(headers), key=lambda item: item[1] not in _OWN):
        if header in NAMES:
            found.setdefault(NAMES[header], []).append(index)
    for index, header in enumerate(headers):
        if header in OTHERS and OTHERS[header] not in found:
            found[OTHERS[header]] = [index]
    return found


def read_rows(table: Table, *, currency: str, today: date | None) -> Iterator[Found | RowError]:
    """Every row's product or errors, in the file's order."""
    where = columns(table.headers)
    for row in table.rows:
        if isinstance(row, RowError):
            yield row
        else:
            yield from _reading(_Cells(row, where), currency=currency, today=today).finish()


class _Cells:
    """One row's cells by our field names."""

    def __init__(self, row: Row, where: Mapping[str, list[int]]) -> None:
        self.line = row.line
        self._cells = {field: [row.cells[i] for i in indexes] for field, indexes in where.items()}

    def first(self, field: str) -> str:
        """The first cell of *field* that says something."""
        return next((cell for cell in self._cells.get(field, ()) if cell.strip()), "")

    def all(self, field: str) -> list[str]:
        """Every cell of *field* that says something."""
        return [cell for cell in self._cells.get(field, ()) if cell.strip()]


def _reading(cells: _Cells, *, currency: str, today: date | None) -> Reading:
    reading = Reading(cells.line)
    for field in _TEXTS:
        reading.read(field, unescape, cells.first(field))
    for field in _WORDS:
        reading.read(field, str.casefold, clean(cells.first(field)))
    description = _description(_content(cells.first("description")))
    reading.read("title", unescape, _content(cells.first("title")))
    reading.read("description", str, description.text)
    reading.read("highlights", _unique, [*_lists(cells.all("highlights")), *description.highlights])
    reading.read("category", _category, cells)
    reading.read("link", str.strip, cells.first("link"))
    reading.read("image", _place, cells.first("image"))
    reading.read("more_images", _unique, map(_place, _lists(cells.all("more_images"))))
    _read_prices(reading, cells, currency=clean(cells.first("currency")).upper() or currency, today=today)
    reading.read("availability", availability, cells.first("availability"))
    reading.read("labels", _unique, _lists(cells.all("labels"), commas=False))
    reading.read("language", clean, cells.first("language"))
    reading.read("details", _details, cells)
    reading.read("options", _options, cells.first("options"))
    return reading


def _read_prices(reading: Reading, cells: _Cells, *, currency: str, today: date | None) -> None:
    reading.read("price", money, cells.first("price"), currency=currency)
    if current_sale(cells.first("sale_period"), today=today):
        reading.read("sale_price", money, cells.first("sale_price"), currency=currency)


def _content(cell: str) -> str:
    """What a structured_title or structured_description says; any other cell as it is."""
    match = _STRUCTURED.match(cell.strip())
    return match[1].replace('""', '"') if match else cell


def _description(cell: str) -> Description:
    return read_html(cell) if has_markup(cell) else Description(clean(cell), ())


def _category(cells: _Cells) -> str:
    taxonomy = unescape(cells.first("taxonomy"))
    return unescape(cells.first("category")) or ("" if taxonomy.isdigit() else taxonomy)


def _place(cell: str) -> str:
    """An image's address; a Windows path becomes one that every system reads."""
    cell = cell.strip()
    return cell if "://" in cell else cell.replace("\\", "/")


def _lists(cells: Sequence[str], *, commas: bool = True) -> list[str]:
    """The parts of *cells*: a JSON list, parts between ``|``, else between commas."""
    return [part for cell in cells for part in _parts(cell, commas=commas)]


def _parts(cell: str, *, commas: bool) -> Sequence[str]:
    decoded = _json(cell, list)
    if decoded is not None:
        return [unescape(str(part)) for part in decoded]
    if "|" in cell or not commas:
        return listed(cell, delimiter="|")
    return listed(cell, delimiter=",")


def _unique(parts: Iterator[str] | Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in parts if part))


def _details(cells: _Cells) -> dict[str, str]:
    """Merchant Center's ``section:attribute:value`` by commas; ours is JSON or ``name: value | name: value``."""
    found: dict[str, str] = {}
    for part in _lists(cells.all("sections")):
        _, _, rest = part.partition(":")
        name, _, value = rest.partition(":")
        if clean(name) and clean(value):
            found[clean(name)] = clean(value)
    return found | _pairs(cells.first("details"), "details")


def _options(cell: str) -> dict[str, tuple[str, ...]]:
    """JSON, or ``Size: S, M | Color: Red``."""
    decoded = _json(cell, dict)
    if decoded is not None:
        lists = {name: values if isinstance(values, list) else [values] for name, values in decoded.items()}
        return {unescape(name): tuple(unescape(str(value)) for value in values) for name, values in lists.items()}
    return {name: listed(values, delimiter=",") for name, values in _pairs(cell, "options").items()}


def _pairs(cell: str, field: str) -> dict[str, str]:
    decoded = _json(cell, dict)
    if decoded is not None:
        return {unescape(name): unescape(str(value)) for name, value in decoded.items()}
    pairs = [part.partition(":") for part in listed(cell, delimiter="|")]
    if any(not colon for _, colon, _ in pairs):
        raise Unreadable(f"bad-{field}", f"{cell[:40]!r} does not read as name: value | name: value.")
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip() and value.strip()}


def _json(cell: str, wanted: type[Json]) -> Json | None:
    """The JSON list or object that a cell holds; None when it holds none."""
    if not cell.lstrip().startswith(("[", "{")):
        return None
    try:
        decoded = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    return decoded if isinstance(decoded, wanted) else None
