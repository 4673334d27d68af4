"""How platforms count: one function per counting method.  A text fits or it does not; nothing is ever cut."""

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

#: code units that Google Ads draws on top of their neighbour; first match wins, so this stands before _SINGLE
_ZERO = (
    (0x0900, 0x0902),
    (0x093A, 0x093A),
    (0x093C, 0x093C),
    (0x0941, 0x0948),
    (0x094D, 0x094D),
    (0x0951, 0x0957),
    (0x0962, 0x0963),
)
_SINGLE = (
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
    if any(first <= unit <= last for first, last in _ZERO):
        return 0
    return 1 if any(first <= unit <= last for first, last in _SINGLE) else 2


def _utf8_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


METHODS: Mapping[str, Callable[[str], int]] = {
    "chars": _chars,
    "google_width": _google_width,
    "utf8_bytes": _utf8_bytes,
}
