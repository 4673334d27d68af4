"""Would an advertisement pass?  A judge that shares nothing with what generates or filters the texts it judges."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from bench.judge_order import disorder
from bench.judge_row import Number, Row, denials, read_numbers
from bench.judge_words import Token, load_words, stem, tokens

MOST_PRODUCTS = 3  #: that may have the same line
_PUNCTUATION = re.compile(r"[!?.,;:]{2,}|(?:[.!?] ){2,}|\s[,.;:!?]|^[,.;:!?]|…{2,}|^\s|\s$|\s{2,}")
_GIMMICKS = re.compile(r"[~*_=<>|^\\{}\[\]#@]|(?<!\w)(?:\w[-. ]){3,}\w(?!\w)|(?<=[a-z])[0-9@$](?=[a-z])")
_ADDRESS = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|net|org|io|shop|store|co|de|fr|cn)\b|\S+@\S+", re.IGNORECASE)
_PHONE = re.compile(r"\+?\d[\d\s().-]{5,}\d")
_PHONE_DIGITS = 7
_PICTURES = frozenset("™®©°")  #: symbols to Unicode that are no pictures


class Part(StrEnum):
    """What a text can fail."""

    LIMITS = "limits"
    RULES = "rules"
    GROUNDED = "grounded"
    READABLE = "readable"
    DISTINCT = "distinct"


class Fault(NamedTuple):
    """One thing that is wrong with a text."""

    part: Part
    why: str


@dataclass(frozen=True)
class Line:
    """A text, where it stands and what it is about; *product* names the row among others."""

    product: str
    field: str
    text: str
    row: Row


class Judge:
    """Judges texts for *channel*.

    Raises:
        ValueError: the judge does not know the limits of *channel*.
    """

    def __init__(self, channel: str) -> None:
        limits = load_words().limits
        if channel not in limits:
            raise ValueError(f"the judge knows the limits of {', '.join(limits)}; not of {channel}")
        self._limits = limits[channel]
        self._width = {"google": google_width, "microsoft": microsoft_width}[channel.partition("_")[0]]

    def faults(self, line: Line) -> list[Fault]:
        """What is wrong with *line* by itself."""
        is_headline = "headline" in line.field
        found = tokens(line.text)
        return [
            *(Fault(Part.LIMITS, why) for why in self._excess(line)),
            *(Fault(Part.RULES, why) for why in _breaches(line.text, found, line.row, is_headline=is_headline)),
            *(Fault(Part.GROUNDED, why) for why in _inventions(line.text, found, line.row)),
            *(Fault(Part.READABLE, why) for why in disorder(found, line.row, is_headline=is_headline)),
        ]

    def faults_of_all(self, lines: Sequence[Line]) -> list[list[Fault]]:
        """What is wrong with each of *lines*, repetitions among them included."""
        products = defaultdict[str, set[str]](set)
        for line in lines:
            products[plain(line.text)].add(line.product)
        seen = Counter[tuple[str, str]]()
        found = []
        for line in lines:
            key = plain(line.text)
            seen[line.product, key] += 1
            why = ["said before"] * (seen[line.product, key] > 1)
            why += [f"said of {len(products[key])} products"] * (len(products[key]) > MOST_PRODUCTS)
            found.append([*self.faults(line), *(Fault(Part.DISTINCT, one) for one in why)])
        return found

    def _excess(self, line: Line) -> Iterator[str]:
        width, limit = self._width(line.text), self._limits.get(line.field, 0)
        if not line.text.strip():
            yield "empty"
        elif width > limit:
            yield f"{width} of {limit}"


def plain(text: str) -> str:
    """*text* as a reader compares it: without capitals and marks.

    >>> plain("Light & Warm.") == plain("light and warm")
    True
    """
    words = (token for token in tokens(text) if token.is_word or token.is_number or token.text in "&%")
    return " ".join("and" if token.text == "&" else token.low for token in words)


def google_width(text: str) -> int:
    """Google Ads' display width: wide characters are 2, Devanagari's signs above and below 0, others 1.

    Per UTF-16 unit, so a picture outside the basic plane is 4.  Source: https://support.google.com/admob/answer/6177141
    """
    return sum(_google_width_of(char) for char in text)


def _google_width_of(char: str) -> int:
    if unicodedata.category(char) == "Mn" and "\u0900" <= char <= "\u097f":
        return 0
    return 4 if ord(char) > 0xFFFF else 2 if unicodedata.east_asian_width(char) in "WF" else 1


def microsoft_width(text: str) -> int:
    """Microsoft's count: wide characters and pictures are 2, others 1.

    Source: https://learn.microsoft.com/en-us/advertising/bulk-service/responsive-search-ad
    """
    return sum(2 if ord(char) > 0xFFFF or unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _breaches(text: str, found: Sequence[Token], row: Row, *, is_headline: bool) -> Iterator[str]:
    """The editorial rules of search ads that *text* breaks."""
    yield from (f"shouts {token.text!r}" for token in found if _shouts(token, row))
    yield from (f"punctuation {match.group()!r}" for match in _PUNCTUATION.finditer(text))
    gimmicks = (match.group() for match in _GIMMICKS.finditer(text))
    yield from (f"gimmick {each!r}" for each in gimmicks if each.lower() not in row.text)
    yield from (f"address {match.group()!r}" for match in _ADDRESS.finditer(text))
    for match in _PHONE.finditer(text):
        if sum(char.isdecimal() for char in match.group()) >= _PHONE_DIGITS and match.group() not in row.text:
            yield f"phone number {match.group()!r}"
    if text.count("!") > (0 if is_headline else 1):
        yield "exclamation marks"
    if any(text.count(one) != text.count(other) for one, other in ("()", "“”")) or text.count('"') % 2:
        yield "a bracket or quotation mark alone"
    yield from (f"picture {char!r}" for char in text if _is_picture(char))


def _shouts(token: Token, row: Row) -> bool:
    return token.is_word and len(token.text) > 1 and token.text.isupper() and token.text not in row.written


def _is_picture(char: str) -> bool:
    return char not in _PICTURES and (unicodedata.category(char) in ("So", "Cs", "Co") or ord(char) > 0x1F000)


def _inventions(text: str, found: Sequence[Token], row: Row) -> Iterator[str]:
    """What *text* says that *row* does not, or denies."""
    yield from (f"brand {name!r}" for name in load_words().brands if _names(name, text) and not _names(name, row.text))
    yield from _unknown_words(found, row)
    yield from (f"number {number.value}{number.kind}" for number in read_numbers(found) if not _states(row, number))
    for word, is_denied in denials(text):
        opposed = row.affirmed - row.denied if is_denied else row.denied - row.affirmed
        if word in opposed:
            yield f"{'denies' if is_denied else 'affirms'} {word!r}"


def _names(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text.lower().replace("’", "'")) is not None


def _unknown_words(found: Sequence[Token], row: Row) -> Iterator[str]:
    words = load_words()
    for compound in _compounds(found):
        parts = [stem(token.low) for token in compound]
        if len(parts) == 1 and compound[0].is_word:
            known = words.is_free(compound[0].low) or parts[0] in row.stems
        else:
            known = all(pair in row.beside for pair in pairwise(parts))
        if not known and any(token.is_word for token in compound):
            yield f"{'-'.join(token.text for token in compound)!r} is not in the row"


def _compounds(found: Sequence[Token]) -> Iterator[list[Token]]:
    """Words, those that hyphens join as one; a number in words or before a hyphen is read with the numbers."""
    group: list[Token] = []
    for n, token in enumerate(found):
        if token.text == "-" and token.joined:
            continue
        goes_on = token.joined and found[n - 1].text == "-" and found[n - 1].joined
        if not goes_on and group:
            yield group
            group = []
        if token.is_word and token.low not in load_words().number_words:
            group.append(token)
    if group:
        yield group


def _states(row: Row, number: Number) -> bool:
    """Whether *row* has *number*, as a price, or counting the same or after the same word."""
    if number.kind not in ("", "%"):
        return (number.kind, number.value) in row.prices
    same = [one for one in row.numbers if (one.value, one.kind) == (number.value, number.kind)]
    counted = number.after[:1]
    after = any(not counted or counted[0] in one.after for one in same)
    return after or any(number.before and number.before == one.before for one in same)
