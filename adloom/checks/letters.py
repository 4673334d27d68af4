"""Capitals inside of words, and words that come again and again."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from adloom.checks.matching import Span, folded, spans
from adloom.checks.setting import Setting
from adloom.checks.style import capitals

_LETTERS = re.compile(r"(?<![\w@.])[^\W\d_]{3,}(?![\w@])")
_NAME_PREFIX = re.compile(r"(?:Mc|Mac|De|Di|La|Le|Van|Fitz)(?=[A-Z])")
#: names, units and short forms as everyone writes them
_MIXED = """
AirPods AirTag CoQ CrossFit DeLonghi eSIM FedEx GeForce GoPro HiFi IoT KitchenAid LaTeX LiDAR LiFePO LiFi LinkedIn LiPo
LoRa LoRaWAN MagSafe MasterCard mmHg mRNA NiCd NiMH OtterBox PayPal PhD PhDs PlayStation PoE PowerPoint QoS SaaS SciFi
SodaStream StairMaster ThinkPad TikTok VoIP WhatsApp WiFi YouTube
"""
MIXED = frozenset(_MIXED.split())

_WORD = re.compile(r"[^\W\d_]{3,}(?:['’][^\W\d_]+)?")
_OFTEN = 3
#: words that come again in good sentences
_COMMON = """
the and for you your our all any not can its more with this that from have will are was they out one two
der die das den dem des und ein eine einen mit von für ist sich auch nicht oder zum zur mehr
les des une est sur pour avec dans vous votre plus nous que qui los las del con por una para como más sin
"""
COMMON = frozenset(_COMMON.split())
#: words that stand twice in a row and are one
_TWINS = """
bora bye cha chop das den der die duran had knock nous pago that vous walla
"""
TWINS = frozenset(_TWINS.split())
_CHINESE_AGAIN = re.compile(r"([\u4e00-\u9fff]{2,8})(?:[、，,\s]*\1){2,}")


def inner_capitals(text: str, setting: Setting) -> Iterator[Span]:
    """CaMel CaSe; names that everyone writes so, and a single small letter before (eBike, kWh), are none."""
    for found in _LETTERS.finditer(text):
        word = found.group()
        rest = word[_prefix(word) :]
        if word not in MIXED and _rises(rest):
            yield found.span()


def excessive_capitals(text: str, setting: Setting) -> Iterator[Span]:
    """Words in capitals, and in a rAnDoM mix."""
    yield from capitals(text, setting)
    for found in _LETTERS.finditer(text):
        if found.group() not in MIXED and _is_random(found.group()):
            yield found.span()


def repetition(text: str, setting: Setting) -> Iterator[Span]:
    """A word right after itself, and a word that comes a third time."""
    plain = folded(text, case=True)
    yield from spans(_CHINESE_AGAIN, plain)
    seen: Counter[str] = Counter()
    before: re.Match[str] | None = None
    for found in _WORD.finditer(plain):
        word = found.group()
        seen[word] += 1
        again = before is not None and before.group() == word and not plain[before.end() : found.start()].strip(" ,")
        if (again and word not in TWINS) or (seen[word] >= _OFTEN and word not in COMMON):
            yield found.span()
        before = found


def _prefix(word: str) -> int:
    """How many letters may stand before a capital of their own."""
    name = _NAME_PREFIX.match(word)
    return name.end() if name else int(word[0].islower())


def _rises(word: str) -> int:
    """How often a capital follows a small letter."""
    return sum(first.islower() and second.isupper() for first, second in pairwise(word))


def _is_random(word: str) -> bool:
    """Whether no name is written so: eBay and VenturePro are, fREE, SaLe and rAnDoM are not."""
    turns = sum(first.islower() != second.islower() for first, second in pairwise(word))
    shouted = word[0].islower() and word[1:].isupper()
    return len(word) > 3 and (shouted or turns == len(word) - 1 or _rises(word) > 1)
