"""How platforms count: one function per counting method.  A text fits or it does not; nothing is ever cut."""

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

from adloom.channels.counting_sms import gsm7_septets
from adloom.channels.emoji import EMOJI
from adloom.channels.links import between_links

_Ranges = tuple[tuple[int, int], ...]

#: code units that Google Ads draws on top of their neighbour; first match wins, so this stands before _SINGLE
_ZERO: _Ranges = (
    (0x0900, 0x0902),
    (0x093A, 0x093A),
    (0x093C, 0x093C),
    (0x0941, 0x0948),
    (0x094D, 0x094D),
    (0x0951, 0x0957),
    (0x0962, 0x0963),
)
_SINGLE: _Ranges = (
    (0x0000, 0x04F9),
    (0x05BE, 0x05BE),
    (0x05D0, 0x05EA),
    (0x05F3, 0x05F4),
    (0x0600, 0x06FF),
    (0x0750, 0x077F),
    (0x0900, 0x0D7F),
    (0x0E00, 0x0E7F),
    (0x1E00, 0x20BF),
    (0x2100, 0x213A),
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFF),
    (0xFF61, 0xFFDC),
)
#: Hangul letters that are single-width to Unicode since they stand in a syllable
_JAMO: _Ranges = ((0x1160, 0x11FF), (0xD7B0, 0xD7FF))
_TWITTER_SINGLE: _Ranges = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
_TWITTER_LINK = 23


def measure(text: str, unit: str) -> int:
    """The length of *text* in the counting method *unit*, a key of `METHODS`."""
    return METHODS[unit](text)


def _chars(text: str) -> int:
    """Code points after NFC: platforms that only say "characters"."""
    return len(unicodedata.normalize("NFC", text))


def _google_width(text: str) -> int:
    """Google Ads' display width: 2 for wide scripts, 0 for some Indic signs, else 1.

    Per UTF-16 code unit, as the platform counts: an emoji outside the basic plane measures 4.  What is sent is what is
    counted, so nothing is normalised here.

    Sources: support.google.com/admob/answer/6177141; the counter of github.com/woocommerce/google-listings-and-ads.
    """
    if text.isascii():
        return len(text)
    units = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
    return sum(_unit_width(unit) for unit in units)


@cache
def _unit_width(unit: int) -> int:
    if _is_in(_ZERO, unit):
        return 0
    return 1 if _is_in(_SINGLE, unit) else 2


def _ms_width(text: str) -> int:
    """Microsoft Advertising: 2 for a Chinese, Japanese or Korean character and for an emoji, else 1.

    By the character, whatever the language of the ad group.  The page does not say how emoji sequences count; here each
    is one emoji.  A sign that is only drawn as emoji on demand (U+2600) counts 1 without the demand, and half-width
    katakana count 1.

    Source: https://github.com/MicrosoftDocs/BingAds-docs Advertising/bingads-13/bulk-service/responsive-search-ad.md
    @ec008d0 (2021-06-28; official repository).
    """
    return _with_emoji(text, lambda char: 2 if _is_wide(char) or _is_in(_JAMO, ord(char)) else 1)


def _tiktok_width(text: str) -> int:
    """TikTok: 2 for a full-width character, else 1; 100 are 50 Asian characters.

    Its ad texts take no emoji; in other fields each code point of one counts by its own width.

    Sources: https://ads.tiktok.com/help/article/tiktok-interactive-add-on-gesture (2025-02; official page);
    https://ads.tiktok.com/help/article/image-ads-specification (2025-07; official page).
    """
    return sum(2 if _is_wide(char) else 1 for char in text)


def _twitter_weighted(text: str) -> int:
    """X: 1 for a character of most alphabets and general punctuation, 2 for any other, 2 for an emoji, 23 for a link.

    Counted after NFC.  X's library lists its emoji; here one is what Unicode's grammar makes of it, newer ones too.

    Source: https://github.com/twitter/twitter-text config/v3.json @30e2430 (2021-10-21; official repository).
    """
    pieces = between_links(unicodedata.normalize("NFC", text))
    return _TWITTER_LINK * (len(pieces) - 1) + sum(_with_emoji(piece, _twitter_weight) for piece in pieces)


def _twitter_weight(char: str) -> int:
    return 1 if _is_in(_TWITTER_SINGLE, ord(char)) else 2


def _gbk_bytes(text: str) -> int:
    """Bytes in GBK: 1 for ASCII, 2 for Chinese, so that 60 bytes are 30 hanzi.

    What GBK cannot encode counts as in GB 18030, which extends it: 4 bytes, for the euro sign 2.  A lone surrogate is
    in neither and counts as the question mark that stands in for it.

    Source: public code of a Taobao Zhitongche tool (undated; observed in public code).
    """
    return len(text.encode("gb18030", "replace"))


def _utf8_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _with_emoji(text: str, width: Callable[[str], int]) -> int:
    """2 for each emoji of *text*, and for every other character its *width*."""
    rest, emoji = EMOJI.subn("", text)
    return 2 * emoji + sum(map(width, rest))


def _is_wide(char: str) -> bool:
    """Whether *char* fills the square of a hanzi.  Every picture does, also one that Python's Unicode does not know."""
    return unicodedata.east_asian_width(char) in "WF" or "\U0001f000" <= char <= "\U0001faff"


def _is_in(ranges: _Ranges, point: int) -> bool:
    return any(first <= point <= last for first, last in ranges)


METHODS: Mapping[str, Callable[[str], int]] = {
    "chars": _chars,
    "google_width": _google_width,
    "ms_width": _ms_width,
    "tiktok_width": _tiktok_width,
    "twitter_weighted": _twitter_weighted,
    "gsm7_septets": gsm7_septets,
    "gbk_bytes": _gbk_bytes,
    "utf8_bytes": _utf8_bytes,
}
