"""Shopify product exports, both header dialects: the rows of one handle are one product."""

import re
from collections.abc import Iterator, Mapping, Sequence

from adloom.feeds.feed import Found, RowError
from adloom.feeds.html_text import read_html
from adloom.feeds.row import Reading
from adloom.feeds.table import Table
from adloom.feeds.values import clean, listed, money, unescape

#: header of either dialect -> what we call it here
NAMES: Mapping[str, str] = {
    "handle": "handle",
    "url_handle": "handle",
    "title": "title",
    "body_(html)": "html",
    "description": "html",
    "vendor": "vendor",
    "product_category": "taxonomy",
    "type": "type",
    "tags": "tags",
    "status": "status",
    "variant_sku": "sku",
    "sku": "sku",
    "variant_barcode": "barcode",
    "barcode": "barcode",
    "variant_price": "price",
    "price": "price",
    "variant_compare_at_price": "compare_at",
    "compare_at_price": "compare_at",
    "variant_inventory_tracker": "tracker",
    "inventory_tracker": "tracker",
    "variant_inventory_qty": "quantity",
    "inventory_quantity": "quantity",
    "variant_inventory_policy": "oversell",
    "continue_selling_when_out_of_stock": "oversell",
    "image_src": "image",
    "product_image_url": "image",
    "image_position": "position",
    "variant_image": "variant_image",
    "variant_image_url": "variant_image",
    "google_shopping_/_google_product_category": "google_category",
    "google_shopping_/_gender": "gender",
    "google_shopping_/_age_group": "age_group",
    "google_shopping_/_mpn": "mpn",
    "google_shopping_/_manufacturer_part_number_(mpn)": "mpn",
    "google_shopping_/_condition": "condition",
    **{f"google_shopping_/_custom_label_{n}": f"label_{n}" for n in range(5)},
    **{f"option{n}_{part}": f"option{n}_{part}" for n in (1, 2, 3) for part in ("name", "value")},
}
_TELLING = frozenset(
    {"body_(html)", "variant_price", "variant_sku", "option1_name", "option1_value", "image_src", "product_image_url"}
    | {"published", "published_on_online_store", "variant_image_url"}
)
_METAFIELD = re.compile(r"^(?P<name>.+?)_\(product\.metafields\.shopify\.[\w.\-]+\)$")
_ATTRIBUTES = ("color", "size", "material", "pattern")

_DUPLICATE = "Line {line} describes another product with this handle. Handles are unique."

Cells = Mapping[str, str]


def is_shopify(headers: Sequence[str]) -> bool:
    """Whether these normalised headers are those of a Shopify export."""
    names = set(headers)
    return "title" in names and not names.isdisjoint({"handle", "url_handle"}) and not _TELLING.isdisjoint(names)


def read_rows(table: Table, *, currency: str) -> Iterator[Found | RowError]:
    """Every product or its errors, in the order in which the handles first appear."""
    groups: dict[str, list[tuple[int, Cells]]] = {}
    for row in table.rows:
        if isinstance(row, RowError):
            yield row
            continue
        cells = _cells(table.headers, row.cells)
        handle = clean(cells.get("handle", ""))
        if not handle:
            yield RowError(row.line, "handle", "missing", "Every row needs the handle of its product.")
        elif handle in groups and _another(groups[handle][0][1], cells):
            yield RowError(row.line, "handle", "duplicate", _DUPLICATE.format(line=groups[handle][0][0]))
        else:
            groups.setdefault(handle, []).append((row.line, cells))
    for handle, rows in groups.items():
        yield from _product(handle, rows[0][0], [cells for _, cells in rows], currency=currency)


def _another(first: Cells, later: Cells) -> bool:
    """Whether *later* describes a product of its own: variants and images leave title and text empty or repeat them."""
    return any(name in later and later[name] != first.get(name) for name in ("title", "html"))


def _cells(headers: Sequence[str], row: Sequence[str]) -> Cells:
    found: dict[str, str] = {}
    for header, cell in zip(headers, row, strict=True):
        metafield = _METAFIELD.match(header)
        name = f"metafield {metafield['name']}" if metafield else NAMES.get(header)
        if name and cell.strip():
            found.setdefault(name, cell.strip())
    return found


def _product(handle: str, line: int, rows: Sequence[Cells], *, currency: str) -> Iterator[Found | RowError]:
    status = _first(rows, "status").casefold()
    if status in ("draft", "archived", "unlisted"):
        yield RowError(
            line, "status", "not-published", f"{handle!r} is {status} in the shop; only active products are read."
        )
        return
    reading = Reading(line)
    description = read_html(_first(rows, "html"))
    reading.read("id", str, handle)
    reading.read("title", unescape, _first(rows, "title"))
    reading.read("description", str, description.text)
    reading.read("highlights", tuple, description.highlights)
    reading.read("brand", unescape, _first(rows, "vendor"))
    reading.read("category", _category, rows)
    reading.read("labels", _labels, rows)
    for field in ("gender", "age_group", "condition"):
        reading.read(field, str.casefold, _first(rows, field))
    _read_prices(reading, rows, currency)
    _read_images(reading, rows)
    _read_options(reading, rows)
    reading.read("availability", _availability, rows)
    yield from reading.finish()


def _first(rows: Sequence[Cells], name: str) -> str:
    return next((row[name] for row in rows if name in row), "")


def _category(rows: Sequence[Cells]) -> str:
    google = _first(rows, "google_category")
    return unescape(_first(rows, "type") or _first(rows, "taxonomy") or ("" if google.isdigit() else google))


def _labels(rows: Sequence[Cells]) -> tuple[str, ...]:
    custom = [unescape(_first(rows, f"label_{n}")) for n in range(5)]
    return tuple(dict.fromkeys(label for label in (*listed(_first(rows, "tags"), delimiter=","), *custom) if label))


def _read_prices(reading: Reading, rows: Sequence[Cells], currency: str) -> None:
    """The first variant's price; with a higher compare-at price that one is the price and this the sale price."""
    variant = next((row for row in rows if "price" in row), {})
    reading.read("price", money, variant.get("price", ""), currency=currency)
    reading.read("compare_at", money, variant.get("compare_at", ""), currency=currency)
    before = reading.values.pop("compare_at", None)
    now = reading.values.get("price")
    if before is not None and now is not None and before.amount > now.amount:
        reading.values |= {"price": before, "sale_price": now}


def _read_images(reading: Reading, rows: Sequence[Cells]) -> None:
    placed = [row for row in rows if "image" in row]
    placed.sort(key=lambda row: int(row["position"]) if _is_count(row.get("position", "")) else len(rows))
    images = [row["image"] for row in placed] + [row["variant_image"] for row in rows if "variant_image" in row]
    first, *more = dict.fromkeys(images) or [""]
    reading.read("image", str, first)
    reading.read("more_images", tuple, more)


def _read_options(reading: Reading, rows: Sequence[Cells]) -> None:
    """Options with their values in order; colour, size and material are stated where there is just one."""
    options: dict[str, tuple[str, ...]] = {}
    for n in (1, 2, 3):
        name = unescape(_first(rows, f"option{n}_name"))
        values = tuple(dict.fromkeys(unescape(row[f"option{n}_value"]) for row in rows if f"option{n}_value" in row))
        if name and values and (name, values) != ("Title", ("Default Title",)):
            options[name] = values
    stated = {
        name.casefold().replace("colour", "color"): values[0] for name, values in options.items() if len(values) == 1
    }
    metafields = _metafields(rows)
    for field in _ATTRIBUTES:
        reading.read(field, str, stated.get(field) or metafields.pop(field, ""))
    reading.read("options", dict, options)
    reading.read("details", dict, metafields)
    if len({row["sku"] for row in rows if "sku" in row}) <= 1:  # several variants have several codes
        reading.read("gtin", str.strip, _first(rows, "barcode").lstrip("'"))
        reading.read("mpn", str, _first(rows, "mpn"))


def _metafields(rows: Sequence[Cells]) -> dict[str, str]:
    """The attributes of Shopify's own taxonomy; other metafields are the shop's private business."""
    names = dict.fromkeys(name for row in rows for name in row if name.startswith("metafield "))
    return {
        name.removeprefix("metafield ").replace("_", " "): ", ".join(listed(_first(rows, name), delimiter=";"))
        for name in names
    }


def _availability(rows: Sequence[Cells]) -> str:
    variants = [row for row in rows if "quantity" in row or "tracker" in row]
    if not variants:
        return ""
    return "in_stock" if any(map(_sells, variants)) else "out_of_stock"


def _sells(variant: Cells) -> bool:
    quantity = variant.get("quantity", "")
    oversold = variant.get("oversell", "").casefold() in ("continue", "true")
    return oversold or "tracker" not in variant or (_is_count(quantity) and int(quantity) > 0)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
