"""Words that platforms take amiss, by topic and language: data/wording.toml says how to read and add to them."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from adloom.checks.matching import Span, folded, is_inside, spans, whole

Words = Mapping[str, tuple[str, ...]]  #: by language


def find_wording(topics: Collection[str], text: str, language: str) -> Iterator[Span]:
    """Every place where *text* uses words of *topics*, in any case and width.

    *language* (BCP 47; its region is ignored) picks the words; those of all count where it is empty or has none.
    """
    plain = folded(text, case=True)
    for topic in topics:
        words, unless = _patterns(topic, language.partition("-")[0].casefold())
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
def _patterns(topic: str, language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words of *topic*, and the phrases in which they are innocent."""
    sections = read_topics()[topic]
    words, unless = sections["words"], sections.get("unless", {})
    languages = [language] if language in words else [*words]
    return _any(words, languages), _any(unless, languages)


def _any(listed: Words, languages: Collection[str]) -> re.Pattern[str]:
    phrases = {_phrase(phrase) for language in languages for phrase in listed.get(language, ())}
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile("|".join(longest_first) or r"(?!)")


def _phrase(phrase: str) -> str:
    """*phrase* as whole words; a space is also a hyphen, ``*`` any part of one."""
    plain = folded(phrase, case=True)
    pattern = r"[\s-]+".join(re.escape(word) for word in plain.split())
    return whole(pattern.replace(r"\*", r"\w*").replace("'", "['’]"), plain)
