"""What a campaign wants to say, kept apart from what it may claim."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from adloom.core.products import Frozen, ShortText, Text


class Market(StrEnum):
    """Where an ad runs, as its law goes."""

    CN = "cn"
    EU = "eu"
    US = "us"


Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


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


class Brief(Frozen):
    """The campaign's wishes: for whom, in which tone, with which words, offer and links."""

    name: Text = ""
    objective: Text = ""
    audience: Text = ""
    tone: Text = ""
    offer: Offer | None = None
    call_to_action: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    keywords: tuple[Term, ...] = ()
    forbidden_words: tuple[Term, ...] = ()
    allowed_claims: tuple[Claim, ...] = ()
    disclaimers: tuple[ShortText, ...] = ()
    markets: Annotated[tuple[Market, ...], Field(description="Whose advertising law holds, besides the channel's")] = ()
    language: Annotated[str, Field(description="BCP 47; empty: the product's own")] = ""
    message: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=4000), Field(description="What a customer wrote")
    ] = ""  #: what a support_reply answers; it states nothing that copy may repeat
    landing_url: str = ""  #: for products whose row has no link
    utm: dict[str, str] = {}  #: query parameters added to every final URL; values may use {campaign} and {product_id}
    campaign_name: str = "{brief}"  #: naming template for exports: {brief}, {brand}, {category}, {date}
    ad_group_name: str = "{title}"  #: naming template for exports: {title}, {product_id}, {category}, {brand}
