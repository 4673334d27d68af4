"""Small words where a language has none: half a sentence, a word twice, words that were shuffled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from adloom.checks.matching import Span
from adloom.checks.words import Token


@dataclass(frozen=True)
class Order:
    """What a language's small words cannot do: the table [order] of its lexicon."""

    articles: frozenset[str]
    after_no_article: frozenset[str]
    loose: frozenset[str]  #: a text ends with none of them: "a sole and"
    prepositions: frozenset[str]  #: nor with these, unless a word of *relatives* came before: "shoes you live for"
    relatives: frozenset[str]
    doubled: frozenset[str]  #: words that may stand twice: "so so soft"
    conjunctions: frozenset[str]
    singular: frozenset[str]  #: nouns that end as plurals do
    verbs_of_one: frozenset[str]
    verbs_of_many: frozenset[str]


def broken(text: str, tokens: Sequence[Token], order: Order) -> Iterator[Span]:
    """Every place in *text*, which has *tokens*, where words are missing, doubled or shuffled."""
    for one, other in pairwise(tokens):
        if text[one.end : other.start].isspace() and _clash(one, other, order):
            yield one.start, other.end
    yield from _twice(tokens)
    words = [token for token in tokens if not token.is_mark]
    if words and _is_loose(words, order):
        yield words[-1].start, words[-1].end


def _clash(one: Token, other: Token, order: Order) -> bool:
    if one.low == other.low:
        return one.is_word and one.low not in order.doubled
    return one.low in order.articles and other.low in order.after_no_article


def _twice(tokens: Sequence[Token]) -> Iterator[Span]:
    """Two words and the same two again: "Kids Bike, Kids Bike"."""
    words = [token for token in tokens if token.text != ","]
    for n in range(len(words) - 3):
        first, second = words[n : n + 2], words[n + 2 : n + 4]
        if first[0].is_word and [word.low for word in first] == [word.low for word in second]:
            yield first[0].start, second[1].end


def _is_loose(words: Sequence[Token], order: Order) -> bool:
    *before, last = words
    if last.low in order.prepositions:
        return not any(word.low in order.relatives for word in before)
    return last.low in order.loose
