"""What a way of writing is given: the product's facts, the request, the field and its manner."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from adloom.channels import TextField, measure
from adloom.checks.findings import Severity
from adloom.checks.grounding import Ground
from adloom.checks.matching import find_term
from adloom.checks.words import stem
from adloom.core.specs import CopySpec
from generators.copy.facts import Sheet
from generators.copy.manners import Manner

_SMALL = frozenset(re.findall(r"\S+", "a an the and or of for from with in on to at by it is are its their your"))


@dataclass(frozen=True)
class Task:
    """One field of one request.  *aim*: the length to stay within; *most*: how many texts are of use."""

    spec: CopySpec
    sheet: Sheet
    ground: Ground
    field: TextField
    manner: Manner
    aim: int
    most: int

    def may_say(self, text: str) -> bool:
        """Whether *text* is true to the row and holds no word that the brief or the brand does not want."""
        brief, brand = self.spec.brief, self.spec.brand
        unwanted = (*brief.forbidden_words, *((*brand.banned_words, *brand.competitor_names) if brand else ()))
        untrue = any(finding.severity == Severity.ERROR for finding in self.ground.check(text))
        return not untrue and not any(True for term in unwanted for _ in find_term(term, text))

    def size(self, text: str) -> int:
        """The length of *text* in the field's own counting."""
        return measure(text, self.field.unit)

    def has_room(self, text: str) -> bool:
        """Whether *text* stays within the aim."""
        return self.size(text) <= self.aim


def load_words_of(topic: str, language: str) -> Mapping[str, Any] | None:  # Any: TOML
    """The data file of *topic* in *language* (its region is ignored), or None where nobody has written one yet."""
    return _load(topic, language.partition("-")[0].lower())


@cache
def _load(topic: str, language: str) -> Mapping[str, Any] | None:  # Any: TOML
    path = files("generators.copy").joinpath(f"data/{topic}.{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def stems(text: str) -> frozenset[str]:
    """The words of *text* without their endings, but for those that only join others."""
    return frozenset(stem(word) for word in re.findall(r"[^\W_]+", text.lower()) if word not in _SMALL)
