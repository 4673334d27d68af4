"""Break text into balanced lines and find the largest size at which it fits."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from generators.banner.fonts import Style, advance, cap_height

_CLINGING = frozenset(
    {"a", "an", "the", "and", "or", "of", "for", "in", "on", "at", "to", "by", "with", "your", "our", "&"}
    | {"de", "la", "le", "les", "des", "du", "et", "der", "die", "das", "und", "für"}
)


@dataclass(frozen=True)
class Paragraph:
    """Lines of one text in one style; *leading* is the distance of their baselines in pixels."""

    lines: tuple[str, ...]
    style: Style
    size: float
    leading: float

    @property
    def widths(self) -> tuple[float, ...]:
        return tuple(advance(line, self.style, self.size) for line in self.lines)

    @property
    def cap(self) -> float:
        return cap_height(self.style, self.size)

    @property
    def height(self) -> float:
        """From the top of the first line's capitals to the last baseline."""
        return self.cap + (len(self.lines) - 1) * self.leading


def paragraph(
    text: str, style: Style, size: float, *, width: float, max_lines: int, leading: float = 1.12
) -> Paragraph | None:
    """*text* set at *size* within *width*, or None where it needs more than *max_lines*."""
    lines = break_lines(text, lambda line: advance(line, style, size), width=width, max_lines=max_lines)
    return None if lines is None else Paragraph(lines, style, size, leading * size)


def break_lines(text: str, measure: Callable[[str], float], *, width: float, max_lines: int) -> tuple[str, ...] | None:
    """The fewest lines that fit, broken so that they are of like length.

    No word is split, and none stands alone on the last line or dangles before a break ("with / your") where another
    break avoids it.  None: *text* does not fit *max_lines* lines of *width*.
    """
    words = text.split()
    for count in range(1, min(max_lines, len(words)) + 1):
        best = _best_breaks(words, measure, width=width, count=count)
        if best is not None:
            return best
    return None


def _best_breaks(
    words: list[str], measure: Callable[[str], float], *, width: float, count: int
) -> tuple[str, ...] | None:
    """Dynamic programme over the ends of lines: least raggedness for exactly *count* lines."""
    size = len(words)
    cost: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]  # per line count: end -> (cost, start of last line)
    for number in range(1, count + 1):
        row: dict[int, tuple[float, int]] = {}
        for start, (before, _) in cost[-1].items():
            for end in range(start + 1, size - (count - number) + 1):
                length = measure(" ".join(words[start:end]))
                if length > width:
                    break
                total = before + _raggedness(words, start, end, length / width)
                if end not in row or total < row[end][0]:
                    row[end] = (total, start)
        cost.append(row)
    if size not in cost[count]:
        return None
    ends = [size]
    for number in range(count, 0, -1):
        ends.append(cost[number][ends[-1]][1])
    return tuple(" ".join(words[start:end]) for start, end in pairwise(reversed(ends)))


def _raggedness(words: list[str], start: int, end: int, fill: float) -> float:
    last = end == len(words)
    lonely = 0.5 if last and start > 0 and end - start == 1 and len(words) > 2 else 0.0
    dangling = 0.35 if not last and words[end - 1].casefold() in _CLINGING else 0.0
    return (1.0 - fill) ** 2 + lonely + dangling


def largest(fits: Callable[[float], bool], low: float, high: float, *, steps: int = 9) -> float | None:
    """The largest scale in *low*..*high* that *fits*, by bisection; None where even *low* does not."""
    if not fits(low):
        return None
    if fits(high):
        return high
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
