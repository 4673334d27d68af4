"""What reading a feed yields: products, and what was wrong with the rest."""

from dataclasses import dataclass

from adloom.core.products import Product

MAX_BYTES = 64 * 1024 * 1024  #: of text, after decompression
MAX_PRODUCTS = 100_000
MAX_ERRORS = 1_000  #: the last of them says how many were left out


@dataclass(frozen=True)
class RowError:
    """One fault: the *physical* line on which its row begins (1 is the first), the field, a stable code, what to do.

    The row is left out, unless the message says that it was kept.
    """

    line: int
    field: str
    code: str
    message: str


@dataclass(frozen=True)
class Found:
    """A product and the line on which its row begins."""

    line: int
    product: Product


@dataclass(frozen=True)
class Feed:
    """A feed as read.  *format* is ``merchant``, ``shopify``, ``csv`` or ``jsonl``."""

    format: str
    products: tuple[Product, ...]
    errors: tuple[RowError, ...]
