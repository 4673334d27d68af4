"""The rules that channels name: how bad a breach is, and what it is about.  The checks themselves are adloom.checks."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter

#: error: the platform rejects it; evidence: publishable once someone has proved the claim; warning: better without
Level = Literal["error", "evidence", "warning"]


class Scope(StrEnum):
    """What a rule looks at."""

    TEXT = "text"  #: one text
    AD = "ad"  #: all texts of one ad
    IMAGE = "image"  #: the creative; its composer keeps it
    POLICY = "policy"  #: needs a person: no program can tell


@dataclass(frozen=True)
class Rule:
    """One editorial rule; *says* is for the person who broke it."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")  # a misspelt key is an error, not a default

    severity: Level
    scope: Scope
    says: str
    sources: tuple[str, ...] = ()


def read_rules(text: str) -> Mapping[str, Rule]:
    """The rules of a file like rules.toml, by name.

    Raises:
        ValueError: *text* is no TOML, or a section does not describe a rule; the message says which.
    """
    return TypeAdapter(dict[str, Rule]).validate_python(tomllib.loads(text))


RULES: Mapping[str, Rule] = read_rules((files("adloom.channels") / "rules.toml").read_text(encoding="utf-8"))
