"""Titles of apps and products: what they are called, and nothing else."""

import re
from collections.abc import Iterator

from adloom.checks.matching import SPACED, Span, folded, spans
from adloom.checks.prices import prices
from adloom.checks.setting import Setting
from adloom.checks.wording import find_wording

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|januar|februar|märz|mai|juni|juli|oktober|dezember"
    "|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_DATE = re.compile(
    rf"""
      (?<![\w.])(?:\d{{1,2}}[./-]\d{{1,2}}[./-]20\d\d|20\d\d[./-]\d{{1,2}}[./-]\d{{1,2}})(?![\w-])
    | (?<!{SPACED})(?:{_MONTHS})\s\d{{1,2}}(?:st|nd|rd|th)?(?![\w-])
    | (?<![\w.])\d{{1,2}}(?:st|nd|rd|th|\.)?\s(?:of\s|de\s)?(?:{_MONTHS})(?!{SPACED})
    | \d{{1,2}}月\d{{1,2}}[日号]
    """,
    re.VERBOSE | re.IGNORECASE,
)


def ranked_title(text: str, setting: Setting) -> Iterator[Span]:
    """To be the best, the top, free, or free of advertisements, in a title."""
    if _is_title(setting):
        yield from find_wording(["best", "top", "free", "no_ads"], text, setting.language)


def calling_title(text: str, setting: Setting) -> Iterator[Span]:
    """Calls to act in a title."""
    if _is_title(setting):
        yield from find_wording(["title_call"], text, setting.language)


def promotional_title(text: str, setting: Setting) -> Iterator[Span]:
    """Prices, offers, dates, pressure and exclamation marks in a title."""
    if _is_title(setting):
        yield from prices(text, setting)
        yield from find_wording(["shipping", "occasions", "pressure"], text, setting.language)
        yield from spans(_DATE, folded(text))
        yield from spans(re.compile("!"), folded(text))


def _is_title(setting: Setting) -> bool:
    return setting.field.name == "title"
