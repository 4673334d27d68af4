"""Reads short whole statements: what the product does itself, what may be done with it, how it is made."""

from collections.abc import Iterator

from generators.copy.facts import Fact, FactKind, Names
from generators.copy.phrases import Token, is_adjective
from generators.copy.words import load_words

_LONGEST = 8  #: words


def read_statements(tokens: list[Token], text: str, source: str, *, names: Names) -> Iterator[Fact]:
    """The statements of one sentence that has the product as its unsaid subject: "Burns for 45 hours."."""
    yield from _making(tokens, source, names)
    body = tokens[:-1] if tokens[-1].low == "." else tokens
    if not 2 <= len(body) <= _LONGEST or not all(token.is_word or token.low == "&" for token in body):
        return
    words, span = load_words(), (body[0].start, body[-1].end)
    said = text[span[0] : span[1]]
    said = said[0].lower() + said[1:] if said[1:2].islower() else said
    if body[-1].low in words.classes["predicates"] and not _has_verb(body):
        yield Fact(FactKind.STATE, said, source, span)
    elif _acts(body[0].low) and not names.plural and not _has_verb(body[1:]):
        yield Fact(FactKind.DOES, said, source, span)


def _acts(low: str) -> bool:
    """Whether *low* is a verb in the third person; what it keeps is its owner's benefit."""
    return (low.endswith("s") and low not in ("keeps", "comes") and load_words().has(low, "finite")) or low == "holds"


def _has_verb(tokens: list[Token]) -> bool:
    return any(load_words().has(token.low, "finite", "pronouns", "negators") for token in tokens)


def _making(tokens: list[Token], source: str, names: Names) -> Iterator[Fact]:
    """ "…, hand-poured into glass", "Hand-glazed in small batches": how the product itself is made."""
    lows = [token.low for token in tokens]
    for at, token in enumerate(tokens[:-1]):
        made = "-" in token.text and token.low.endswith("ed") and is_adjective(token.low)
        follows = load_words().has(lows[at + 1], "prepositions") and lows[at + 1] != "with"
        opens = at == 0 or (lows[at - 1] == "," and names.noun in lows[:at] and not _has_verb(tokens[:at]))
        if made and follows and opens:
            yield Fact(FactKind.QUALITY, token.low, source, (token.start, token.end))
