"""Claims that need proof: superlatives, certifications, promises, and what a product is made of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from adloom.checks.lexicon import Lexicon
from adloom.checks.matching import Span, folded
from adloom.checks.words import Token

_MATERIAL = "ungrounded_material"
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

    def rule_of_part(self, stem: str) -> str | None:
        """The rule of a claim that no source makes and that the compound *stem* begins or ends with."""
        for words, (rule, name) in self.lexicon.claims.items():
            is_part = len(words) == 1 and len(words[0]) > 3 and (stem.startswith(words[0]) or stem.endswith(words[0]))
            if is_part and name not in self.names:
                return rule
        return None


def read_claims(sources: Sequence[tuple[str, Sequence[Token]]], lexicon: Lexicon) -> StatedClaims:
    """The claims of *sources*, texts with their tokens."""
    names = {claim.name for text, tokens in sources for claim in find_claims(text, tokens, lexicon)}
    words = {token.stem for _, tokens in sources for token in tokens}
    if lexicon.links is not None:
        materials = [(key[0], name) for key, (rule, name) in lexicon.claims.items() if rule == _MATERIAL]
        names |= {name for key, name in materials if any(_is_made_of(word, key, lexicon) for word in words)}
    return StatedClaims(frozenset(names), frozenset(words), lexicon)


def find_claims(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Claim]:
    """Every claim in *text*, in reading order; of two at one place the longer."""
    if lexicon.is_han:
        yield from _find_han(text, lexicon)
    keys = [lexicon.key(token) for token in tokens]
    at = 0
    while at < len(tokens):
        length = 0 if lexicon.is_han else _longest(keys, at, lexicon)
        if length:
            rule, name = lexicon.claims[tuple(keys[at : at + length])]
            if rule != _MATERIAL or not _is_imitation(tokens, at, lexicon):
                stem = tokens[at].stem if length == 1 else ""
                yield Claim(rule, name, stem, (tokens[at].start, tokens[at + length - 1].end))
        at += length or 1


def _longest(keys: Sequence[str], at: int, lexicon: Lexicon) -> int:
    lengths = range(min(lexicon.longest_claim, len(keys) - at), 0, -1)
    return next((length for length in lengths if tuple(keys[at : at + length]) in lexicon.claims), 0)


def _is_imitation(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    beside = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]]
    return any(token.stem in lexicon.imitations for token in beside)


def _is_made_of(word: str, material: str, lexicon: Lexicon) -> bool:
    """Whether the compound *word* names *material*: "Lederjacke" does, "Kunstleder" does not."""
    if len(material) <= 3 or any(word.startswith(imitation) for imitation in lexicon.imitations):
        return False
    return word.startswith(material) or word.endswith(material)


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
