"""How many of what: "two side pockets" and "three colours" do not make three pockets."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adloom.checks.lexicon import Lexicon
from adloom.checks.numbers import HAN_NUMERALS, Quantity
from adloom.checks.words import HAN, Token

_WINDOW = 2  #: words after a number that it may count
_COUNTED_HAN = re.compile(f"(?:(?![{HAN_NUMERALS}])[{HAN}]){{2,5}}")


@dataclass(frozen=True)
class Counts:
    """What the sources count: each word after a number without a unit, and how many there are by whose words."""

    counted: Mapping[str, Mapping[str, str]]

    def conflict(self, value: str, words: Sequence[str]) -> str | None:
        """How the sources count one of *words*, if they count none of them as *value*."""
        known = [self.counted[word] for word in words if word in self.counted]
        if not known or any(value in values for values in known):
            return None
        return next(iter(known[0].values()))


def read_counts(sources: Sequence[tuple[str, Sequence[Token], Sequence[Quantity]]], lexicon: Lexicon) -> Counts:
    """What *sources*, texts with their tokens and numbers, count."""
    counted: dict[str, dict[str, str]] = {}
    for text, tokens, quantities in sources:
        for quantity, words in count(text, tokens, quantities, lexicon):
            for word, end in words:
                counted.setdefault(word, {}).setdefault(quantity.value, text[quantity.span[0] : end])
    return Counts(counted)


def count(
    text: str, tokens: Sequence[Token], quantities: Sequence[Quantity], lexicon: Lexicon
) -> Iterator[tuple[Quantity, list[tuple[str, int]]]]:
    """Each number without a unit, the words that it may count, and where each of them ends."""
    for quantity in quantities:
        if quantity.units:
            continue
        if lexicon.is_han:
            yield quantity, [*_pairs_after(text, quantity.span[1], lexicon)]
        else:
            yield quantity, [(token.stem, token.end) for token in _words_after(tokens, quantity, lexicon)]


def _words_after(tokens: Sequence[Token], quantity: Quantity, lexicon: Lexicon) -> Iterator[Token]:
    first = bisect_left(tokens, quantity.span[1], key=lambda token: token.start)
    for token in tokens[first : first + _WINDOW]:
        if not token.is_word or token.low in lexicon.function:
            return
        yield token


def _pairs_after(text: str, start: int, lexicon: Lexicon) -> Iterator[tuple[str, int]]:
    """The pairs of characters after a numeral and its measure word."""
    run = _COUNTED_HAN.match(text, start)
    if run and run.group()[0] in lexicon.function:
        yield from ((text[at : at + 2], at + 2) for at in range(start + 1, run.end() - 1))
