"""Which of a brief's audiences a text is for.

The text alone decides, so that the items of one product share few lines although none of them knows the others: a text
belongs to the audience whose words it answers, else to one by its hash, or to the commons, from which each may borrow.
"""

import math
import re
from collections.abc import Collection, Sequence
from hashlib import blake2b

from adloom.checks.lexicon import Lexicon, load_lexicon
from adloom.checks.words import HAN
from adloom.core.brief import Brief

BORROWED = 0.3  #: of an item's texts, at most: two audiences share nothing but what both have borrowed
_LENT = BORROWED / (1 - BORROWED)
_COMMONS = ""  #: owns what no audience does; no audience is called that
_ANSWERED = 2  #: words of its audience that a text answers well with
_LETTERS = re.compile(r"[^\W\d_]{3,}")


class Readers:
    """The audiences of a brief and the words that answer them; words of *names* answer none: every text has them."""

    def __init__(self, brief: Brief, language: str, names: Collection[str]) -> None:
        self._lexicon = load_lexicon(language)
        self._own = brief.audience
        self._divided = brief.own_audience is not None
        named = self._stems(" ".join(names))
        wishes = {one.name: " ".join([one.name, *one.values]) for one in brief.audiences}
        known = wishes if self._divided else {brief.audience: brief.audience}
        self._words = {name: self._stems(text) - named for name, text in known.items()}

    def answered(self, text: str) -> float:
        """How well *text* answers its own audience, 0 to 1."""
        return min(1.0, len(self._stems(text) & self._words[self._own]) / _ANSWERED)

    def owns(self, text: str) -> bool:
        """Whether *text* is this audience's alone; all are where the brief has no others."""
        return not self._divided or self._owner(text) == self._own

    def may_lend(self, text: str) -> bool:
        """Whether *text* is nobody's, so that any audience may borrow it."""
        return self._divided and self._owner(text) == _COMMONS

    def _owner(self, text: str) -> str:
        """Who has *text*: whom most of its words answer, else whom its hash chooses among those it answers alike.

        Source: Schindelhauer and Schomaker 2005, "Weighted Distributed Hash Tables", section 4 (the logarithmic
        method), https://doi.org/10.1145/1073970.1074008
        """
        stems = self._stems(text)
        answers = {name: len(stems & words) for name, words in self._words.items()}
        most = max(answers.values())
        rivals = [name for name, count in answers.items() if count == most]
        line = " ".join(re.findall(r"\w+", text.casefold()))
        return min([*rivals, _COMMONS] if most == 0 else rivals, key=lambda name: _distance(name, line))

    def _stems(self, text: str) -> frozenset[str]:
        """What *text* says: its words without inflection and small words; of Han, every two characters."""
        pairs = [run[n : n + 2] for run in re.findall(rf"[{HAN}]{{2,}}", text) for n in range(len(run) - 1)]
        return frozenset([*pairs, *_spaced(text, self._lexicon)])


def _spaced(text: str, lexicon: Lexicon | None) -> Sequence[str]:
    if lexicon is None:
        return [word.casefold() for word in _LETTERS.findall(text)]
    return [
        token.stem for token in lexicon.tokenizer.tokens(text) if token.is_word and token.low not in lexicon.function
    ]


def _distance(name: str, line: str) -> float:
    """How far *line* is from *name*, by chance; the commons attract no more lines than one audience may borrow."""
    drawn = int.from_bytes(blake2b(f"{name}\0{line}".encode(), digest_size=8).digest(), "big")
    return -math.log((drawn + 1) / (2**64 + 1)) / (_LENT if name == _COMMONS else 1.0)


def may_borrow(texts: int) -> int:
    """How many texts an item with so many of its own may borrow at most: `BORROWED` of all that it then has."""
    return int(_LENT * texts + 1e-9)  # 3 of 10 is 3, whatever the last bit says
