"""Tells a text that was written anew from one that repeats what its writer has read."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from adloom.checks.words import HAN

_WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+(?:['’][^\W_{HAN}]+)*")
_SHORTEST = 3  #: words in a row; fewer are common speech: "with a"
_LONGEST = 16  #: words in a row that are told apart
REPEATED = 0.8  #: from this share on, a text is the example over again


class Memory:
    """The examples that a text must not repeat; words of *names* count for none: every text names its product."""

    def __init__(self, examples: Iterable[str], names: Iterable[str]) -> None:
        self._runs = _runs_of(tuple(examples))
        self._named = frozenset(word for name in names for word in _words(name))

    def share(self, text: str) -> float:
        """The longest run of words that *text* has from one of the examples, as a share of its words.

        A longer run counts `_LONGEST` words.  0 where the run is shorter than `_SHORTEST` words.

        Source: the longest common n-gram as a sign of memorisation: Carlini et al. 2023, "Quantifying Memorization
        Across Neural Language Models", section 3, https://arxiv.org/abs/2202.07646
        """
        words = _words(text)
        own = self._count(words)
        longest = max((self._count(run) for run in self._common(words)), default=0)
        return longest / own if own else 0.0

    def repeats(self, text: str) -> bool:
        """Whether *text* is for the most part one of the examples."""
        return self.share(text) >= REPEATED

    def _common(self, words: Sequence[str]) -> Iterator[Sequence[str]]:
        """For each place in *words* the longest run from there that an example has too."""
        for start in range(len(words)):
            end = start
            while end < min(len(words), start + _LONGEST) and tuple(words[start : end + 1]) in self._runs:
                end += 1
            if end - start >= _SHORTEST:
                yield words[start:end]

    def _count(self, words: Collection[str]) -> int:
        return sum(word not in self._named for word in words)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


@lru_cache(maxsize=16)  # the items of a job have the same examples
def _runs_of(examples: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(run for example in examples for run in _runs(_words(example)))


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST) + 1):
            yield tuple(words[start:end])
