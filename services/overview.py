"""From a job's results to the page that shows them."""

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PIL import Image

from adloom.channels import measure
from adloom.core.errors import NotFound
from adloom.core.products import Money, Product
from adloom.core.states import ItemState
from services.report import (
    Report,
    ReportBanner,
    ReportChannel,
    ReportFailure,
    ReportImage,
    ReportProduct,
    ReportText,
)
from services.results import Copy, Creative, Facts, Results
from storage import ObjectStore

T = TypeVar("T")

MAX_PRODUCTS = 100  #: on one page
MAX_PAGE_BYTES = 40_000_000  #: of images: what a browser and a mailbox still take
PHOTO_SIDE_PX = 320

_WHOLE = frozenset({"CLP", "JPY", "KRW", "VND"})  #: currencies without a smaller coin


@dataclass(frozen=True)
class _ByProduct:
    """A job's results, ready to be looked up by product."""

    copies: Mapping[str, Sequence[Copy]]
    creatives: Mapping[str, Sequence[Creative]]
    failures: Mapping[str, Sequence[ReportFailure]]


def make_report(results: Results, store: ObjectStore, *, notes: Sequence[str] = ()) -> Report:
    """The report on *results*, images included; what does not fit on one page is counted.  *notes* come first."""
    found = _ByProduct(
        copies=_grouped([(copy.product.id, copy) for copy in results.copies]),
        creatives=_grouped([(creative.product.id, creative) for creative in results.creatives]),
        failures=_grouped([(item.product_id, _failure(item)) for item in results.items if _failed(item)]),
    )
    products = tuple(_products(results, found, store))
    brands = [copy.brand.name for copy in results.copies if copy.brand]
    briefs = [copy.brief.name for copy in results.copies if copy.brief.name]
    return Report(
        title=results.name or next(iter(briefs), "") or "Adloom",
        job_id=str(results.job_id),
        state=results.state,
        seed=results.seed,
        weights=tuple(sorted({str(weights) for item in results.items if (weights := item.provenance.get("weights"))})),
        created_at=results.created_at,
        finished_at=results.finished_at,
        products=products,
        brand=next(iter(brands), ""),
        failures=tuple(found.failures.get("", ())),
        notes=(*notes, *_notes(results)),
        more_products=len(results.products) - len(products),
    )


def _grouped(pairs: Sequence[tuple[str, T]]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _products(results: Results, found: _ByProduct, store: ObjectStore) -> Iterator[ReportProduct]:
    """As many products as the page takes."""
    size = 0
    for product in [*results.products.values()][:MAX_PRODUCTS]:
        size += sum(creative.size_bytes for creative in found.creatives.get(product.id, ()))
        if size > MAX_PAGE_BYTES:
            return
        yield _product(product, results.photos.get(product.id, ""), found, store)


def _product(product: Product, photo: str, found: _ByProduct, store: ObjectStore) -> ReportProduct:
    now, was = (product.sale_price, product.price) if product.sale_price else (product.price, None)
    return ReportProduct(
        id=product.id,
        title=product.title,
        channels=tuple(_channel(copy) for copy in found.copies.get(product.id, ())),
        banners=tuple(_banner(creative, store) for creative in found.creatives.get(product.id, ())),
        failures=tuple(found.failures.get(product.id, ())),
        photo=_photo(photo, store),
        brand=product.brand,
        category=product.category,
        price=_money(now),
        was=_money(was),
        link=product.link,
    )


def _channel(copy: Copy) -> ReportChannel:
    texts = tuple(
        ReportText(
            field=text.field.name,
            text=text.text,
            length=measure(text.text, text.field.unit),
            limit=text.field.aim,
            score=text.score,
            source=text.source,
        )
        for text in copy.texts
    )
    notes = [*copy.facts.notes]
    if copy.repeated:
        notes.append(f"{_lines(copy.repeated)} left out: an earlier product of this job says the same.")
    name = " · ".join([copy.channel.name, *copy.brief.labels])
    return ReportChannel(copy.channel.id, name, texts, tuple(notes))


def _banner(creative: Creative, store: ObjectStore) -> ReportBanner:
    slot = next(slot for slot in creative.channel.slots if slot.name == creative.slot)
    return ReportBanner(
        channel=creative.channel.id,
        slot=creative.slot,
        file_name=creative.file_name,
        image=ReportImage(store.get(creative.key), creative.media_type),
        width_px=creative.details.get("width", slot.width_px),
        height_px=creative.details.get("height", slot.height_px),
    )


def _photo(reference: str, store: ObjectStore) -> ReportImage | None:
    """A small copy of an uploaded product photo; None where there is none here."""
    if not reference:
        return None
    try:
        data = store.get(reference)
    except NotFound:
        return None
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as image:  # checked when it was uploaded
        image.draft("RGB", (PHOTO_SIDE_PX * 2, PHOTO_SIDE_PX * 2))
        small = image.convert("RGBA")
    small.thumbnail((PHOTO_SIDE_PX, PHOTO_SIDE_PX))
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=80)
    return ReportImage(buffer.getvalue(), "image/webp")


def _failed(item: Facts) -> bool:
    return item.state is ItemState.FAILED


def _failure(item: Facts) -> ReportFailure:
    return ReportFailure(
        item.target or item.custom_id or item.kind, item.error_code or "failed", item.error_message or ""
    )


def _money(money: Money | None) -> str:
    if money is None:
        return ""
    return (
        f"{money.amount:,.0f} {money.currency}" if money.currency in _WHOLE else f"{money.amount:,.2f} {money.currency}"
    )


def _notes(results: Results) -> Iterator[str]:
    """What the page does not show, and why."""
    if repeated := sum(copy.repeated for copy in results.copies):
        yield f"{_lines(repeated)} left out, so that no two products advertise with the same line."
    states = Counter(item.state for item in results.items)
    if waiting := states[ItemState.BLOCKED] + states[ItemState.QUEUED] + states[ItemState.LEASED]:
        yield f"{waiting} of {len(results.items)} items were not finished when this page was made."
    if cancelled := states[ItemState.CANCELLED]:
        yield f"{cancelled} of {len(results.items)} items were cancelled."


def _lines(number: int) -> str:
    return "1 line was" if number == 1 else f"{number} lines were"
