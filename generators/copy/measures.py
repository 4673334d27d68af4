"""Reads sizes and amounts: what the columns measure, in the words of an advertisement."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from generators.copy.facts import Fact, FactKind
from generators.copy.words import article, is_plural

UNITS = frozenset(
    re.findall(
        r"\w+",
        "l ml cl dl cm mm m km kg g mg oz lb lbs ft in w v wh mah gb tb mb hz khz lm inch inches liter liters litre "
        "litres meter meters metre metres gram grams hour hours",
    )
)
_AMOUNT = r"\d+(?:[.,]\d+)*"
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_WHOLE = re.compile(rf"{_AMOUNT}[ -]?(?:{_UNIT})", re.IGNORECASE)
_INSIDE = re.compile(rf"\b{_AMOUNT}[ -]?(?:L|l|ml|cl|cm|mm|m|kg|g|oz|lb|W|V|Wh|mAh|GB|TB)\b")
_SYMBOLS = ("l", "ml", "cl", "cm", "mm", "m", "kg", "g", "W", "V", "Wh", "mAh", "GB", "TB")  #: the same everywhere
_LASTING = re.compile(r"(\d+(?:[.,]\d+)*) (hour|minute|day|week|month|year)s?")
_EXTENTS = {"height": "tall", "width": "wide", "diameter": "wide", "length": "long", "depth": "deep"}
_CONTENTS = ("capacity", "volume", "content", "contents")
_TASTES = ("scent", "aroma", "flavor", "flavour", "taste", "fragrance")


def is_measure(text: str) -> bool:
    """Whether *text* is an amount with its unit and nothing else.

    >>> is_measure("0.75 L"), is_measure("45L"), is_measure("Model 45")
    (True, True, False)
    """
    return _WHOLE.fullmatch(text) is not None


def read_measures(title: str, details: Mapping[str, str]) -> Iterator[Fact]:
    """The amounts of the title and of the details.  Weights are left out: they sell nothing."""
    for match in _INSIDE.finditer(title):
        yield Fact(FactKind.MEASURE, match.group(), "title", match.span())
    for label, value in details.items():
        kind, said = _reading(label.lower().strip(), value.strip())
        if said:
            before = article(said) if kind == FactKind.FEATURE else ""
            yield Fact(kind, said, f"details/{label}", (0, len(value)), article=before)


def _reading(label: str, value: str) -> tuple[FactKind, str]:
    """How one pair of label and value reads: ("burn time", "45 hours") is a feature, "45-hour burn time"."""
    lasting = _LASTING.fullmatch(value)
    if lasting and " " in label:
        return FactKind.FEATURE, f"{lasting[1]}-{lasting[2]} {label}"
    if label in _TASTES and 0 < len(value.split()) <= 5 and "," not in value:
        return FactKind.FEATURE, f"{value.lower()} {label}"
    if re.fullmatch(_AMOUNT, value) and is_plural(label):
        return FactKind.MEASURE, f"{value} {label}"
    if not is_measure(value):
        return FactKind.MEASURE, ""
    if label in _EXTENTS:
        return FactKind.MEASURE, f"{value} {_EXTENTS[label]}"
    return FactKind.MEASURE, value if label in _CONTENTS else ""


@cache
def amount_pattern(units: Sequence[str]) -> re.Pattern[str]:
    """Amounts with a symbol that all languages share, or one of *units*, which a language spells in its own words.

    >>> [found.group() for found in amount_pattern(("Liter",)).finditer("Kanne 1,5 Liter, 0.5l, A4 m, 5 mal, 杯350ml")]
    ['1,5 Liter', '0.5l', '350ml']
    """
    spelt = "|".join(re.escape(unit) for unit in sorted((*_SYMBOLS, *units), key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-zÀ-ÿ\d.,-]){_AMOUNT}[ -]?(?:{spelt})(?![A-Za-zÀ-ÿ])")


def read_amounts(
    title: str, details: Mapping[str, str], *, labels: Mapping[str, str], units: Sequence[str]
) -> Iterator[Fact]:
    """The amounts of the title, and of the columns that *labels* says how to put: {"Höhe": "{} hoch"}."""
    pattern = amount_pattern(units)
    for match in pattern.finditer(title):
        yield Fact(FactKind.MEASURE, match.group(), "title", match.span())
    said = {label.lower(): wording for label, wording in labels.items()}
    for label, value in details.items():
        wording = said.get(label.lower().strip())
        if wording and pattern.fullmatch(value.strip()):
            yield Fact(FactKind.MEASURE, wording.format(value.strip()), f"details/{label}", (0, len(value)))
