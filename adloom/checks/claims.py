"""What a text claims, promises or quotes: superlatives, effects, other people's praise, a last chance."""

import re
from collections.abc import Iterator

from adloom.checks.matching import SPACED, Span, folded, outside, spans
from adloom.checks.ranks import ranks
from adloom.checks.setting import Setting
from adloom.checks.wording import find_wording

_STARS = r"(?:stars?|sternen?|étoiles?|estrellas?)"
_PRAISE = re.compile(
    rf"""
      [★☆⭐🌟✩✭✮✯]+
    | (?<![\w.,])[0-5][.,]\d\s?(?:/|out\sof|of|von|sur|de)\s?5(?![\w%]|[.,]\d)           # 4.7/5
    | (?<![\w.,])[1-5]\s?(?:/|out\sof|of|von|sur|de)\s?5[\s-]{_STARS}(?!{SPACED})        # 5 out of 5 stars
    | (?<![\w.,])[45](?:[.,]\d)?[\s-]?{_STARS}(?!{SPACED})                               # 5-star, 4.8 stars
    | (?<![\w.,])[45](?:[.,]\d)?\s?(?:颗星|星(?![级期座光空辰球]))
    | \d[\d.,]{{0,14}}\s?k?\+?\s(?:{SPACED}{{1,20}}\s){{0,2}}
        (?:reviews|ratings|bewertungen|rezensionen|avis|reseñas|opiniones)(?!{SPACED})
    | ["“„«「][^"“”„«»「」]{{8,}}["“”»」](?:\s?[–—~]{{1,2}}|\s-)\s?\w+                           # "So warm!" – Ada
    | ["“„«][^"“”„«»]{{7,}}[.!]\s?["“”»]\s(?-i:[A-ZÀ-ÖØ-Þ])\w+                           # "So warm." Ada, Leeds
        (?:\s(?-i:[A-Z])\.?(?!\w)|,|\s\(|\s?$)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def superlatives(text: str, setting: Setting) -> Iterator[Span]:
    """To be the best, the most sold or the only one, or ahead of all others somewhere."""
    return _ranked(["best", "exclusive"], text, setting)


def supported_claims(text: str, setting: Setting) -> Iterator[Span]:
    """Superlatives, guarantees and effects: what someone has to prove."""
    return _ranked(["best", "claims"], text, setting)


def _ranked(topics: list[str], text: str, setting: Setting) -> Iterator[Span]:
    """Ranks, and the words of *topics* outside of them."""
    ranked = [*ranks(text, setting.language)]
    yield from ranked
    yield from outside(find_wording(topics, text, setting.language), ranked)


def pressure(text: str, setting: Setting) -> Iterator[Span]:
    """Calls to hurry."""
    return find_wording(["pressure"], text, setting.language)


def reviews(text: str, setting: Setting) -> Iterator[Span]:
    """Stars, ratings, and what customers say."""
    praise = [*spans(_PRAISE, folded(text))]
    yield from praise
    yield from outside(find_wording(["reviews"], text, setting.language), praise)
