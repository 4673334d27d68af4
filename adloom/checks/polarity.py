"""Which words of a text are denied: "no batteries", "ohne Akku", "n'est pas étanche"."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adloom.checks.lexicon import Lexicon
from adloom.checks.words import Token

_SCOPE = 3  #: content words that a negation reaches
_SOFT = ",，、"


@dataclass(frozen=True)
class Polarity:
    """What a row only affirms and what it only denies: each word's stem, and the sentence that does."""

    affirmed: Mapping[str, str]
    denied: Mapping[str, str]

    def opposing(self, stem: str, *, is_denied: bool) -> str | None:
        """The sentence that says the opposite."""
        return (self.affirmed if is_denied else self.denied).get(stem)


def read_polarity(sources: Sequence[tuple[str, Sequence[Token]]], lexicon: Lexicon) -> Polarity:
    """What *sources*, texts with their tokens, affirm and deny."""
    affirmed, denied = dict[str, str](), dict[str, str]()
    for text, tokens in sources:
        marks = [token for token in tokens if _ends_sentence(token)]
        ends = [mark.end for mark in marks]
        sentences = _sentences(text, marks)
        for token, stem, is_denied in denials(tokens, lexicon):
            (denied if is_denied else affirmed).setdefault(stem, sentences[bisect_right(ends, token.start)])
    return Polarity(
        affirmed={stem: where for stem, where in affirmed.items() if stem not in denied},
        denied={stem: where for stem, where in denied.items() if stem not in affirmed},
    )


def denials(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[tuple[Token, str, bool]]:
    """Each content word, its stem, and whether a negation reaches it."""
    reach, goes_on = 0, _going_on(tokens, lexicon)
    for n, token in enumerate(tokens):
        if token.low in lexicon.negation.negators:
            reach = _SCOPE
        elif not token.is_word or _ends_reach(tokens, n, lexicon):
            reach = reach if token.text in _SOFT and goes_on[n] else 0
        elif not lexicon.is_free(token):
            yield from _words(token, lexicon, is_denied=reach > 0 or _is_denied_after(tokens, n, lexicon))
            reach = max(0, reach - 1)


def _words(token: Token, lexicon: Lexicon, *, is_denied: bool) -> Iterator[tuple[Token, str, bool]]:
    for suffix in lexicon.negation.suffixes:
        if token.low.endswith(suffix):
            yield token, lexicon.tokenizer.stem(token.low.removesuffix(suffix)), not is_denied
            return
    yield token, token.stem, is_denied


def _ends_reach(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether something else begins with the word: "with", or an article that is not the negator's own."""
    return tokens[at].low in lexicon.negation.ends and tokens[at - 1].low not in lexicon.negation.negators


def _going_on(tokens: Sequence[Token], lexicon: Lexicon) -> list[bool]:
    """For each token whether an alternative follows in its sentence: it closes the list "no salt, sugar or oil"."""
    goes_on = [False] * len(tokens)
    for n in range(len(tokens) - 1, 0, -1):  # from the end: or each comma reads all that follows
        if tokens[n].low in lexicon.negation.alternatives:
            goes_on[n - 1] = True
        else:
            goes_on[n - 1] = goes_on[n] and not _ends_sentence(tokens[n])
    return goes_on


def _is_denied_after(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether the word is denied by what follows: "Batteries not included"; "Die Lampe flackert nicht."."""
    is_denied = False
    for token in tokens[at + 1 :]:
        if token.stem in lexicon.negation.inclusions or token.is_mark:
            return is_denied and (not token.is_mark or lexicon.has_capital_nouns)
        if token.low in lexicon.negation.negators:
            is_denied = True
        elif token.low not in lexicon.function:
            return False
    return is_denied and lexicon.has_capital_nouns


def _ends_sentence(token: Token) -> bool:
    return token.is_mark and token.text not in _SOFT


def _sentences(text: str, marks: Sequence[Token]) -> list[str]:
    """What stands before, between and after *marks*."""
    starts, ends = [0, *(mark.end for mark in marks)], [*(mark.start for mark in marks), len(text)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
