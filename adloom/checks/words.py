"""Words as a language writes them: where they begin and end, their stems, and the parts of a compound."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

Stemmer = Callable[[str], str]

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_MARKS = ".!?;,:|–—。！？；，：、"
_WORD = re.compile(rf"#?\d+(?:[.,:]\d+)*%?|(?<=\d)x(?=\d)|[^\W\d_](?:[\w&'’]|-(?=\w))*|[{_MARKS}]")
_BESIDE_HAN = re.compile(
    rf"#?\d+(?:[.,:]\d+)*%?|(?<=\d)x(?=\d)|[^\W\d_{HAN}](?:[^\W{HAN}]|[&'’]|-(?=[^\W{HAN}]))*|[{_MARKS}]"
)
_LETTERS = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "’": "'"})
_SHORTEST_PART = 3
_SHORTEST_EDGE = 4  #: letters of a part that is known by where it stands in a compound
_LONGEST_EDGE = 40  #: bounded: or the edges of a word cost the square of its length
_LONGEST_COMPOUND = 60  #: letters; a longer word is divided into no parts


class Token(NamedTuple):
    """A word, a number or a mark, and its half-open place in the text."""

    text: str
    low: str  #: as the lexicon lists it
    stem: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def is_mark(self) -> bool:
        return self.text in _MARKS


@dataclass(frozen=True)
class Inflection:
    """How words of a language change: the table [words] of its lexicon."""

    endings: tuple[tuple[str, str], ...]  #: what goes, what takes its place; tried in order
    shortest: int  #: letters that are left at least
    undouble: bool  #: "bonn" of "bonne" is "bon"

    def stem(self, word: str) -> str:
        """*word* without accents and endings, until none is left to take."""
        low = plain_letters(word)
        while (shorter := self._shorten(low)) != low:
            low = shorter
        return low

    def _shorten(self, low: str) -> str:
        for ending, instead in self.endings:
            if low.endswith(ending) and len(shorter := low.removesuffix(ending) + instead) >= self.shortest:
                return shorter
        doubled = self.undouble and len(low) > self.shortest and low[-1] == low[-2]
        return low[:-1] if doubled else low


def plain_letters(word: str) -> str:
    """*word* in lower case without accents.

    >>> plain_letters("Größe"), plain_letters("Crème"), plain_letters("Cœur")
    ('grosse', 'creme', 'coeur')
    """
    low = word.lower().translate(_LETTERS)
    if low.isascii():
        return low
    return "".join(char for char in unicodedata.normalize("NFD", low) if not unicodedata.combining(char))


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """An English *word* without its inflection, crudely: enough to know "boots" by "boot".

    >>> stem("Boots"), stem("carrying"), stem("carries"), stem("fitted"), stem("Daybird's")
    ('boot', 'carry', 'carry', 'fit', 'daybird')
    """
    low = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    for ending in ("ing", "ed", "es", "s", "ly"):
        if low.endswith(ending) and len(low) - len(ending) >= 3 and not low.endswith("ss"):
            low = low.removesuffix(ending)
            break
    if len(low) > 3 and low[-1] == low[-2] and low[-1] not in "aeiouls":
        low = low[:-1]
    return low.removesuffix("e") if len(low) > 3 else low


@dataclass(frozen=True)
class Tokenizer:
    """Takes texts of one language apart."""

    stem: Stemmer
    accents: bool  #: whether the lexicon keeps them, as English does
    elisions: frozenset[str]  #: what an apostrophe parts from the word that follows: the l of "l'eau"
    is_han: bool

    def low(self, word: str) -> str:
        """*word* as the lexicon lists it."""
        return word.lower().replace("’", "'") if self.accents else plain_letters(word)

    def tokens(self, text: str) -> list[Token]:
        """The words, numbers and marks of *text*, in reading order; runs of Han are left out where they are words."""
        return [*self._tokens(text)]

    def _tokens(self, text: str) -> Iterator[Token]:
        for found in (_BESIDE_HAN if self.is_han else _WORD).finditer(text):
            word, start = found.group(), found.start()
            head = re.split("['’]", word, maxsplit=1)[0] if self.elisions else word
            if head != word and head.lower() in self.elisions:
                yield self._token(head, start)
                word, start = word[len(head) + 1 :], start + len(head) + 1
            if word:
                yield self._token(word, start)

    def _token(self, word: str, start: int) -> Token:
        return Token(word, self.low(word), self.stem(word), start, start + len(word))


def edges(word: str, before_end: int = 1) -> Iterator[str]:
    """What *word* begins with, and what it ends with after *before_end* letters at least; nothing too short to tell
    or longer than any part.

    >>> [*edges("lederei", 3)]
    ['lede', 'leder', 'ledere', 'lederei', 'erei']
    """
    yield from (word[:cut] for cut in range(_SHORTEST_EDGE, min(len(word), _LONGEST_EDGE) + 1))
    first = max(before_end, len(word) - _LONGEST_EDGE)
    yield from (word[cut:] for cut in range(first, len(word) - _SHORTEST_EDGE + 1))


def can_divide(word: str, knows: Callable[[str], bool], links: tuple[str, ...]) -> bool:
    """Whether *word* is a compound of parts that are known, perhaps with a linking ending between them.

    >>> can_divide("winterstiefel", {"winter", "stiefel"}.__contains__, ("s",))
    True
    """

    @cache
    def ends_well(start: int) -> bool:
        if start == len(word):
            return True
        for end in range(len(word), start + _SHORTEST_PART - 1, -1):
            if knows(word[start:end]) and any(ends_well(after) for after in _afters(word, end, links)):
                return True
        return False

    return len(word) <= _LONGEST_COMPOUND and ends_well(0)


def _afters(word: str, end: int, links: tuple[str, ...]) -> Iterator[int]:
    yield end
    yield from (end + len(link) for link in links if word.startswith(link, end) and end + len(link) < len(word))
