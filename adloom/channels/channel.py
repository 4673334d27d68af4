"""What an ad placement accepts: its text fields, its image slots, its rules.  A channel file has the same shape."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, StringConstraints

from adloom.channels.counting import measure

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.x]+$", max_length=40)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=60)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(gt=0)]
Fraction = Annotated[float, Field(ge=0, lt=0.5)]
_STRICT = ConfigDict(extra="forbid")  # a misspelt key in a channel file is an error, not a default


@dataclass(frozen=True)
class TextField:
    """One text of an ad.  *max_length* and *recommended_length* are in *unit*, a counting method."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: Name
    max_length: Positive
    unit: str
    min_items: Count = 0
    max_items: Positive = 1
    required: bool = False
    hard_limit: bool = True  #: the platform rejects what is longer; False: it shows less of it
    recommended_length: Positive | None = None  #: what is shown without truncation
    note: str = ""
    written: bool = True  #: False: a URL, a path or a name, which nobody writes copy for
    multiline: bool = False  #: line breaks are shown as such
    sources: tuple[str, ...] = ()
    verification: str = "unverified"


@dataclass(frozen=True)
class SafeZone:
    """Margins that the platform's own interface covers: fractions of the height (top, bottom) and the width (side)."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    top: Fraction = 0.0
    bottom: Fraction = 0.0
    side: Fraction = 0.0


@dataclass(frozen=True)
class Slot:
    """One size of creative.  *texts* are the words on it; their limits come from its shape unless the file says."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: Name
    width_px: Positive
    height_px: Positive
    max_bytes: Positive
    formats: Annotated[tuple[str, ...], Field(min_length=1)]  #: file name extensions, preferred first
    safe_zone: SafeZone = SafeZone()
    texts: tuple[TextField, ...] = ()
    note: str = ""
    sources: tuple[str, ...] = ()
    verification: str = "unverified"


@dataclass(frozen=True)
class Channel:
    """An ad placement with limits and rules.  *rules* are names in rules.toml."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: Id
    platform: str
    name: str
    texts: tuple[TextField, ...] = ()
    slots: tuple[Slot, ...] = ()
    rules: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def fits(text: str, field: TextField) -> bool:
    """Whether *text* is within the limit of *field*, in the field's own counting."""
    return measure(text, field.unit) <= field.max_length
