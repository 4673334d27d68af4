"""What a generator yields: one outcome per request."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec


class Source(StrEnum):
    """How a draft came to be.  Values are stored and exported: never rename one."""

    FREE = "free"  #: sampled from the network without constraint
    GUIDED = "guided"  #: sampled from the network through a trie of the product's facts
    TEMPLATE = "template"  #: filled in without a network
    COMPOSED = "composed"  #: laid out and drawn by the composer
    GENERATED = "generated"  #: pixels from an image network


class Draft(msgspec.Struct, frozen=True):
    """A variant before it is stored: a text for a field, or a file for a slot.

    *details* is JSON and travels with the variant: score by part, the facts behind each phrase, layout, size in pixels.
    """

    field: str
    source: Source
    text: str = ""
    data: bytes = b""  #: a file's bytes; empty for a text
    media_type: str = "text/plain"
    score: float = 0.0  #: higher is better; comparable within one item and field
    details: Mapping[str, Any] = msgspec.field(default_factory=dict)  # Any: JSON


class Drafts(msgspec.Struct, frozen=True):
    """The request succeeded.  *notes* tell its owner what would make it better: "add material, use, size"."""

    request: UUID
    drafts: tuple[Draft, ...]
    notes: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = msgspec.field(default_factory=dict)  # Any: JSON; weights, versions, prompt hash


@dataclass(frozen=True)
class Failure:
    """The request failed.  *message* is for its owner: safe, at most 300 characters, no exception text.

    *blameless*: the platform's trouble, not the item's (its store or weights are away).  It is tried again until that
    is over, at no charge.
    """

    request: UUID
    code: str
    message: str
    retryable: bool = False
    blameless: bool = False


@dataclass(frozen=True)
class Continue:
    """Not done: lease the item again, with *checkpoint*.  Costs no budget."""

    request: UUID
    checkpoint: str


Outcome = Drafts | Failure | Continue
