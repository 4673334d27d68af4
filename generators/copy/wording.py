"""Spelling of finished lines: capitals, spaces, marks."""

import re
import unicodedata

import regex

from adloom.checks.words import HAN
from generators.copy.measures import UNITS

_SMALL = frozenset(re.findall(r"\S+", "a an the and or but nor of for with in on to by at as per via & vs"))


def title_case(text: str) -> str:
    """*text* with capitals as in a headline; words that have capitals of their own keep them.

    >>> title_case("boots with an anti-fog lens: made for two")
    'Boots With an Anti-Fog Lens: Made for Two'
    >>> title_case("easy-to-read built-in clock")
    'Easy-to-Read Built-In Clock'
    >>> title_case("mug: 350 ml, 46 cm tall")
    'Mug: 350 ml, 46 cm Tall'
    """
    words = text.split(" ")
    out = []
    for at, word in enumerate(words):
        opens = at == 0 or words[at - 1].endswith((":", ".", "!", "?", "–"))
        ends = at == len(words) - 1 or word.endswith((":", ".", "!", "?"))
        if _is_unit(words[at - 1] if at else "", word):
            out.append(word)
            continue
        small = word.lower() in _SMALL and not opens and not ends and not (word.lower() == "with" and len(words) > 2)
        out.append(word if small else "-".join(_part(part, n) for n, part in enumerate(word.split("-"))))
    return " ".join(out)


def _is_unit(before: str, word: str) -> bool:
    """Whether *word* is the unit of the number *before*: 350 ml, 46 cm, whose letters never change."""
    return before[-1:].isdigit() and len(word) <= 3 and word.lower().rstrip(".,:") in UNITS


def _part(part: str, number: int) -> str:
    """One part of a hyphenated word: "Easy-to-Read", but "Built-In"."""
    return part if number and part in ("to", "of", "and", "the", "a") else capitalised(part)


def capitalised(text: str) -> str:
    """*text* with a capital first letter, unless a capital follows it ("iPhone")."""
    return text if text[1:2].isupper() else text[:1].title() + text[1:]  # not upper(): "ﬁne" would become "FIne"


def closed(text: str) -> str:
    """*text* without the spaces beside Han, where no word needs one; a Latin word keeps its own.

    >>> closed("云朵 陶瓷马克杯 350ml， Trail 3 登山鞋")
    '云朵陶瓷马克杯 350ml，Trail 3 登山鞋'
    """
    return re.sub(rf"(?<=[{HAN}]) +(?=[{HAN}，。：、])|(?<=[，。：、]) +", "", text)


def normalised(text: str) -> str:
    """A line as it would be typed: composed characters, plain quotes, single spaces, no list marks around it."""
    text = unicodedata.normalize("NFC", text).translate(str.maketrans("“”„«»‘’‚", '"""""\'\'\''))
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"^(?:[-*•]|\d{1,2}[.)])\s+", "", text)
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].strip()
    return re.sub(r"\s+([,.;:!?])", r"\1", text)


def is_whole(text: str) -> bool:
    """Whether *text* holds whole characters only, as readers see them: no accent, joiner or half of a flag by itself.

    Source: grapheme clusters, Unicode Standard Annex 29, https://www.unicode.org/reports/tr29/

    >>> is_whole("Café"), is_whole("\u0301e"), is_whole("\U0001f469\u200d"), is_whole("\U0001f1e9")
    (True, False, False, False)
    """
    return _BROKEN.search(text) is None


_BROKEN = regex.compile(
    r"^[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}\p{GCB=V}\p{GCB=T}]"  # joins what is not there
    r"|[\p{GCB=ZWJ}\p{GCB=Prepend}\p{GCB=L}]$"
    r"|(?<!\p{RI})(?:\p{RI}{2})*+\p{RI}(?!\p{RI})"
    r"|[^\P{Cc}\n]|[\p{Cs}\p{Co}\p{Cn}]"  # controls, halves of pairs, and what is no character to anyone else
)
