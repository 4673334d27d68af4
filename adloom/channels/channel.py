"""What an ad placement, or another kind of text, accepts: fields, image slots, rules.  A file has the same shape."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, StringConstraints

from adloom.channels.counting import measure
from adloom.core.brief import Brief

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.x]+$", max_length=40)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=60)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(gt=0)]
Fraction = Annotated[float, Field(ge=0, lt=0.5)]
_STRICT = ConfigDict(extra="forbid")  # a misspelt key in a channel file is an error, not a default


class Role(StrEnum):
    """What a text is to its reader, as far as rules ask.  A file may name any role that a generator writes."""

    HEADLINE = "headline"  #: read first, and alone
    TITLE = "title"  #: the same, of a page or a product
    SUBJECT = "subject"  #: the same, of a letter
    TEXT = "text"
    BUTTON = "button"  #: a call to action in a word or three


HEADLINES = frozenset({Role.HEADLINE, Role.TITLE, Role.SUBJECT})


@dataclass(frozen=True)
class TextField:
    """One text of an ad.  All lengths are in *unit*, a counting method; at least one of the upper ones is known."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: Name
    max_length: Positive | None = None  #: None: no page states one
    unit: str = "chars"
    min_items: Count = 0
    max_items: Positive = 1
    required: bool = False
    hard_limit: bool = True  #: the platform rejects what is longer; False: it shows less of it
    recommended_length: Positive | None = None  #: what is shown without truncation
    min_length: Count = 0
    one_within: Positive | None = None  #: at least one of the field's texts is no longer than this
    role: Id | None = None  #: None: as its name says
    follows: str = ""  #: a field: every text of this one belongs to one of that field's, as an answer to its question
    note: str = ""
    written: bool = True  #: False: a URL, a path or a name, which nobody writes copy for
    multiline: bool = False  #: line breaks are shown as such
    sources: tuple[str, ...] = ()
    verification: str = "unverified"

    @property
    def aim(self) -> int:
        """The length to stay within: what is allowed, and shown without truncation."""
        return min(length for length in (self.max_length, self.recommended_length) if length)

    @property
    def is_headline(self) -> bool:
        """Whether the rules for headlines hold."""
        return self.role in HEADLINES if self.role else "headline" in self.name

    @property
    def is_button(self) -> bool:
        """Whether it is the words on a button."""
        return self.role == Role.BUTTON


@dataclass(frozen=True)
class SafeZone:
    """Margins that the platform's own interface covers: fractions of the height (top, bottom) and the width (side)."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    top: Fraction = 0.0
    bottom: Fraction = 0.0
    side: Fraction = 0.0


@dataclass(frozen=True)
class Slot:
    """One size of picture.  *texts* are the words drawn on it; their limits come from its shape, or from its file."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: Name
    width_px: Positive
    height_px: Positive
    formats: Annotated[tuple[str, ...], Field(min_length=1)]  #: file name extensions, preferred first
    max_bytes: Positive | None = None  #: None: no page states one
    safe_zone: SafeZone = SafeZone()
    texts: tuple[TextField, ...] = ()
    note: str = ""
    sources: tuple[str, ...] = ()
    verification: str = "unverified"


@dataclass(frozen=True)
class Channel:
    """An ad placement with limits and rules, or another kind of text.  *rules* are names in rules.toml.

    *slots*: creatives that are drawn; *uploads*: logos, photographs and screenshots, which go up as they are.
    *needs*: what the brief has to hold, by field, or there is nothing to write.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: Id
    platform: str
    name: str
    texts: tuple[TextField, ...] = ()
    slots: tuple[Slot, ...] = ()
    uploads: tuple[Slot, ...] = ()
    rules: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_ad: bool = True  #: False: a text that no ad platform takes; it is exported as a text alone
    needs: tuple[str, ...] = ()

    def lacking(self, brief: Brief) -> tuple[str, ...]:
        """The fields of *brief* that this channel needs and that are empty."""
        return tuple(name for name in self.needs if not getattr(brief, name))


def fits(text: str, field: TextField) -> bool:
    """Whether *text* is within the limit of *field*, in the field's own counting."""
    return field.max_length is None or measure(text, field.unit) <= field.max_length
