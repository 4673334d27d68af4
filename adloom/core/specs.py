"""What to make: the specs of the built-in kinds, validated and frozen at submit."""

from typing import Annotated

from pydantic import Field, StringConstraints

from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.products import Frozen, Product

ChannelId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=60)]
SlotId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.x]+$", max_length=40)]


class Spec(Frozen):
    """What to make.  A third party's kind brings a subclass of its own."""

    def files(self) -> tuple[str, ...]:
        """The uploads, by key, and the public URLs whose bytes the generator needs."""
        return ()


class CopySpec(Spec):
    """Ad copy for one product on one channel: every text field of the channel, and the words on its creatives."""

    product: Product
    channel: ChannelId
    slots: tuple[SlotId, ...] = ()  #: the creatives that take their words from this item
    brief: Brief = Brief()
    brand: Brand | None = None
    language: str = "en"
    weights: str = ""  #: a name that `adloom weights` lists, a hub id or a folder; fixed to a version at submit


class BannerSpec(Spec):
    """One creative: a product, a brand, a slot of a channel.  Its words are *texts*, or come from its parent item."""

    product: Product
    channel: ChannelId
    slot: SlotId
    brief: Brief = Brief()
    brand: Brand | None = None
    photo: str = ""  #: key of an uploaded image, or a public URL; empty: a creative without a photo
    texts: dict[str, str] = {}  #: field -> text, for a creative without a parent: creative_headline, creative_cta …

    def files(self) -> tuple[str, ...]:
        """The photo and the logo, as far as there are any."""
        logo = self.brand.logo if self.brand else ""
        return tuple(name for name in (self.photo, logo) if name)


class NoopSpec(Spec):
    """Makes nothing, after *seconds*: to measure a queue, to warm it up, to see that it lives."""

    seconds: Annotated[float, Field(ge=0, le=3600)] = 0.0
    payload: Annotated[str, StringConstraints(max_length=4000)] = ""
