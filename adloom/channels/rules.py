"""The rules that channels name: how bad a breach is, and what it is about.  The checks themselves are adloom.checks."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from pydantic import TypeAdapter


class Scope(StrEnum):
    """What a rule looks at."""

    TEXT = "text"  #: one text
    AD = "ad"  #: all texts of one ad
    IMAGE = "image"  #: the creative; its composer keeps it
    POLICY = "policy"  #: needs a person: no program can tell


@dataclass(frozen=True)
class Rule:
    """One editorial rule: *severity* is error or warning; *says* is for the person who broke it."""

    severity: str
    scope: Scope
    says: str
    sources: tuple[str, ...] = ()


def _read() -> Mapping[str, Rule]:
    data = tomllib.loads((files("adloom.channels") / "rules.toml").read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Rule]).validate_python(data)


RULES: Mapping[str, Rule] = _read()
