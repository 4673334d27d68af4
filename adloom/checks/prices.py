"""Prices, discounts and savings: by the form of an amount, and by the words of a sale."""

import re
from collections.abc import Iterator

from adloom.checks.matching import SPACED, Span, folded, is_inside, spans
from adloom.checks.setting import Setting
from adloom.checks.wording import find_wording

_FIGURE = r"\d[\d.,]{0,14}"  # bounded: or a long number costs the square of its length
_AMOUNT = re.compile(
    rf"""
      [$€£¥₹]\s?{_FIGURE}                                                                 # $20
    | {_FIGURE}\s?(?:[$€£¥₹]|(?:usd|eur|gbp|cny|rmb|chf|dollars?|euros?)(?!{SPACED})|元(?![素宝件])|块钱)
    | (?<!{SPACED})(?:usd|gbp|cny|rmb|chf)\s?{_FIGURE}
    | (?<!\d)\d{{1,3}}\s?%\s?(?:off|discount|rabatt|reduziert|günstiger|billiger|moins\scher                # 20 % off
        |de\s(?:réduction|remise|rabais|descuento|rebaja|dto))(?!{SPACED})
    | (?<![\w.%])(?<!%\s)[-−–]\s?\d{{1,2}}\s?%(?!\s?rh\b)                                 # -20 %, but not 20-80 %
    | (?<!{SPACED})(?:save|sparen?(?:\ssie)?|sparst(?:\sdu)?|économisez|ahorr[ae])\s
        (?:up\sto\s|bis\szu\s|jusqu['’]à\s|hasta\s)?
        \d{{1,3}}\s?%(?!\s(?:of\s|your\s|an\s|de\s)*(?:energ|power|water|space|time|fuel|weight|strom|wasser|zeit|agua|temps))
    | [\d.一二三四五六七八九]{{1,3}}\s?折(?![叠扇页伞床桌门痕线])                                # 8折, not 三折叠
    | 满\s?\d{{1,6}}\s?元?\s?[减送返]\s?\d{{0,6}} | 减\s?\d{{1,6}}\s?[元块]
    """,
    re.VERBOSE | re.IGNORECASE,
)


def prices(text: str, setting: Setting) -> Iterator[Span]:
    """Amounts of money, discounts, and the words of a sale."""
    amounts = [*spans(_AMOUNT, folded(text))]
    yield from amounts
    for span in find_wording(["price"], text, setting.language):
        if not is_inside(span, amounts):
            yield span


def price_in_name(text: str, setting: Setting) -> Iterator[Span]:
    """Prices, and that something is free, where the field is a name."""
    if setting.field.name == "name" or setting.field.name.endswith("_name"):
        yield from prices(text, setting)
        yield from find_wording(["free"], text, setting.language)
