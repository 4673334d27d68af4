"""What the API takes: request bodies, each with an example."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.products import Product
from api.dependencies import PLAIN

JSON = dict[str, Any]  # Any: JSON

MAX_METADATA_BYTES = 4096
MAX_SEED = 2**53 - 1  #: what every JSON reader keeps exactly
MAX_DEPTH = 32

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=PLAIN)]
TargetName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(:[A-Za-z0-9_.x]+)?$", max_length=101)]


def is_name(text: str) -> bool:
    """Whether *text* is a `Name` as it stands."""
    return 1 <= len(text) <= 200 and text == text.strip() and re.fullmatch(PLAIN, text) is not None


def small(metadata: JSON) -> JSON:
    """*metadata*, unless it is too large to keep."""
    if len(json.dumps(metadata, ensure_ascii=False).encode()) > MAX_METADATA_BYTES:
        raise ValueError(f"Metadata may have at most {MAX_METADATA_BYTES:,} bytes as JSON.")
    return metadata


def check_storable(value: Any, depth: int = 0) -> None:  # Any: JSON
    """Refuse what JSON readers let through and no database can keep: NaN, NUL, half a surrogate pair, endless depth."""
    if depth > MAX_DEPTH:
        raise ValueError(f"The document is nested deeper than {MAX_DEPTH} levels.")
    if isinstance(value, str):
        if not _is_text(value):
            raise ValueError("The document holds a NUL or half a surrogate pair, which is no text.")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("The document holds NaN or Infinity, which JSON does not have.")
    elif isinstance(value, Mapping | Sequence):
        inner = chain(value, value.values()) if isinstance(value, Mapping) else value
        for each in inner:
            check_storable(each, depth + 1)


def _is_text(value: str) -> bool:
    return "\0" not in value and (value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value))


class Body(BaseModel):
    """A request body: unknown fields are refused rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _is_storable(cls, document: Any) -> Any:  # Any: JSON
        check_storable(document)
        return document


Priority = Annotated[int, Field(ge=-100, le=100, description="Higher goes first, before any fairness.")]


def on_the_calendar(instant: AwareDatetime) -> AwareDatetime:
    """*instant*, which UTC can tell: at either end of the calendar it cannot; raises `ValueError` there."""
    if not 2000 <= instant.year <= 9000:
        raise ValueError("The instant must lie between the years 2000 and 9000.")
    return instant


Instant = Annotated[AwareDatetime, AfterValidator(on_the_calendar)]
RunAt = Annotated[Instant | None, Field(description="Not before this instant.")]


class ItemBody(BaseModel):
    """One item to be made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[str, Field(max_length=60, description="One of GET /v1/kinds.", examples=["copy.lm"])]
    spec: Annotated[JSON, Field(description="What to make; its schema is in GET /v1/kinds.")]
    custom_id: Annotated[Name | None, Field(description="Your own id for it, unique within the job.")] = None
    metadata: Annotated[JSON, AfterValidator(small), Field(description="Handed back untouched; at most 4 KiB.")] = {}
    depends_on: Annotated[
        list[Name], Field(max_length=100, description="Custom ids of items that this one needs.")
    ] = []
    priority: Annotated[Priority | None, Field(description="Instead of the job's.")] = None
    run_at: Annotated[RunAt, Field(description="Instead of the job's.")] = None


def _brand_branch(value: Any) -> str:  # Any: JSON or a validated value
    return "name" if isinstance(value, str) else "kit"


class CampaignBody(BaseModel):
    """Products × channels: per product and channel the copy, and one creative per slot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    feed: Annotated[UUID | None, Field(description="Id of an uploaded feed; or send `products`.")] = None
    products: Annotated[list[Product] | None, Field(min_length=1)] = None
    limit: Annotated[int | None, Field(ge=1, description="Only the first so many products.")] = None
    channels: Annotated[
        list[TargetName],
        Field(
            min_length=1,
            max_length=200,
            description="Channels, each with all of its slots, or with one after a colon.",
            examples=[["google_rsa", "iab_fixed:300x250"]],
        ),
    ]
    brief: Brief = Brief()
    brand: Annotated[
        Annotated[Annotated[str, Tag("name")] | Annotated[Brand, Tag("kit")], Discriminator(_brand_branch)] | None,
        Field(description="The name of a brand that you keep, or a brand kit."),
    ] = None
    copy_kind: Annotated[
        Literal["copy.lm", "copy.served", "copy.template"], Field(alias="copy", description="What writes the copy.")
    ] = "copy.lm"
    weights: Annotated[str, Field(max_length=500, description="Empty: the platform's default.")] = ""

    @model_validator(mode="after")
    def _has_products(self) -> Self:
        if (self.feed is None) == (self.products is None):
            raise ValueError("Send either 'feed' or 'products'.")
        return self


class Terms(Body):
    """What holds for a whole job."""

    name: Annotated[Name | Literal[""], Field(description="For people.")] = ""
    seed: Annotated[
        int, Field(ge=0, le=MAX_SEED, description="Same request and seed: same ads. Another seed: other ones.")
    ] = 0
    priority: Priority = 0
    run_at: RunAt = None
    deadline_at: Annotated[Instant | None, Field(description="What is not final by then fails.")] = None
    webhook_url: Annotated[
        str, Field(max_length=2000, description="Told when the job ends: see the webhooks. A public https URL.")
    ] = ""


class JobBody(Terms):
    """A job: either a list of items or a campaign."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Autumn boots",
                    "campaign": {
                        "feed": "0192f0c4-7d3e-7c55-9c1c-0a3f5e6b7d8e",
                        "channels": ["google_rsa", "iab_fixed:300x250"],
                        "brand": "daybird",
                        "brief": {"audience": "weekend hikers", "call_to_action": "Shop now"},
                    },
                },
                {
                    "seed": 7,
                    "items": [
                        {
                            "kind": "copy.lm",
                            "custom_id": "boots-headlines",
                            "spec": {
                                "product": {"id": "1", "title": "Wanderer hiking boots", "material": "leather"},
                                "channel": "google_rsa",
                            },
                        }
                    ],
                },
            ]
        }
    )

    items: Annotated[list[ItemBody] | None, Field(min_length=1)] = None
    campaign: CampaignBody | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.items is None) == (self.campaign is None):
            raise ValueError("Send either 'items' or 'campaign'.")
        return self
