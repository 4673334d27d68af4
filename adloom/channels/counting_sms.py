"""How text messages count: 7-bit characters while the GSM alphabet has them all, else UTF-16 units.

Sources: 3GPP TS 23.038 (GSM 03.38), section 6.2.1, and TS 23.040, section 9.2.3.24.1;
https://developers.telnyx.com/docs/messaging/messages/message-encoding (undated; official page).
"""

from typing import NamedTuple

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_ESCAPED = frozenset("\f^{}\\[~]|€")  #: an escape and a character: two septets


class _Encoded(NamedTuple):
    """A text as it is sent: the *sizes* of its characters, and what a *single* message or one of *several* holds."""

    sizes: list[int]
    single: int
    several: int  #: less, for the header that joins the parts


def gsm7_septets(text: str) -> int:
    """How much of a message *text* takes, in septets: it fits into one exactly when this is at most 160.

    A single character outside of GSM 03.38 makes the whole text UCS-2: of a message's 70 UTF-16 units each then takes
    160/70 septets, rounded up in all.  Nothing is normalised: a decomposed é is outside.
    """
    sizes, single, _ = _encode(text)
    return -(-sum(sizes) * 160 // single)


def sms_parts(text: str) -> int:
    """Into how many messages *text* goes; none for no text.

    A message that is one of several holds 153 septets or 67 UTF-16 units.  Neither a character with its escape nor a
    surrogate pair is split, so a part may stay one short.
    """
    sizes, single, several = _encode(text)
    if sum(sizes) <= single:
        return min(len(sizes), 1)
    parts = room = 0
    for size in sizes:
        if size > room:
            parts, room = parts + 1, several
        room -= size
    return parts


def _encode(text: str) -> _Encoded:
    if all(char in _GSM or char in _GSM_ESCAPED for char in text):
        return _Encoded([2 if char in _GSM_ESCAPED else 1 for char in text], 160, 153)
    return _Encoded([2 if char > "\uffff" else 1 for char in text], 70, 67)
