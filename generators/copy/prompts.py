"""What the network reads before it writes: two products with their advertisements, then the product at hand."""

import re

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
_LONGEST = 1200  #: characters of a description that the network reads


def describe(product: Product) -> str:
    """*product* as the prompt states it, on one line."""
    maker = f" by {product.brand}" if product.brand else ""
    text = re.sub(r"\s+", " ", " ".join([product.description, *product.highlights])).strip()
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rpartition(". ")[0] + "."
    return f"Product: {product.title}{maker}. {text}\n"


def ask(label: str) -> str:
    """The beginning of the line that the network continues."""
    return f"{label}:"
