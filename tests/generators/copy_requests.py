"""Products and requests for the copy generators' tests."""

from typing import Any
from uuid import UUID

from adloom.core.drafts import Drafts, Outcome
from adloom.core.products import Money, Product
from adloom.core.specs import CopySpec
from generators.base import Request

PADDLE = Product(
    id="P1",
    title="Heron Touring Kayak Paddle",
    brand="Fjordline",
    description=(
        "Glide with confidence using the Heron Touring Kayak Paddle by Fjordline. This lightweight and sturdy paddle "
        "features a carbon fiber shaft, two foam-filled blades, and adjustable drip rings for a dry grip. "
        "Made from recycled nylon, it is perfect for weekend tours and sheltered bays. Its padded handle keeps your "
        "hands warm all day long. Available in bright yellow."
    ),
    price=Money(amount="149.50", currency="EUR"),
)
BARE = Product(id="P2", title="Teapot")


def copy_request(product: Product = PADDLE, *, number: int = 0, seed: int = 7, **spec: Any) -> Request[CopySpec]:
    """A request for one product; google_rsa unless *spec* says otherwise.  Any: whatever CopySpec takes."""
    filled = CopySpec(**{"product": product, "channel": "google_rsa", **spec})
    return Request(UUID(int=number + 1), filled, seed, number)


def no_drop() -> frozenset[UUID]:
    """A step that drops nothing."""
    return frozenset()


def made(outcome: Outcome) -> Drafts:
    """The outcome, which must be drafts."""
    assert isinstance(outcome, Drafts), outcome
    return outcome


def texts_of(outcome: Outcome, field: str) -> list[str]:
    """The texts of one *field*, best first."""
    return [draft.text for draft in made(outcome).drafts if draft.field == field]
