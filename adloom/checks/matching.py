"""Finds words in text as a reader would: in any width and case, whole words, also where no space divides them."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

Span = tuple[int, int]
#: the span of what a text lacks
NOWHERE: Span = (0, 0)

#: a character of a word that spaces divide: Chinese, Japanese, Korean and Thai run on
SPACED = r"[^\W\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af]"


@lru_cache(maxsize=8)  # a text is asked for many terms
def folded(text: str, *, case: bool = False) -> str:
    """*text* with full-width and other compatibility forms made plain, each in its place: spans stay valid.

    *case*: fold case too.
    """
    if text.isascii():
        return text.lower() if case else text
    return "".join(_fold(char, case=case) for char in text)


def _fold(char: str, *, case: bool) -> str:
    plain = unicodedata.normalize("NFKC", char)
    plain = plain.casefold() if case else plain
    return plain if len(plain) == 1 else char


def spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """Every place where *text* has *pattern*."""
    return (found.span() for found in pattern.finditer(text))


def outside(found: Iterable[Span], others: Collection[Span]) -> Iterator[Span]:
    """Those of *found* that none of *others* covers."""
    return (span for span in found if not is_inside(span, others))


def of_language(known: Collection[str], language: str) -> list[str]:
    """Which of the *known* languages a text in *language* is held against: all where it is empty or none of them.

    *language* is BCP 47; its region is ignored.
    """
    own = language.partition("-")[0].casefold()
    return [own] if own in known else [*known]


def find_term(term: str, text: str) -> Iterator[Span]:
    """Every place where *text* has *term* as whole words, in any case and width."""
    return spans(_pattern(term), folded(text, case=True))


def find_names(names: Collection[str], text: str) -> list[Span]:
    """Every place where *text* has one of *names* exactly as it is written."""
    return [found.span() for name in names if name for found in re.finditer(_whole(re.escape(name), name), text)]


def is_inside(span: Span, others: Collection[Span]) -> bool:
    """Whether one of *others* covers *span*."""
    return any(start <= span[0] and span[1] <= end for start, end in others)


@lru_cache(maxsize=4096)
def _pattern(term: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in re.split(r"[\s-]+", folded(term, case=True)) if word]
    return re.compile(_whole(r"[\s-]+".join(words), term)) if words else re.compile(r"(?!)")


def _whole(pattern: str, term: str) -> str:
    before, after = edges(term)
    return before + pattern + after


def edges(term: str) -> tuple[str, str]:
    """What stands before and after a pattern of *term*, so that its first and last word are no parts of longer ones."""
    before = f"(?<!{SPACED})" if re.match(SPACED, term) else ""
    after = f"(?!{SPACED})" if re.match(SPACED, term[-1:]) else ""
    return before, after
