"""What is advertised: a product, as a row of a feed states it."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Frozen(BaseModel):
    """A value: immutable, and unknown fields are refused rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Money(Frozen):
    """An amount with its ISO 4217 currency."""

    amount: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Product(Frozen):
    """One product.  Everything an advertisement may claim about it stands here, in the brief or in the brand."""

    id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    title: ShortText
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=8000)] = ""
    link: Annotated[str, StringConstraints(max_length=2048)] = ""
    image: str = ""  #: path relative to the feed, or a URL; empty when the row names none
    more_images: tuple[str, ...] = ()
    price: Money | None = None
    sale_price: Money | None = None
    availability: str = ""  #: in_stock, out_of_stock, preorder or backorder, where the feed says
    brand: Text = ""
    category: Text = ""  #: the shop's own path, "a > b > c"
    condition: str = ""
    gtin: str = ""
    mpn: str = ""
    color: Text = ""
    size: Text = ""
    material: Text = ""
    pattern: Text = ""
    gender: str = ""
    age_group: str = ""
    highlights: tuple[Text, ...] = ()
    details: dict[str, str] = {}
    options: dict[str, tuple[str, ...]] = {}  #: what its variants differ in: {"Size": ("S", "M")}
    labels: tuple[str, ...] = ()
    group: str = ""  #: shared by the variants of one product
    language: str = "en"  #: BCP 47


_SLUG = re.compile(r"[^\w]+", re.UNICODE)


def slug(text: str, *, max_length: int = 60) -> str:
    """*text* as a piece of a file name or URL: lower case, words joined by hyphens; never empty.

    >>> slug("Explorer 45L Backpack!")
    'explorer-45l-backpack'
    """
    return _SLUG.sub("-", text.casefold()).strip("-_")[:max_length].strip("-_") or "untitled"
