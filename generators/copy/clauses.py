"""Cuts the text of a row into sentences, clauses and words, of languages with spaces and without."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from adloom.checks.words import HAN
from generators.copy.vocabulary import Vocabulary

_SPACED = regex.compile(r"\d+(?:[.,]\d+)*%?(?:-[^\W_]+)*|[^\W_]+(?:[-'’&/.][^\W_]+)*-?|[^\w\s]")
_UNSPACED = regex.compile(rf"\d+(?:[.,]\d+)*%?|[{HAN}]|[^\W_{HAN}]+(?:[-'’&.][^\W_{HAN}]+)*|[^\w\s]")
_ENDS = re.compile(r"[.!?…]+(?=\s+[^\s\w]*[^\Wa-zß-öø-ÿ_]|\s*$)|[。！？]+|\n+")
_MARKS = ",;:–—，；：()（）[]【】「」『』|｜"


@dataclass(frozen=True)
class Word:
    """A word or a mark and its place; where no spaces divide words, a character."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower().replace("’", "'").rstrip("'")

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


@dataclass(frozen=True)
class Clause:
    """A part of a text: a sentence without its final mark, or what stands between two marks of it."""

    whole: str  #: the text that it is a part of
    words: tuple[Word, ...]  #: and marks, in reading order
    is_spaced: bool
    is_question: bool = False

    @property
    def span(self) -> tuple[int, int]:
        return self.words[0].start, self.words[-1].end

    @property
    def text(self) -> str:
        return _line(self.whole[slice(*self.span)]) if self.words else ""

    def cut(self, start: int, end: int) -> tuple[str, tuple[int, int]]:
        """The words from *start* to *end* as they stand, and their place in the text."""
        span = self.words[start].start, self.words[end - 1].end
        return _line(self.whole[slice(*span)]), span

    def length(self, phrase: str) -> int:
        """How many words *phrase* is."""
        return _length(phrase, is_spaced=self.is_spaced)

    def begins(self, phrase: str, at: int) -> bool:
        """Whether *phrase*, lower case, stands at word *at*."""
        many = self.length(phrase)
        text = "".join(word.low for word in self.words[at : at + many])
        return len(self.words) - at >= many and text == re.sub(r"\s", "", phrase)

    def since_joiner(self, at: int, vocabulary: Vocabulary) -> Sequence[Word]:
        """The words before word *at*, back to the last comma or "and"."""
        start = at
        while start > 0 and self.words[start - 1].low not in {",", *vocabulary.joiners}:
            start -= 1
        return self.words[start:at]

    def members(self, at: int, vocabulary: Vocabulary, never: AbstractSet[str]) -> list[tuple[int, int]]:
        """The phrases of the list that begins at word *at*: "a, b and c"; a comma counts only where an "and" follows.

        What an attribute goes on to say belongs to its noun, and a list in it is no list of the product's.
        """
        found = self._listed(at, vocabulary, never)
        end = found[-1][1] if found else at
        attributes = frozenset[str]() if vocabulary.is_head_first else vocabulary.attributes
        if found and end < len(self.words) and self.words[end].low in attributes:
            inner = self._listed(end + 1, vocabulary, frozenset())
            found[-1] = (found[-1][0], inner[-1][1] if inner else end)
        return [*_joined(found)] if vocabulary.is_head_first else found

    def _listed(self, at: int, vocabulary: Vocabulary, never: AbstractSet[str]) -> list[tuple[int, int]]:
        end = self._phrase_end(at, vocabulary, never)
        found, pending = [(at, end)] if end > at else [], list[tuple[int, int]]()
        while found and end < len(self.words) and (self.words[end].low == "," or self._joins(end, vocabulary)):
            is_last = self._joins(end, vocabulary)
            start = end + 1 + self._is_repeated(end + 1, vocabulary)
            end = self._phrase_end(start, vocabulary, never)
            if end == start:
                break
            pending.append((start, end))
            if is_last:
                found += pending
                pending = []
        return found

    def _is_repeated(self, at: int, vocabulary: Vocabulary) -> bool:
        return at < len(self.words) and self.words[at].low in vocabulary.repeated

    def _joins(self, at: int, vocabulary: Vocabulary) -> bool:
        return self.words[at].low in vocabulary.joiners

    def _phrase_end(self, at: int, vocabulary: Vocabulary, never: AbstractSet[str]) -> int:
        end = at
        while end < len(self.words) and self._goes_on(end, vocabulary, never, is_inside=end > at):
            end += 1
        if not vocabulary.is_spaced and end - at > vocabulary.longest:
            return at
        while end > at and _cannot_end(self.words[end - 1], vocabulary):
            end -= 1
        return end

    def _goes_on(self, at: int, vocabulary: Vocabulary, never: AbstractSet[str], *, is_inside: bool) -> bool:
        """Whether a phrase may hold word *at*; attributes only *inside* it, where each member of a list has its own."""
        if not vocabulary.is_spaced:
            opens_other = self.whole.lower().startswith(tuple(vocabulary.stops | never), self.words[at].start)
            return self.words[at].is_word and (not opens_other or self._is_inside(at, vocabulary.inner))
        word = self.words[at]
        if not word.is_word or word.low in never:
            return False
        if word.low in vocabulary.stops:
            return vocabulary.is_head_first and is_inside and word.low in vocabulary.attributes
        strict = vocabulary.inner_endings and word.text[0].islower()
        return not strict or word.low in vocabulary.inner or word.low.endswith(vocabulary.inner_endings)

    def _is_inside(self, at: int, listed: AbstractSet[str]) -> bool:
        """Whether the character *at* belongs to one of the words *listed*: the 和 of 柔和 joins nothing."""
        start = self.words[at].start
        return any(self.whole.startswith(one, start - n) for one in listed for n in range(min(len(one), start + 1)))


def _joined(members: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """*members*, a bare word with the one before: it may go on with that one, "notes de figue et cèdre"."""
    waiting = members[:1]
    for start, end in members[1:]:
        if end - start == 1 and start == waiting[0][1] + 1:
            waiting = [(waiting[0][0], end)]
            continue
        yield from waiting
        waiting = [(start, end)]
    yield from waiting


def _cannot_end(word: Word, vocabulary: Vocabulary) -> bool:
    if vocabulary.has_capital_nouns and word.text[0].islower():
        return True
    return word.low in vocabulary.trailing


def split_sentences(text: str, vocabulary: Vocabulary) -> list[Clause]:
    """The sentences of *text*, each without its final mark."""
    found, start = [], 0
    for end in [*_ENDS.finditer(text), None]:
        stop = end.start() if end else len(text)
        if end and end.group() == "." and _is_abbreviated(text[start:stop], vocabulary):
            continue
        tokens = _tokens(text, start, stop, vocabulary)
        if tokens:
            question = end is not None and bool(set("?？") & set(end.group()))
            found.append(Clause(text, tokens, vocabulary.is_spaced, question))
        start = end.end() if end else stop
    return found


def _is_abbreviated(text: str, vocabulary: Vocabulary) -> bool:
    """Whether the stop behind *text* is that of its last word: "z. B.", "inkl."; "0,75 l." ends a sentence."""
    last = re.search(r"(\d\s?°?)?([^\W\d_]+)$", text)
    return last is not None and not last[1] and (len(last[2]) == 1 or last[2].lower() in vocabulary.abbreviations)


def split_clauses(sentence: Clause, vocabulary: Vocabulary) -> Iterator[Clause]:
    """The parts of *sentence* between marks; a comma parts them only where no spaces divide words."""
    marks = _MARKS if not vocabulary.is_spaced else _MARKS.replace(",", "")
    part: list[Word] = []
    for token in [*sentence.words, None]:
        if token is not None and token.text not in marks:
            part.append(token)
            continue
        if part:
            yield Clause(sentence.whole, tuple(part), sentence.is_spaced, sentence.is_question)
        part = []


def _tokens(text: str, start: int, end: int, vocabulary: Vocabulary) -> tuple[Word, ...]:
    pattern = _spaced(vocabulary.elisions) if vocabulary.is_spaced else _UNSPACED
    found = [Word(match.group(), *match.span()) for match in pattern.finditer(text, start, end)]
    while found and not found[-1].is_word and found[-1].text not in ")%®™":
        found.pop()
    while found and not found[0].is_word:
        found.pop(0)
    return tuple(found)


@cache
def _spaced(elisions: frozenset[str]) -> regex.Pattern[str]:
    """Words and marks; what an apostrophe parts is two words: the "l'" and the "eau" of "l'eau"."""
    parted = "|".join(map(re.escape, sorted(elisions))) or r"(?!)"
    return regex.compile(rf"(?<![^\W_])(?i:{parted})['’](?=[^\W_])|{_SPACED.pattern}")


@lru_cache(maxsize=1 << 10)  # the words of all markers
def _length(phrase: str, *, is_spaced: bool) -> int:
    return len((_SPACED if is_spaced else _UNSPACED).findall(phrase))


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
