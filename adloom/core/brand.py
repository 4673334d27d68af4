"""How a brand looks and speaks.  Names follow AdCP's brand.json where it has them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from adloom.core.brief import Term
from adloom.core.products import Frozen, ShortText, Text

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]


class Colours(Frozen):
    """The palette, as #rrggbb.  Only *primary* is needed; the composer derives the rest with enough contrast."""

    primary: Colour = "#1f2937"
    secondary: Colour | None = None
    accent: Colour | None = None
    background: Colour | None = None
    text: Colour | None = None


class PastAd(Frozen):
    """A text that the brand has run before: how it speaks, not what may be said of any product."""

    text: ShortText
    field: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""  #: headline, description …


class Brand(Frozen):
    """A brand kit: colours, fonts, logo, voice, and the words it wants and bans."""

    name: ShortText
    url: str = ""
    tagline: Text = ""
    voice: Text = ""
    colors: Colours = Colours()
    font: Text = ""  #: a family that the composer ships; empty: its default
    logo: str = ""  #: an uploaded image's key, or a path relative to the brand file until the client has uploaded it
    approved_terms: tuple[Term, ...] = ()
    banned_words: tuple[Term, ...] = ()
    always_caps: tuple[Term, ...] = ()  #: acronyms that may stand in capitals
    competitor_names: tuple[Term, ...] = ()
    disclaimers: tuple[ShortText, ...] = ()
    past_ads: Annotated[
        tuple[ShortText | PastAd, ...],
        Field(max_length=20, description="Texts that have run: new ones take their tone and repeat none of them"),
    ] = ()

    @property
    def exemplars(self) -> tuple[PastAd, ...]:
        """The past ads, those given as plain text too."""
        return tuple(PastAd(text=one) if isinstance(one, str) else one for one in self.past_ads)
