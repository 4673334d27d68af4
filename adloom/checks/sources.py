"""The texts that ground what is said of a product."""

from collections.abc import Iterator
from typing import NamedTuple

from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.products import Product


class Source(NamedTuple):
    """One text, and the label of its column where that may say something, such as a unit."""

    text: str
    label: str = ""

    @property
    def whole(self) -> str:
        return f"{self.label} {self.text}" if self.label else self.text


def sources_of(product: Product, brief: Brief, brand: Brand | None) -> Iterator[Source]:
    """Everything that *product*, *brief* and *brand* state in words."""
    yield from map(Source, _of_product(product))
    yield from (Source(value, label) for label, value in product.details.items())
    yield from (Source(", ".join(values), label) for label, values in product.options.items())
    yield from map(Source, (brief.call_to_action, *brief.keywords, *(claim.text for claim in brief.allowed_claims)))
    yield from map(Source, brief.disclaimers)
    readers = [brief.own_audience] if brief.own_audience else brief.audiences
    yield from (Source(audience.name) for audience in readers)  # what they value is a wish, and no fact
    if brief.offer is not None:
        yield Source(f"{brief.offer.text} {brief.offer.code}")
    if brand is not None:
        yield from map(Source, (brand.name, brand.tagline, *brand.approved_terms, *brand.disclaimers))


def dates(brief: Brief) -> Iterator[str]:
    """The first and the last day of the offer, as several languages write them in digits."""
    for day in (brief.offer.starts_on, brief.offer.ends_on) if brief.offer else ():
        if day is not None:
            yield f"{day.year}; {day.month}; {day.day}; {day.day}.{day.month}; {day.day}.{day.month}.{day.year}"


def _of_product(product: Product) -> Iterator[str]:
    yield from (product.title, product.description, product.brand, product.category, product.color, product.size)
    yield from (product.material, product.pattern, product.gender, product.age_group, product.condition)
    yield from product.highlights
