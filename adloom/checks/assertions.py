"""Claims that need proof: superlatives, certifications, promises, and what a product is made of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from adloom.checks.lexicon import Lexicon
from adloom.checks.matching import Span, folded
from adloom.checks.words import Token, edges

_MATERIAL = "ungrounded_material"
_BEFORE_END = 3  #: letters of a compound before its last part: "Reisen" does not end with "Eisen"
_BY_WORD = ("ungrounded_superlative", "ungrounded_certification")  #: granted also by another form of the word


@dataclass(frozen=True)
class Claim:
    """One claim in a text: the rule that it breaks if no source makes it, and one name for all ways to say it."""

    rule: str
    name: str
    stem: str  #: of a claim in one word; else empty
    span: Span


@dataclass(frozen=True)
class StatedClaims:
    """The claims that a product's sources make."""

    names: frozenset[str]
    words: frozenset[str]  #: stems of everything they say
    lexicon: Lexicon

    def state(self, claim: Claim) -> bool:
        """Whether a source makes *claim*."""
        return claim.name in self.names or (claim.rule in _BY_WORD and claim.stem in self.words)

    def rule_of_part(self, word: str) -> str | None:
        """The rule of a claim that no source makes and that the compound *word* begins or ends with."""
        held = (self.lexicon.claim_parts.get(edge) for edge in edges(word, _BEFORE_END))
        return next((claim[0] for claim in held if claim and claim[1] not in self.names), None)


def read_claims(sources: Sequence[tuple[str, Sequence[Token]]], lexicon: Lexicon) -> StatedClaims:
    """The claims of *sources*, texts with their tokens."""
    names = {claim.name for text, tokens in sources for claim in find_claims(text, tokens, lexicon)}
    words = {token.stem for _, tokens in sources for token in tokens}
    if lexicon.claim_parts:
        names |= {
            name
            for token in {token.low for _, found in sources for token in found}
            for name in _made_of(token, lexicon)
        }
    return StatedClaims(frozenset(names), frozenset(words), lexicon)


def find_claims(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Claim]:
    """Every claim in *text*, in reading order; of two at one place the longer."""
    if lexicon.is_han:
        yield from _find_han(text, lexicon)
    at = 0
    while at < len(tokens):
        words = None if lexicon.is_han else _longest(tokens, at, lexicon)
        length = len(words) if words else 1
        if words:
            rule, name = lexicon.claims[words]
            if rule != _MATERIAL or not _is_imitation(tokens, at, lexicon):
                stem = tokens[at].stem if length == 1 else ""
                yield Claim(rule, name, stem, (tokens[at].start, tokens[at + length - 1].end))
        at += length


def _longest(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> tuple[str, ...] | None:
    keys = tuple(lexicon.key(token) for token in tokens[at : at + lexicon.longest_claim])
    written = (tokens[at].low,)
    for length in range(len(keys), 0, -1):
        claim = lexicon.claims.get(keys[:length])
        if claim and (claim[0] != _MATERIAL or keys[:length] == written):
            return keys[:length]
    return written if written in lexicon.claims else None


def _is_imitation(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    beside = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]]
    return any(token.stem in lexicon.imitations for token in beside)


def _made_of(word: str, lexicon: Lexicon) -> Iterator[str]:
    """The materials that the compound *word* names: "Lederjacke" does, "Kunstleder" does not."""
    if not word.startswith(tuple(lexicon.imitations)):
        held = (lexicon.claim_parts.get(edge) for edge in edges(word, _BEFORE_END))
        yield from (claim[1] for claim in held if claim and claim[0] == _MATERIAL)


def _find_han(text: str, lexicon: Lexicon) -> Iterator[Claim]:
    by_phrase = {words[0]: claim for words, claim in lexicon.claims.items()}
    for found in _han_pattern(lexicon).finditer(folded(text)):
        rule, name = by_phrase[found.group()]
        before = text[max(0, found.start() - 2) : found.start()]
        if rule != _MATERIAL or not any(before.endswith(imitation) for imitation in lexicon.imitations):
            yield Claim(rule, name, "", found.span())


@lru_cache(maxsize=8)
def _han_pattern_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, phrases)))


def _han_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    return _han_pattern_of(tuple(sorted((words[0] for words in lexicon.claims), key=len, reverse=True)))
