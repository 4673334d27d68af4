"""What the network reads before it writes: two products with their advertisements, then the product at hand."""

import re
import textwrap
from itertools import accumulate

from adloom.core.brand import Brand, PastAd
from adloom.core.products import Product

PREAMBLE = """\
Product facts and the advertisements written from them.

Product: Harbor Enamel Mug by Northlight. This mug is made from steel with a white enamel coating and holds 350 ml.
Headline: Harbor Enamel Mug in White
Ad text: The Harbor Enamel Mug by Northlight is made from steel with a white enamel coating.
Tagline: Enamel mug by Northlight.
Button: Shop the mug

Product: Lark Desk Lamp by Fenn & Co. With a folding arm and a dimmable light, this slim lamp is made for small desks.
Headline: Slim Desk Lamp for Small Desks
Ad text: Light up your desk with the Lark Desk Lamp. It has a folding arm and a dimmable light.
Tagline: Desk lamp with a folding arm.
Button: See Lark

"""
NOTHING = "Product: -\n"
EXAMPLES = tuple(re.findall(r"^(?:Headline|Ad text|Tagline): (.+)$", PREAMBLE, re.MULTILINE))
_LONGEST = 1200  #: characters that the network reads of a description, and of past ads
_LONGEST_AUDIENCE = 120  #: characters
_HEADLINE = 40  #: characters; a longer past ad without a field is no headline


def recall(brand: Brand | None) -> str:
    """What the brand has run before, as the prompt goes on after its examples; empty where there is nothing.

    The first of its past ads, as many as fit into `_LONGEST` characters.
    """
    if brand is None or not brand.past_ads:
        return ""
    lines = [f"{_label(ad)}: {' '.join(ad.text.split())}" for ad in brand.exemplars]
    fitting = [line for line, size in zip(lines, accumulate(map(len, lines)), strict=True) if size <= _LONGEST]
    return "\n".join([f"Advertisements that {brand.name} has run before.", *fitting, "", ""])


def _label(ad: PastAd) -> str:
    is_headline = any(word in ad.field for word in ("headline", "title")) if ad.field else len(ad.text) <= _HEADLINE
    return "Headline" if is_headline else "Ad text"


def describe(product: Product, audience: str = "") -> str:
    """*product* as the prompt states it, on one line, and for whom."""
    maker = f" by {product.brand}" if product.brand else ""
    text = re.sub(r"\s+", " ", " ".join([product.description, *product.highlights])).strip()
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rpartition(". ")[0] + "."
    readers = f" For {textwrap.shorten(audience, _LONGEST_AUDIENCE, placeholder='').rstrip('.')}." if audience else ""
    return f"Product: {product.title}{maker}. {text}{readers}\n"


def ask(label: str) -> str:
    """The beginning of the line that the network continues."""
    return f"{label}:"
