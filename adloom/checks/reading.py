"""Reads a text as a person does: past what stands between or instead of characters to hide a word from a program."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from adloom.checks.matching import SPACED, Span

#: a full stop ends no sentence inside a word or before a number, a line none where the next goes on in lower case
_END = re.compile(r"[。！？；：，、｡､!?]|\.(?=\s+[^\s\d]|\s*$)|[\r\n\v\f\x85\u2028\u2029](?!\s{0,8}[a-z])")
_BARE = re.compile(r"[^\W_]|[%#.,\n]")
_NO_NUMBER = re.compile(r"(?<=\D)%|#(?=\D)|(?<!\d)[.,]|[.,](?!\d)")
_LETTER = rf"(?!_){SPACED}"
_RUNS_ON = re.compile(rf"(?<={SPACED})(?<!_){_LETTER}|(?<=\d)[.,]\d|(?<=\d[.,])\d")
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")  # letters by their category, and blank


@dataclass(frozen=True)
class Reading:
    """One text at two depths; every character of the one knows its place in the other.

    *plain* is lower case without accents, widths and invisible characters; a line break stands where a clause ends.
    *bare* is the letters and numbers of it alone, with those line breaks.
    """

    plain: str
    places: tuple[int, ...]  #: where in the text each character of *plain* stands
    bare: str
    origins: tuple[int, ...]  #: where in *plain* each character of *bare* stands

    def find(self, words: re.Pattern[str]) -> Iterator[tuple[str, Span]]:
        """Every place in *bare* that *words* match and that neither begins nor ends inside a word or a number.

        What was found, and its span in the text.
        """
        for found in words.finditer(self.bare):
            start, end = self.origins[found.start()], self.origins[found.end() - 1] + 1
            if not (_RUNS_ON.match(self.plain, start) or _RUNS_ON.match(self.plain, end)):
                yield found.group(), self._span(start, end)

    def find_plain(self, pattern: re.Pattern[str]) -> Iterator[tuple[str, Span]]:
        """Every place in *plain* that *pattern* matches: what was found, and its span in the text."""
        matches = (found for found in pattern.finditer(self.plain) if found.group())
        return ((found.group(), self._span(*found.span())) for found in matches)

    def _span(self, start: int, end: int) -> Span:
        return self.places[start], self.places[end - 1] + 1


def read(text: str, variants: Mapping[str, str]) -> Reading:
    """Read *text*; *variants* are characters that count as others, as traditional ones as simplified."""
    ends = {found.start() for found in _END.finditer(text)}
    seen = [
        (variants.get(one, one), place)
        for place, char in enumerate(text)
        for one in ("\n" if place in ends else _seen(char))
    ]
    plain = "".join(char for char, _ in seen)
    origins = [found.start() for found in _BARE.finditer(plain)]
    bare = "".join(plain[origin] for origin in origins)
    drop = {found.start() for found in _NO_NUMBER.finditer(bare)}
    return Reading(
        plain=plain,
        places=tuple(place for _, place in seen),
        bare="".join(char for at, char in enumerate(bare) if at not in drop),
        origins=tuple(origin for at, origin in enumerate(origins) if at not in drop),
    )


@lru_cache(maxsize=4096)
def _seen(char: str) -> str:
    """What a reader sees in *char*: plain characters, or nothing."""
    kinds = [(one, unicodedata.category(one)) for one in unicodedata.normalize("NFKD", char).casefold()]
    return "".join(
        " " if one.isspace() else "-" if kind == "Pd" else one
        for one, kind in kinds
        if kind not in {"Mn", "Me", "Cf"} and one not in _UNSEEN
    )
