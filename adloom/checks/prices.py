"""Prices, discounts and savings: by the form of an amount, and by the words of a sale."""

import re
from collections.abc import Iterator

from adloom.checks.matching import SPACED, Span, folded, outside, spans
from adloom.checks.setting import Setting
from adloom.checks.wording import find_wording

_FIGURE = r"\d[\d.,]{0,14}"  # bounded: or a long number costs the square of its length
_WORD_NUMBER = (  # the last word of a number
    "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    "|hundred|thousand|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|\w{0,20}(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zig|dreißig|hundert|tausend)"
    "|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze|vingts?|trente|quarante|cinquante|soixante|cents?|mille"
    "|dos|tres|cuatro|cinco|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta"
    "|noventa|cien)"
)
_CURRENCY = re.compile(r"(?:dollars?|euros?|bucks|quid|dólares|pesos|yuan)(?![\w-])", re.IGNORECASE)
_IN_WORDS = re.compile(rf"(?<!{SPACED}){_WORD_NUMBER}[\s-]{_CURRENCY.pattern}", re.IGNORECASE)  # forty dollars
_MAY_COST = re.compile("[\\d$€£¥₹折元块减买]")
_AMOUNT = re.compile(
    rf"""
      [$€£¥₹]\s?{_FIGURE}                                                                 # $20
    | {_FIGURE}\s?(?:[$€£¥₹]|(?:usd|eur|gbp|cny|rmb|chf|dollars?|euros?)(?!{SPACED})|元(?![素宝件])|块钱)
    | (?<!{SPACED})(?:usd|gbp|cny|rmb|chf)\s?{_FIGURE}
    | [一二两三四五六七八九十百千]{{1,6}}(?:元钱|块钱|元(?![素宝件旦月]))
    | 买[一二两三四五\d]{{1,2}}[送赠][一二两三四五\d]
    | (?<!\d)\d{{1,3}}\s?%\s?(?:off(?!-)|discount|rabatt|reduziert|günstiger|billiger|moins\scher         # 20 % off
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
    amounts = [*_amounts(folded(text))]
    yield from amounts
    yield from outside(find_wording(["price"], text, setting.language), amounts)


def _amounts(plain: str) -> Iterator[Span]:
    if _MAY_COST.search(plain):
        yield from spans(_AMOUNT, plain)
    if _CURRENCY.search(plain):
        yield from spans(_IN_WORDS, plain)


def price_in_name(text: str, setting: Setting) -> Iterator[Span]:
    """Prices, and that something is free, where the field is a name."""
    if setting.field.name == "name" or setting.field.name.endswith("_name"):
        yield from prices(text, setting)
        yield from find_wording(["free"], text, setting.language)
