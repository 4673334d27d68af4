"""How texts are written, by the role of their field: a data file, so that a new format needs no code."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter

from adloom.channels import Role, TextField
from adloom.core.errors import BadConfiguration

_SHORT = 45  #: characters: what is shown of a text without a role; below, it is one line and not sentences


class Way(StrEnum):
    """The ways to make a text.  `generators.copy.ways` has a function for each."""

    LINES = "lines"  #: one filling of a frame
    SENTENCES = "sentences"  #: a lead and its tails
    PARTS = "parts"  #: one section after another
    QUIZ = "quiz"  #: a question with its answers
    FOLLOWS = "follows"  #: comes with the text of another field


@dataclass(frozen=True)
class Part:
    """One stretch of a text of several parts; data/roles.toml says what its keys mean."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    sections: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    least: int = 1
    most: int = 1
    before: str = " "
    between: str = " "
    mark: str = ""
    may_miss: bool = False
    repeats_angle: bool = False
    answers: bool = False


@dataclass(frozen=True)
class Manner:
    """How the texts of one role are written; data/roles.toml says what its keys mean."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    label: str
    way: Way = Way.LINES
    sections: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    tells: bool = False
    stands_beside_name: bool = False
    is_false: bool = False


@cache
def load_manners() -> Mapping[str, Manner]:
    """Every manner by its role."""
    text = files("generators.copy").joinpath("data/roles.toml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Manner]).validate_python(tomllib.loads(text))


def role_of(field: TextField) -> str:
    """The role that *field* states, or the one of its name and length.

    Raises:
        BadConfiguration: nothing knows how to write the role, or a text that only follows another follows none.
    """
    role = field.role or _by_name(field)
    known = load_manners()
    if role not in known:
        nearest = difflib.get_close_matches(role, known, n=1, cutoff=0.5)
        meant = f"Did you mean {nearest[0]!r}? " if nearest else ""
        raise BadConfiguration(
            f"The field {field.name!r} has the role {role!r}, which nothing writes. {meant}Known: {', '.join(known)}."
        )
    if (known[role].way == Way.FOLLOWS) != bool(field.follows):
        raise BadConfiguration(
            f"The field {field.name!r} of the role {role!r} {'has to name' if not field.follows else 'cannot have'} "
            "a field that it follows."
        )
    return role


def _by_name(field: TextField) -> str:
    if field.is_headline:
        return Role.HEADLINE
    return "short" if field.aim < _SHORT else Role.TEXT
