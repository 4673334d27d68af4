"""Photos and requests for tests of the banner composer."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import numpy as np
from PIL import Image, ImageDraw

from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.drafts import Draft, Drafts, Failure
from adloom.core.products import Money, Product
from adloom.core.specs import BannerSpec
from generators.banner import BannerCompose
from generators.base import Parent, Request

BOOT = Product(
    id="B-1",
    title="Wanderer Hiking Boots",
    price=Money(amount=Decimal("109.99"), currency="USD"),
    brand="Daybird",
)
HEADLINE = "Waterproof Leather Boots"


def plain_photo(*, product: str = "#7a1f1f", ground: str = "#f1f1ee", size: int = 300, format: str = "PNG") -> bytes:
    """A round product in the middle of a plain backdrop."""
    image = Image.new("RGB", (size, size), ground)
    ImageDraw.Draw(image).ellipse([size * 0.25, size * 0.2, size * 0.75, size * 0.8], fill=product)
    return encoded(image, format)


def busy_photo(size: int = 300) -> bytes:
    """Coloured blocks up to the border: no plain backdrop anywhere."""
    blocks = np.random.default_rng(1).integers(0, 255, (12, 12, 3), dtype=np.uint8)
    return encoded(Image.fromarray(blocks).resize((size, size), Image.Resampling.NEAREST), "PNG")


def transparent_photo(size: int = 300) -> bytes:
    """A product that comes cut out."""
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse([size * 0.3, size * 0.1, size * 0.7, size * 0.9], fill=(200, 120, 30, 255))
    return encoded(image, "PNG")


def encoded(image: Image.Image, format: str) -> bytes:
    """The bytes of *image*."""
    out = BytesIO()
    image.save(out, format)
    return out.getvalue()


def request(
    target: str = "iab_fixed:300x250",
    *,
    product: Product = BOOT,
    brand: Brand | None = None,
    brief: Brief | None = None,
    photo: bytes | None = None,
    headlines: Sequence[str] = (HEADLINE,),
    cta: str = "Shop now",
    texts: Mapping[str, str] | None = None,
    files: Mapping[str, bytes] | None = None,
    seed: int = 7,
    number: int = 1,
) -> Request[BannerSpec]:
    """A request for one creative; its words come from a parent unless *texts* are given."""
    channel, _, slot = target.partition(":")
    spec = BannerSpec(
        product=product,
        channel=channel,
        slot=slot,
        brief=brief or Brief(),
        brand=brand,
        photo="photo" if photo is not None else "",
        texts=dict(texts or {}),
    )
    parent = Parent("copy", {"creative_headline": list(headlines), "creative_cta": [cta] if cta else []})
    held = {**(files or {}), **({"photo": photo} if photo is not None else {})}
    return Request(UUID(int=number), spec, seed, number, held, () if texts else (parent,))


def outcomes(*requests: Request[BannerSpec]) -> list[Drafts | Failure]:
    """What the composer makes of *requests*."""
    found = list(BannerCompose().generate(list(requests), step=frozenset))
    assert all(isinstance(outcome, Drafts | Failure) for outcome in found)
    return [outcome for outcome in found if isinstance(outcome, Drafts | Failure)]


def creative(made: Request[BannerSpec]) -> Draft:
    """The one draft that the composer makes of *made*."""
    (outcome,) = outcomes(made)
    assert isinstance(outcome, Drafts), outcome
    (draft,) = outcome.drafts
    return draft


def failure(made: Request[BannerSpec]) -> Failure:
    """Why the composer makes nothing of *made*."""
    (outcome,) = outcomes(made)
    assert isinstance(outcome, Failure), outcome
    return outcome
