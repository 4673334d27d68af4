"""What leads out of a text: links, handles, hashtags, and ways to reach the advertiser past the platform."""

import re
from collections.abc import Iterator

from adloom.checks.matching import SPACED, Span, folded, is_inside, spans
from adloom.checks.setting import Setting
from adloom.checks.style import phone_number
from adloom.checks.wording import find_wording

_DOMAINS = "com|net|org|shop|store|io|app|info|biz|eu|co|cn|de|fr|es|uk|example"
_LINK = re.compile(
    rf"(?:https?://|www\.)[^\s，。！]+"
    rf"|(?<!{SPACED})(?<![@.-])(?:[a-z\d-]{{1,63}}\.)+(?:{_DOMAINS})(?:/[^\s，。！]*)?(?!{SPACED}|-)"
    rf"|(?<!{SPACED})(?:t|wa|bit|cutt)\.(?:me|ly)/[^\s，。！]+",
    re.IGNORECASE,
)
_EMAIL = re.compile(rf"(?<!{SPACED})[a-z\d._+-]{{1,64}}@(?:[a-z\d-]{{1,63}}\.)+[a-z]{{2,}}", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<![\w&/#])#(?=\w*[^\W\d_])\w+")
_MOST_HASHTAGS = 2


def forbidden_marks(text: str, setting: Setting) -> Iterator[Span]:
    """Braces, #, @ and links; emoji have a rule of their own."""
    links = [*spans(_LINK, folded(text))]
    yield from links
    for span in spans(re.compile(r"[{}#@]"), folded(text)):
        if not is_inside(span, links):
            yield span


def third_hashtag(text: str, setting: Setting) -> Iterator[Span]:
    """Every hashtag after the second."""
    return iter([*spans(_HASHTAG, folded(text))][_MOST_HASHTAGS:])


def offsite_contact(text: str, setting: Setting) -> Iterator[Span]:
    """Chat accounts, codes to scan, telephone numbers, addresses and links."""
    yield from find_wording(["contact"], text, setting.language)
    yield from phone_number(text, setting)
    yield from spans(_EMAIL, folded(text))
    yield from spans(_LINK, folded(text))
