"""What a creative has to say: words from the copy item, prices from the product, the offer from the brief."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from adloom.core.specs import BannerSpec
from generators.banner.fonts import FAMILIES
from generators.base import Request
from generators.prices import format_price


@dataclass(frozen=True)
class Content:
    """The elements of one creative; an empty string is an element that it goes without."""

    headline: str
    name: str = ""  #: the product's title, where the headline does not say it
    price: str = ""
    old_price: str = ""  #: struck
    offer: str = ""
    cta: str = ""
    brand: str = ""  #: set in type where there is no logo
    disclaimer: str = ""  #: must be shown, and be readable
    family: str = FAMILIES[0]  #: the display family that the brand wants
    logo: Image.Image | None = None
    logo_colour: tuple[int, int, int] = (0, 0, 0)  #: its mean

    def texts(self) -> dict[str, str]:
        """Every text by its role, without the empty ones."""
        roles = ("headline", "name", "price", "old_price", "offer", "cta", "brand", "disclaimer")
        return {role: getattr(self, role) for role in roles if getattr(self, role)}


def contents(request: Request[BannerSpec], *, logo: Image.Image | None) -> Iterator[Content]:
    """The creative's content with each headline that it may carry, best first."""
    spec = request.spec
    price, old_price = prices(spec)
    ctas = list(_texts(request, "creative_cta"))
    cta = ctas[0] if ctas else spec.brief.call_to_action
    brand = spec.brand.name if spec.brand is not None else spec.product.brand
    required = (*spec.brief.disclaimers, *(spec.brand.disclaimers if spec.brand is not None else ()))
    for headline in _texts(request, "creative_headline"):
        yield Content(
            headline=headline,
            name=spec.product.title if _says_more(spec.product.title, than=headline) else "",
            price=price,
            old_price=old_price,
            offer=spec.brief.offer.text if spec.brief.offer is not None else "",
            cta=cta,
            brand=brand,
            disclaimer=" ".join(dict.fromkeys(required)),
            family=_family(spec),
            logo=logo,
            logo_colour=_mean(logo) if logo is not None else (0, 0, 0),
        )


def _family(spec: BannerSpec) -> str:
    wanted = spec.brand.font.casefold() if spec.brand is not None else ""
    return next((family for family in FAMILIES if family.casefold() == wanted), FAMILIES[0])


def _mean(logo: Image.Image) -> tuple[int, int, int]:
    """The mean colour of what is opaque."""
    pixels = np.asarray(logo.convert("RGBA"), dtype=np.float64)
    weights = pixels[..., 3:] / max(1.0, float(pixels[..., 3].sum()))
    red, green, blue = (round(float(value)) for value in (pixels[..., :3] * weights).sum(axis=(0, 1)))
    return red, green, blue


def prices(spec: BannerSpec) -> tuple[str, str]:
    """The price to pay and, in a sale, the price before; each empty where the row states none."""
    price, sale = spec.product.price, spec.product.sale_price
    language = spec.brief.language or spec.product.language
    if price is None or sale is None or price.currency != sale.currency or sale.amount >= price.amount:
        return (format_price(price, language) if price is not None else ""), ""
    return format_price(sale, language), format_price(price, language)


def _texts(request: Request[BannerSpec], field: str) -> Iterator[str]:
    own = request.spec.texts.get(field, "").strip()
    if own:
        yield own
        return
    for parent in request.parents:
        yield from (text for text in parent.texts.get(field, ()) if text.strip())


def _says_more(title: str, *, than: str) -> bool:
    """More than half of *title*'s words do not stand in the headline."""
    words, said = set(title.casefold().split()), set(than.casefold().split())
    return len(words - said) * 2 > len(words)
