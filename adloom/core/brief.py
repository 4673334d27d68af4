"""What a campaign wants to say, kept apart from what it may claim."""

from datetime import date
from enum import StrEnum
from itertools import product
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from adloom.core.products import Frozen, ShortText, Text, slug


class Market(StrEnum):
    """Where an ad runs, as its law goes."""

    CN = "cn"
    EU = "eu"
    US = "us"


Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$")]  #: BCP 47


class Offer(Frozen):
    """A promise with its terms.  Copy may repeat *text* as it stands and nothing beyond it."""

    text: ShortText
    code: Text = ""
    starts_on: date | None = None
    ends_on: date | None = None
    terms_url: str = ""


class Claim(Frozen):
    """A statement that copy may make although no row states it, with what proves it."""

    text: ShortText
    evidence: ShortText


class Audience(Frozen):
    """Readers who get ads of their own.

    Copy may say their *name*, as it stands inside a sentence; what they value only where the row states it too.
    """

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    values: Annotated[
        tuple[Term, ...], Field(max_length=20, description="What they look for, in words of the row")
    ] = ()


class Brief(Frozen):
    """The campaign's wishes: for whom, in which tone, with which words, offer and links.

    A campaign makes its items once per audience and language; in an item's brief, *audience* and *language* say whose
    and which they are.
    """

    name: Text = ""
    objective: Text = ""
    audience: Annotated[Text, Field(description="For whom; with audiences: the name of one of them, or empty")] = ""
    audiences: Annotated[tuple[Audience, ...], Field(max_length=10, description="Each gets ads of its own")] = ()
    tone: Text = ""
    offer: Offer | None = None
    call_to_action: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    keywords: tuple[Term, ...] = ()
    forbidden_words: tuple[Term, ...] = ()
    allowed_claims: tuple[Claim, ...] = ()
    disclaimers: tuple[ShortText, ...] = ()
    markets: Annotated[tuple[Market, ...], Field(description="Whose advertising law holds, besides the channel's")] = ()
    language: Annotated[str, Field(description="BCP 47; empty: the product's own, or each of languages")] = ""
    languages: Annotated[tuple[Tag, ...], Field(max_length=10, description="Ads are made in each of them")] = ()
    message: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=4000), Field(description="What a customer wrote")
    ] = ""  #: what a support_reply answers; it states nothing that copy may repeat
    landing_url: str = ""  #: for products whose row has no link
    utm: dict[str, str] = {}  #: query parameters added to every final URL; values may use {campaign} and {product_id}
    campaign_name: str = "{brief}"  #: naming template for exports: {brief}, {brand}, {category}, {date}, {language}
    ad_group_name: str = "{title}"  #: … for ad groups: {title}, {product_id}, {category}, {brand}, {audience}

    @model_validator(mode="after")
    def _tells_apart(self) -> Self:
        names = [audience.name for audience in self.audiences]
        if len({slug(name) for name in names}) < len(names):
            raise ValueError("Two audiences have the same name.")
        if names and self.audience and self.audience not in names:
            raise ValueError("With audiences, audience is the name of one of them, or empty.")
        if len({tag.lower() for tag in self.languages}) < len(self.languages):
            raise ValueError("A language is named twice.")
        if self.languages and self.language and self.language not in self.languages:
            raise ValueError("With languages, language is one of them, or empty.")
        return self

    @property
    def own_audience(self) -> Audience | None:
        """The one of the audiences that this brief is for; None where it has none, or has not been split yet."""
        return next((one for one in self.audiences if one.name == self.audience), None)

    @property
    def labels(self) -> tuple[str, ...]:
        """What tells the items of this brief apart from those of its other audiences and languages."""
        audience = [slug(own.name)] if (own := self.own_audience) else []
        return (*audience, *([self.language] if self.languages and self.language else []))

    def split(self) -> list["Brief"]:
        """This brief once per audience and language; itself where it names one of each, or none."""
        readers = [self.audience] if self.audience or not self.audiences else [one.name for one in self.audiences]
        tongues = [self.language] if self.language or not self.languages else self.languages
        return [
            self.model_copy(update={"audience": audience, "language": language})
            for audience, language in product(readers, tongues)
        ]
