"""What leads out of a text: links, handles, hashtags, and ways to reach the advertiser past the platform."""

import re
from collections.abc import Iterator

from adloom.checks.addresses import links
from adloom.checks.matching import SPACED, Span, folded, outside, spans
from adloom.checks.phones import phone_number
from adloom.checks.setting import Setting
from adloom.checks.wording import find_wording

_EMAIL = re.compile(rf"(?<!{SPACED})[a-z\d._+-]{{1,64}}@(?:[a-z\d-]{{1,63}}\.)+[a-z]{{2,}}", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<![\w&/#])#(?=\w*[^\W\d_])\w+")
_MOST_HASHTAGS = 2
_HEART = r"\s?[:❤♥💚🧡💛💙💜💗💕🛰➕\ufe0f]+\s?"
#: an account behind a sign (V：name2027, V❤ name2027, Q：12345678), and WeChat's name half in Latin letters
_CHINESE_ACCOUNT = re.compile(
    rf"""(?:(?<!{SPACED})(?:v|vx|wx|wei)|[微薇卫]|绿泡泡){_HEART}(?:[a-z](?=[\w\-]*[\d_])[\w\-]{{4,19}}|1\d{{10}}(?!\w))
      | (?<!{SPACED})q{{1,2}}\s?:\s?\d{{6,11}}(?!\w)
      | (?<!{SPACED})(?:wei[\s·.*-]?(?:xin|信)|v[\s·.*-]?xin) | [微薇](?:[\s·.*-]+信|[\s·.*-]?xin)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def forbidden_marks(text: str, setting: Setting) -> Iterator[Span]:
    """Braces, #, @ and links; emoji have a rule of their own."""
    addresses = [*links(text)]
    yield from addresses
    yield from outside(spans(re.compile(r"[{}#@]"), folded(text)), addresses)


def third_hashtag(text: str, setting: Setting) -> Iterator[Span]:
    """Every hashtag after the second."""
    return iter([*spans(_HASHTAG, folded(text))][_MOST_HASHTAGS:])


def offsite_contact(text: str, setting: Setting) -> Iterator[Span]:
    """Chat accounts, codes to scan, telephone numbers, addresses and links."""
    if not setting.language or setting.language.startswith("zh"):
        yield from spans(_CHINESE_ACCOUNT, folded(text))
    yield from find_wording(["contact"], text, setting.language)
    yield from phone_number(text, setting)
    yield from spans(_EMAIL, folded(text))
    yield from links(text)
