"""What is known of English words: their classes, from a data file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Words:
    """Word classes by name; every entry is lower case."""

    classes: dict[str, frozenset[str]]

    def has(self, word: str, *names: str) -> bool:
        """Whether *word* belongs to any of the classes *names*."""
        return any(word in self.classes[name] for name in names)


@cache
def load_words() -> Words:
    """The English word classes."""
    data: dict[str, dict[str, Any]] = tomllib.loads(  # Any: TOML
        files("generators.copy").joinpath("data/words.en.toml").read_text(encoding="utf-8")
    )
    return Words({name: frozenset(text.split()) for table in data.values() for name, text in table.items()})


def is_plural(noun: str) -> bool:
    """Whether the head *noun*, lower case, takes a plural verb.

    >>> is_plural("boots"), is_plural("harness"), is_plural("goggles")
    (True, False, True)
    """
    words = load_words()
    if noun in words.classes["plural"]:
        return True
    last = noun.rsplit("-", 1)[-1]
    return last.endswith("s") and not last.endswith(("ss", "us", "is")) and last not in words.classes["singular"]


def article(phrase: str) -> str:
    """*a* or *an*, by how the first word of *phrase* sounds.

    >>> article("LED light"), article("unique grip"), article("adjustable strap"), article("8-inch pan")
    ('an', 'a', 'an', 'an')
    """
    first = phrase.split()[0]
    lower = first.lower()
    if first.isupper() and first.isalpha() and len(first) <= 4:
        return "an" if first[0] in "AEFHILMNORSX" else "a"  # spelt out letter by letter
    if lower.startswith(("uni", "use", "usa", "eu", "one")):
        return "a"
    if lower.startswith(("hour", "honest", "8", "11-", "18-")):
        return "an"
    return "an" if lower[0] in "aeiou" else "a"
