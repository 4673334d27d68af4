"""Chinese, which sets no spaces: a run of Han is grounded if it divides into known words."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from adloom.checks.lexicon import Lexicon
from adloom.checks.matching import Span
from adloom.checks.numbers import HAN_NUMERALS
from adloom.checks.words import HAN

_RUN = re.compile(f"[{HAN}]+")
_LONGEST = 12  #: characters of one word
_REACH = 6  #: characters that a negator denies
_NEAR = 2  #: ... one that belongs to a word


@dataclass(frozen=True)
class HanRow:
    """What a product's sources say in Han: text may take any two characters and more from it as they stand."""

    said: str  #: the runs, one a line; parted where a word must stay whole
    runs: Collection[str]  #: as they stand, of one character too: the 减 of 满200减20
    denials: Mapping[str, str]  #: a pair of characters that is only denied -> where
    claims: Mapping[str, str]  #: a pair that is only affirmed -> where
    lexicon: Lexicon

    def may_divide(self, part: str) -> bool:
        """Whether *part*, a claim or a number that was judged, may be part of a longer word: 羊毛 of 羊毛衣."""
        return set(part) <= set(HAN_NUMERALS) or (len(part) > 1 and part in self.said)

    def unknown(self, text: str) -> Iterator[Span]:
        """The parts of *text* that no division into known words covers, each as long as it can be."""
        for run in _RUN.finditer(text):
            if run.group() not in self.runs:
                yield from ((run.start() + a, run.start() + b) for a, b in self._gaps(run.group()))

    def opposed(self, text: str) -> Iterator[tuple[Span, str]]:
        """Each part of *text* that it affirms and the row denies, or the other way, and where the row does."""
        found: list[tuple[Span, str]] = []
        for pair, (start, end), is_denied in _pairs(text, self.lexicon):
            against = self.claims if is_denied else self.denials
            if pair in against and pair not in self.lexicon.free:
                goes_on = bool(found) and found[-1][0][1] > start
                found.append(((found.pop()[0][0] if goes_on else start, end), against[pair]))
        return iter(found)

    def _gaps(self, run: str) -> Iterator[Span]:
        """Divide *run* so that the fewest characters stay unknown, in as few words as can be (dynamic programming)."""
        best: list[tuple[int, int, int, bool]] = [(0, 0, 0, True)]  # unknown characters, words; last: start, known
        said = 0
        for end in range(1, len(run) + 1):
            said = self._said_before(run, end, said)
            ways = [
                (best[start][0], best[start][1] + 1, start, True)
                for start in range(max(0, end - _LONGEST), end)
                if 1 < end - start <= said or self._lists(run[start:end])
            ]
            ways.append((best[end - 1][0] + 1, best[end - 1][1] + 1, end - 1, False))
            best.append(min(ways))
        gaps, end = list[Span](), len(run)
        while end:
            _, _, start, is_known = best[end]
            if not is_known:
                gaps.append((start, gaps.pop()[1] if gaps and gaps[-1][0] == end else end))
            end = start
        return reversed(gaps)

    def _said_before(self, run: str, end: int, before: int) -> int:
        """How many characters of *run* up to *end* the row says together, one at least; *before*: up to the last one.

        They are one more than *before* at most: so a text costs two searches of the row for each character, not one
        for each of its parts.
        """
        length = min(before + 1, _LONGEST)
        while length > 1 and run[end - length : end] not in self.said:
            length -= 1
        return length

    def _lists(self, word: str) -> bool:
        if len(word) == 1:
            return word in self.lexicon.function or word in HAN_NUMERALS
        return word in self.lexicon.free


def read_row(sources: Collection[str], lexicon: Lexicon) -> HanRow:
    """What *sources* say in Han."""
    denied, affirmed = dict[str, str](), dict[str, str]()
    for source in sources:
        for sentence in map(str.strip, re.split(r"[。！？；\n.!?;]", source)):
            for pair, _, is_denied in _pairs(sentence, lexicon):
                (denied if is_denied else affirmed).setdefault(pair, sentence)
    runs = [run.group() for source in sources for run in _RUN.finditer(source)]
    parted = re.sub(_fixed(lexicon), r"\n\g<0>\n", "\n".join(runs))
    return HanRow(
        said="\n".join(dict.fromkeys(parted.split("\n"))),
        runs=frozenset(runs),
        denials={pair: where for pair, where in denied.items() if pair not in affirmed},
        claims={pair: where for pair, where in affirmed.items() if pair not in denied},
        lexicon=lexicon,
    )


def _pairs(text: str, lexicon: Lexicon) -> Iterator[tuple[str, Span, bool]]:
    """Every two neighbouring characters, their place, and whether a negator reaches them."""
    plain = re.sub(_fixed(lexicon), lambda found: " " * len(found.group()), text)
    reaches = {**dict.fromkeys(lexicon.negation.prefixes, _NEAR), **dict.fromkeys(lexicon.negation.negators, _REACH)}
    negator = re.compile("|".join(sorted(map(re.escape, reaches), key=len, reverse=True)))
    for run in _RUN.finditer(plain):
        denied_to, taken = 0, set[int]()
        for found in negator.finditer(run.group()):
            taken |= {*range(*found.span())}
        for at in range(len(run.group()) - 1):
            if found_here := negator.match(run.group(), at):
                denied_to = max(denied_to, found_here.end() + reaches[found_here.group()])
            if not taken & {at, at + 1}:
                start = run.start() + at
                yield plain[start : start + 2], (start, start + 2), at + 2 <= denied_to


def _fixed(lexicon: Lexicon) -> str:
    return "|".join(map(re.escape, sorted(lexicon.negation.fixed, key=len, reverse=True))) or "(?!)"
