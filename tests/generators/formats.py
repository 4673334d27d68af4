"""The fixtures in copy/formats: for each format a product, a brief, and what the texts have to show."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from adloom.channels import measure
from adloom.core.specs import CopySpec

FOLDER = Path(__file__).parent / "copy" / "formats"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))


@dataclass(frozen=True)
class Shows:
    """What is true of a format's texts, by field.  Patterns are searched for; a dot matches line breaks too."""

    all: Mapping[str, str] = field(default_factory=dict)  #: every text matches
    some: Mapping[str, str] = field(default_factory=dict)  #: one text matches
    least: Mapping[str, int] = field(default_factory=dict)  #: so many texts
    within: Mapping[str, int] = field(default_factory=dict)  #: one text is no longer than this
    never: Sequence[str] = ()  #: stands in no text
    may_lack: Sequence[str] = ()  #: fields that this product has nothing for

    def faults(self, texts: Mapping[str, Sequence[str]], units: Mapping[str, str]) -> Iterator[str]:
        """What the *texts* of one request do not show, in words."""
        yield from (f"{name}: {texts.get(name)}" for name in self._unlike(texts))
        for name, number in self.least.items():
            if len(texts.get(name, ())) < number:
                yield f"{name} has fewer than {number} texts: {texts.get(name)}"
        for name, limit in self.within.items():
            if not any(measure(text, units[name]) <= limit for text in texts.get(name, ())):
                yield f"{name} has no text within {limit}: {texts.get(name)}"
        said = [text for several in texts.values() for text in several]
        yield from (f"{words!r} stands in {text!r}" for words in self.never for text in said if words in text)

    def _unlike(self, texts: Mapping[str, Sequence[str]]) -> Iterator[str]:
        for patterns, enough in ((self.all, all), (self.some, any)):
            for name, pattern in patterns.items():
                found = [re.search(pattern, text, re.DOTALL) is not None for text in texts.get(name, ())]
                if not found or not enough(found):
                    yield f"{name}, {enough.__name__} like {pattern!r}"


def read_format(name: str) -> tuple[CopySpec, Shows]:
    """The spec of the fixture *name*, and what has to come of it."""
    data: dict[str, Any] = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))  # Any: TOML
    shows = TypeAdapter(Shows).validate_python(data.pop("shows"))
    return CopySpec.model_validate({"channel": name, **data}), shows
