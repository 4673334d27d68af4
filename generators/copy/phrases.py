"""Reads English product prose as words and noun phrases, by rules and word classes: small, predictable, explainable."""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from generators.copy.words import is_plural, load_words

_TOKEN = regex.compile(r"\d+(?:[.,]\d+)*%?[\w-]*|\p{L}[\w&'’]*(?:-\w+)*|[^\w\s]")  # here \w takes a letter's marks too
_SENTENCE = regex.compile(r"[^.!?]*(?:\.(?=\w)[^.!?]*)*[.!?]*")


@dataclass(frozen=True)
class Token:
    """One word or mark of a text, with where it stands."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower().replace("’", "'")

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


@dataclass(frozen=True)
class NounPhrase:
    """Tokens from the first modifier to the head, without the determiner before them."""

    tokens: tuple[Token, ...]
    determiner: str = ""

    @property
    def head(self) -> str:
        """The noun that everything else describes: "field" in "wide field of vision"."""
        lows = [token.low for token in self.tokens]
        return lows[lows.index("of") - 1] if "of" in lows else lows[-1]

    @property
    def plural(self) -> bool:
        return is_plural(self.head)

    @property
    def is_material(self) -> bool:
        return self.head in load_words().classes["materials"]

    @property
    def counts(self) -> bool:
        """Whether it only measures what follows: "500 lumens of light"."""
        return self.tokens[0].text[0].isdigit() or self.head in ("range", "pair", "field")

    @property
    def span(self) -> tuple[int, int]:
        return self.tokens[0].start, self.tokens[-1].end


def sentences(text: str) -> list[list[Token]]:
    """The sentences of *text* as tokens, their final marks included."""
    found = []
    for match in _SENTENCE.finditer(text):
        tokens = [Token(t.group(), t.start(), t.end()) for t in _TOKEN.finditer(text, *match.span())]
        if tokens:
            found.append(tokens)
    return found


def is_adjective(word: str) -> bool:
    """Whether *word*, lower case, can stand before a noun as a quality."""
    words = load_words()
    if words.has(word, "known", "puffery", "looks"):
        return True
    if "-" in word and word.endswith(
        (
            "ed",
            "ing",
            "proof",
            "resistant",
            "friendly",
            "absorbing",
            "free",
            "lasting",
            "sewn",
            "made",
            "woven",
            "blown",
        )
    ):
        return True
    return len(word) > 5 and word.endswith(("able", "ible", "ful", "ous", "proof", "resistant", "less", "ized", "ised"))


def is_noun_material(word: str) -> bool:
    """Whether *word* may stand inside a noun phrase: everything that no other class claims."""
    words = load_words()
    if words.has(word, "determiners", "prepositions", "conjunctions", "pronouns", "stops", "finite"):
        return False
    return not (word.endswith("ly") and len(word) > 4 and word not in ("family", "friendly", "assembly"))


def noun_phrase(tokens: list[Token], at: int) -> tuple[NounPhrase | None, int]:
    """The noun phrase that starts at token *at*, and where it ends; None when there is none."""
    words = load_words()
    determiner, first = "", at
    while first < len(tokens) and words.has(tokens[first].low, "determiners"):
        determiner, first = tokens[first].low, first + 1
    last = first
    while last < len(tokens) and _goes_on(tokens, first, last):
        last += 1
    if _is_clause(tokens, first, last, determiner):
        last -= 1
    while last > first and (not tokens[last - 1].is_word or is_adjective(tokens[last - 1].low)):
        last -= 1  # an adjective without its noun: not a phrase
    if last == first:
        return None, at
    phrase = NounPhrase(tuple(tokens[first:last]), determiner)
    if tokens[last:] and tokens[last].low == "of":
        end = _end_of(tokens, last + 1, phrase)
        return NounPhrase(tuple(tokens[first : end or last]), determiner), end or last
    return phrase, last


def _end_of(tokens: list[Token], at: int, phrase: NounPhrase) -> int:
    """Where "of …", which begins at *at*, ends if it belongs to *phrase*: amounts, materials, scents; 0 if not."""
    if phrase.head in ("notes", "hints"):  # say nothing without all that follows
        inners, end = noun_phrases(tokens, at)
        return end if inners and not any(inner.determiner for inner in inners) else 0
    inner, end = noun_phrase(tokens, at)
    belongs = inner is not None and not inner.determiner and (phrase.counts or inner.is_material)
    return end if belongs else 0


def _is_clause(tokens: list[Token], first: int, last: int, determiner: str) -> bool:
    """Whether the last word is a verb: one loop cannot be "clips", so "a carry loop clips to a bag" is a clause."""
    if determiner not in ("a", "an") or last - first < 2:
        return False
    low = tokens[last - 1].low
    return is_plural(low) and low not in load_words().classes["plural"]


def _goes_on(tokens: list[Token], first: int, at: int) -> bool:
    """Whether the phrase that began at *first* takes in token *at*."""
    low = tokens[at].low
    if tokens[at].is_word and is_noun_material(low):
        return True
    return at > first and low in (",", "and", "&", "yet") and _joins_adjectives(tokens, at)


def _joins_adjectives(tokens: list[Token], at: int) -> bool:
    """Whether the comma or conjunction at *at* stands between two adjectives of one noun."""
    after = at + 1
    while after < len(tokens) and tokens[after].low in ("and", "yet"):
        after += 1
    if after + 1 >= len(tokens) or not is_adjective(tokens[at - 1].low) or not is_adjective(tokens[after].low):
        return False
    follower = tokens[after + 1]
    return follower.low in (",", "and") or (follower.is_word and is_noun_material(follower.low))


def noun_phrases(tokens: list[Token], at: int) -> tuple[list[NounPhrase], int]:
    """The list of noun phrases that starts at *at*: "a, b, and c"; and where it ends."""
    found: list[NounPhrase] = []
    phrase, end = noun_phrase(tokens, at)
    while phrase is not None:
        found.append(phrase)
        after = end
        if after < len(tokens) and tokens[after].low == ",":
            after += 1
        if after < len(tokens) and tokens[after].low in ("and", "&"):
            after += 1
        if after == end or (after < len(tokens) and tokens[after].low in ("the", "this", "these", "its", "their")):
            return found, end
        phrase, next_end = noun_phrase(tokens, after)
        if phrase is None or _is_subject(tokens, next_end):
            return found, end
        end = next_end
    return found, end


def _is_subject(tokens: list[Token], end: int) -> bool:
    """Whether a verb follows at *end*: what stands before it begins a new clause."""
    return end < len(tokens) and load_words().has(tokens[end].low, "finite", "stops")


def clauses(tokens: list[Token], at: int, *, limit: int) -> Iterator[Token]:
    """The words from *at* to the end of their clause, at most *limit*; nothing when the clause is longer."""
    end = at
    enders = {
        "while",
        "whether",
        "when",
        "whenever",
        "thanks",
        "even",
        "no",
        "as",
        "because",
        "so",
        "that",
        "who",
        "but",
    }
    while end < len(tokens) and tokens[end].is_word and tokens[end].low not in enders:
        end += 1
    if end - at <= limit:
        yield from tokens[at:end]
