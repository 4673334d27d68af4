"""Finds the colour of the product itself, not of its parts."""

import re
from collections.abc import Iterator
from functools import cache

from generators.copy.facts import Fact, FactKind
from generators.copy.words import load_words


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words = load_words()
    colour = "|".join(sorted(words.classes["colours"], key=len, reverse=True))
    shade = "|".join(sorted(words.classes["shades"], key=len, reverse=True))
    one = rf"(?:(?:{shade})[ -])*(?:{colour})"
    some = rf"(?P<colour>{one}(?: and {one})?)"
    return (
        re.compile(
            rf"\b(?:available |comes? |up |bag |)in (?:an? |the )?{some}(?: colou?r)?(?=[.,;!]| are\b| is\b| has\b)",
            re.I,
        ),
        re.compile(
            rf"\b(?:its|their|the|a|an|with) {some} (?:colou?r(?:way)?|colou?r scheme|colou?r combination|design)\b",
            re.I,
        ),
        re.compile(rf"\b(?:its|their|the|a|an) (?:sleek |stylish )?{some} (?:finish)\b", re.I),
    )


def read_colours(text: str, source: str) -> Iterator[Fact]:
    """The colours that *text* gives the whole product."""
    for pattern in _patterns():
        for match in pattern.finditer(text):
            yield Fact(FactKind.COLOUR, match["colour"].lower(), source, match.span("colour"))
