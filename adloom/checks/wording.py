"""Words that platforms take amiss, by topic and language: data/wording.toml says how to read and add to them."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from adloom.checks.matching import Span, edges, folded, is_inside, of_language, spans

_REST = r"\w{0,30}"  # bounded: or a text without spaces costs the square of its length
Words = Mapping[str, tuple[str, ...]]  #: by language


def find_wording(topics: Collection[str], text: str, language: str) -> Iterator[Span]:
    """Every place where *text* uses words of *topics*, in any case and width.

    *language* (BCP 47; its region is ignored) picks the words; those of all count where it is empty or has none.
    """
    plain = folded(text, case=True)
    for topic in topics:
        words, unless = _patterns(topic, tuple(of_language(read_topics()[topic]["words"], language)))
        innocent = [*spans(unless, plain)]
        for span in spans(words, plain):
            if not is_inside(span, innocent):
                yield span


@cache
def read_topics() -> Mapping[str, Mapping[str, Words]]:
    """By topic: its "words", and the phrases "unless" which they stand in; both by language."""
    text = (files("adloom.checks") / "data" / "wording.toml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, dict[str, dict[str, tuple[str, ...]]]]).validate_python(tomllib.loads(text))


@cache
def _patterns(topic: str, languages: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words of *topic*, and the phrases in which they are innocent; *languages* are known ones: all is cached."""
    sections = read_topics()[topic]
    words, unless = sections["words"], sections.get("unless", {})
    return _any(words, languages), _any(unless, languages)


def _any(listed: Words, languages: Collection[str]) -> re.Pattern[str]:
    """One pattern of all phrases; those with the same edges share them, which is what makes it quick."""
    alike: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for phrase in (folded(phrase, case=True) for language in languages for phrase in listed.get(language, ())):
        alike[edges(phrase.replace("*", "x"))].add(_pattern(phrase))
    longest_first = {edge: sorted(patterns, key=lambda one: (-len(one), one)) for edge, patterns in alike.items()}
    groups = [f"{before}(?:{'|'.join(patterns)}){after}" for (before, after), patterns in longest_first.items()]
    return re.compile("|".join(groups) or r"(?!)")


def _pattern(phrase: str) -> str:
    """A space is also a hyphen, ``*`` any part of a word, an apostrophe either one."""
    words = r"[\s-]{1,9}".join(re.escape(word) for word in phrase.split())
    return words.replace(r"\*", _REST).replace("'", "['’]")
