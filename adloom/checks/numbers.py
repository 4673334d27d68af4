"""Numbers as a language writes them, with their units and currencies, and which of them a product's sources state."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files

from adloom.checks.matching import Span, folded
from adloom.core.products import Money

Measure = tuple[str, Decimal]  #: what is measured (or the currency), and how much in the first unit of its table

#: a sign counts before a temperature only: elsewhere a hyphen opens a line or a range
_DIGITS = r"(?:(?<![\w.)])(?<!\d )[-−](?=\d+(?:[.,]\d+)?\s?(?:°|℃|℉)))?\d+(?:[.,:]\d+)*"
_SPACED_THOUSANDS = r"\d{1,3}(?: \d{3}){1,9}(?:,\d+)?(?!\d)"
_HAN_DIGITS = {char: digit for digit, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_HAN_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
HAN_NUMERALS = "".join([*_HAN_DIGITS, *_HAN_TENS])
_HAN_NUMERAL = f"[{HAN_NUMERALS}]+"
_HAN_PERCENT = "百分之"
_LONGEST_HAN = 20  #: numerals whose value is worked out; more compare as they are written
_BETWEEN = re.compile(r"\s*(?:x|×|\*|-|–|~|/|(?P<word>to|and|or|bis|und|oder|à|et|ou|a|y|o|至|到|和))\s*")
_FEW = 9  #: facts that an author is told
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Unit:
    """One meaning of a unit's or a currency's spelling; *size* in the first unit of its kind."""

    kind: str
    size: Decimal


@dataclass(frozen=True)
class Quantity:
    """A number in a text: its value in plain notation, what its unit may mean, and the place of both."""

    text: str
    value: str
    units: frozenset[Unit]
    span: Span

    @property
    def is_article(self) -> bool:
        """Whether it may say no number: "a" of many languages is their "one"."""
        return self.value == "1" and not self.text[:1].isdigit() and not self.text[-1:].isdigit()

    @property
    def measures(self) -> frozenset[Measure]:
        """What it may measure, in comparable sizes; empty without a unit."""
        if not self.units or not _DECIMAL.fullmatch(self.value):
            return frozenset()
        return frozenset((unit.kind, (Decimal(self.value) * unit.size).normalize()) for unit in self.units)


@dataclass(frozen=True)
class Notation:
    """How one language writes numbers: the tables [numbers] and [units] of its lexicon."""

    thousands: str  #: what parts them: "," or "." or " " (which goes with any decimal comma)
    words: Mapping[str, str]  #: "three" -> "3"
    units: Mapping[str, str]  #: "Jahre" -> "year"
    loose: Mapping[str, str]  #: units that are also common words: "in" -> "inch"
    percents: tuple[str, ...]
    idioms: tuple[str, ...]  #: words with a numeral that state no number
    is_han: bool


class NumberReader:
    """Finds the numbers of texts in one notation."""

    def __init__(self, notation: Notation) -> None:
        self._notation = notation
        self._units = _known_units(notation)
        spelled = _either(self._units)
        self._number = re.compile(_number_pattern(notation), re.IGNORECASE)
        self._before = re.compile(rf"(?<![^\W\d_])(?:{_either(_currencies())})\s?$")
        self._after = re.compile(rf"\s?(?P<percent>%|{_either(notation.percents)})|[\s-]?(?P<unit>{spelled})")
        self._loose = re.compile(rf"[\s-]?({_either(notation.loose)})")
        self._labelled = re.compile(rf"[(\[/]\s*(?:in\s)?({spelled})\s*(?:[)\]]|$)")

    def quantities(self, text: str) -> list[Quantity]:
        """Every number of *text*, in reading order; "20 x 30 cm" has two lengths."""
        low = folded(text, case=True)
        found = [*self._read(low, text)]
        for n in range(len(found) - 2, -1, -1):
            now, after = found[n], found[n + 1]
            between = _BETWEEN.fullmatch(low, now.span[1], after.span[0])
            if between and not now.units and not (between["word"] and is_money(after)):
                whole = text[now.span[0] : after.span[1]]
                found[n] = replace(now, text=whole, units=after.units, span=(now.span[0], after.span[0]))
        return found

    def stated(self, label: str, value: str) -> list[Quantity]:
        """The numbers of a source, whose unit its *label* may state, "Height (cm)", or a common word, "15 in"."""
        named = self._labelled.search(folded(label, case=True))
        units = self._units[named.group(1)] if named else frozenset()
        low = folded(value, case=True)
        found = [
            one if one.units else replace(one, units=units | self._loosely(low, one)) for one in self.quantities(value)
        ]
        return [*self.quantities(label), *found]

    def _loosely(self, low: str, quantity: Quantity) -> frozenset[Unit]:
        found = self._loose.match(low, quantity.span[1])
        return self._units[self._notation.loose[found.group(1)]] if found else frozenset()

    def _read(self, low: str, text: str) -> Iterator[Quantity]:
        at = 0
        while number := self._number.search(low, at):
            at = number.end()
            if number.group() in self._notation.idioms:
                continue
            value, start, units = self._value(number.group()), number.start(), frozenset[Unit]()
            if before := self._before.search(low, max(0, start - 5), start):
                start, units = before.start(), self._units[before.group().strip()]
            if (after := self._after.match(low, at)) and not value.endswith("%"):
                at = after.end()
                value += "%" if after["percent"] else ""
                units = self._units[after["unit"]] if after["unit"] else units
            yield Quantity(text[start:at], value, units, (start, at))

    def _value(self, word: str) -> str:
        if word[0] in "-−":
            return f"-{self._value(word[1:])}"
        if word in self._notation.words:
            return self._notation.words[word]
        if word.startswith(_HAN_PERCENT):
            return f"{_han_value(word.removeprefix(_HAN_PERCENT))}%"
        return _han_value(word) if word[0] in HAN_NUMERALS else plain_number(word, self._notation.thousands)


@dataclass(frozen=True)
class Stated:
    """Every number that a product's sources state."""

    by_value: Mapping[str, Sequence[Quantity]]
    measures: frozenset[Measure]

    def breach(self, quantity: Quantity) -> tuple[str, str] | None:
        """The rule that *quantity* breaks and what to tell the author; None if a source states it."""
        facts = self.by_value.get(quantity.value, ())
        if quantity.is_article or not quantity.measures.isdisjoint(self.measures):
            return None
        if not facts:
            return "ungrounded_number", f"No source states {quantity.text!r}."
        if not quantity.units:
            return None
        said = " and ".join(repr(fact.text) for fact in facts[:_FEW])
        return "ungrounded_unit", f"No source states {quantity.text!r}: the row says {said}."


def gather(quantities: Iterable[Quantity], prices: Iterable[Money]) -> Stated:
    """What the sources' *quantities* and the row's *prices* state together."""
    by_value: dict[str, dict[str, Quantity]] = {}
    measures = set[Measure]()
    for quantity in [*quantities, *map(_price, prices)]:
        if quantity.is_article and not quantity.units:
            continue
        by_value.setdefault(quantity.value, {}).setdefault(quantity.text, quantity)
        measures |= quantity.measures
    return Stated({value: [*found.values()] for value, found in by_value.items()}, frozenset(measures))


def is_money(quantity: Quantity) -> bool:
    """Whether its unit is a currency."""
    return any(unit.kind in _tables()["currencies"] for unit in quantity.units)


def plain_number(text: str, thousands: str = ",") -> str:
    """A number as it compares: without thousands' marks or idle zeros, and with a decimal point.

    >>> plain_number("1,200.00"), plain_number("20.50"), plain_number("100%"), plain_number("1.299,00", ".")
    ('1200', '20.5', '100%', '1299')
    """
    body = text.removesuffix("%").replace(" ", "").strip(".,:")
    percent = "%" if text.endswith("%") else ""
    marks = [char for char in body if not char.isdigit()]
    groups = re.split(r"[.,:]", body)
    if not marks or ":" in marks:
        return body + percent
    if len(marks) > 1 and len(set(marks)) == 1:
        is_whole = all(len(group) == 3 for group in groups[1:])
        return ("".join(groups) if is_whole else ".".join(group.lstrip("0") or "0" for group in groups)) + percent
    if len(marks) == 1 and marks[0] == thousands and len(groups[1]) == 3:
        return "".join(groups) + percent
    whole, cents = "".join(groups[:-1]), groups[-1].rstrip("0")
    return (f"{whole}.{cents}" if cents else whole) + percent


def _price(price: Money) -> Quantity:
    text = f"{price.amount:f} {price.currency}"
    return Quantity(text, plain_number(f"{price.amount:f}"), frozenset({Unit(price.currency, Decimal(1))}), (0, 0))


def _han_value(word: str) -> str:
    return str(_han_number(word)) if len(word) <= _LONGEST_HAN else word


def _han_number(word: str) -> int:
    total, digit = 0, 0
    for char in word:
        if char in _HAN_DIGITS:
            digit = digit * 10 + _HAN_DIGITS[char]
        elif char == "万":
            total, digit = (total + digit or 1) * 10000, 0
        else:
            total, digit = total + (digit or 1) * _HAN_TENS[char], 0
    return total + digit


def _number_pattern(notation: Notation) -> str:
    words = _either(notation.words)
    parts = [*map(re.escape, sorted(notation.idioms, key=len, reverse=True))]
    parts += [_SPACED_THOUSANDS] if notation.thousands == " " else []
    parts += [_DIGITS, *([rf"(?<![^\W_])(?:{words})"] if notation.words else [])]
    parts += [rf"(?:{_HAN_PERCENT})?{_HAN_NUMERAL}"] if notation.is_han else []
    return "|".join(parts)


def _either(spellings: Iterable[str]) -> str:
    """A pattern for any of *spellings*, the longest first; one that ends in a Latin letter ends there."""
    longest = sorted(spellings, key=len, reverse=True)
    ends = (r"(?![^\W_])" if one[-1].isalnum() and one[-1] < "\u2e80" else "" for one in longest)
    return "|".join(re.escape(one) + end for one, end in zip(longest, ends, strict=True)) or "(?!)"


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[str, str] | str]]:
    path = files("adloom.checks").joinpath("data/units.toml")
    data: dict[str, dict[str, dict[str, str] | str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return data


@cache
def _currencies() -> Mapping[str, frozenset[Unit]]:
    found: dict[str, frozenset[Unit]] = {}
    for code, spellings in _tables()["currencies"].items():
        assert isinstance(spellings, str)
        for spelled in spellings.split():
            found[spelled] = found.get(spelled, frozenset()) | {Unit(code, Decimal(1))}
    return found


def _known_units(notation: Notation) -> Mapping[str, frozenset[Unit]]:
    found = dict(_currencies())
    for kind, units in _tables().items():
        for name, unit in units.items():
            if isinstance(unit, str):
                continue
            own = [spelled for spelled, means in notation.units.items() if means == name]
            for spelled in (*unit["spelled"].split(), *own):
                found[spelled] = found.get(spelled, frozenset()) | {Unit(kind, Decimal(unit["size"]))}
    return found
