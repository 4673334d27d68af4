"""Meta's rule of personal attributes: an ad does not say or imply who its reader is.

"Are you diabetic?" names the reader's health; "Socks for diabetics" does not.  Colours and ages of things are innocent.
The words stand in data/personal.toml, which says how to read them.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from adloom.checks.matching import SPACED, Span, folded, of_language
from adloom.checks.setting import Setting
from adloom.core.products import Frozen

_ASKS = r"(?:^|(?<=[.!?¿]\s)|(?<=¿))"


class Speech(Frozen):
    """How one language addresses a reader."""

    are: str
    states: str
    ends: str
    end: str
    have: str
    conditions: str
    things: str
    other: str
    groups: str
    tired: str
    whole: str

    def compile(self) -> re.Pattern[str]:
        """One pattern of everything that would tell a reader who he or she is."""
        whole_word = rf"(?!{SPACED}|-)"
        pattern = (
            rf"(?<!{SPACED})(?:{self.are} ?(?:(?:{self.states}){whole_word}|(?:{self.ends}){self.end})"
            rf"|{self.have} ?(?:{self.conditions}){whole_word}(?!{self.things})"
            rf"|{self.other} (?:{self.groups}){whole_word}|{self.whole}"
            rf"|{_ASKS}(?:(?:{self.tired}) (?:{self.states}|{self.ends})|{self.states}|{self.conditions})(?=\s?\?))"
        )
        return re.compile(pattern.replace(" ", r"[\s-]+").replace(r"[\s-]+?", r"[\s-]*"), re.IGNORECASE)


def personal_attributes(text: str, setting: Setting) -> Iterator[Span]:
    """Every place where *text* tells its reader who he or she is, in its own language where that is known."""
    plain = folded(text)
    for language in of_language(read_speech(), setting.language):
        yield from (found.span() for found in read_speech()[language].finditer(plain) if found.group())


@cache
def read_speech() -> Mapping[str, re.Pattern[str]]:
    """By language: what an ad must not say to its reader."""
    text = (files("adloom.checks") / "data" / "personal.toml").read_text(encoding="utf-8")
    speech = TypeAdapter(dict[str, Speech]).validate_python(tomllib.loads(text))
    return {language: one.compile() for language, one in speech.items()}
