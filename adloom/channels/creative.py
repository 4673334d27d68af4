"""The words on a creative: how many its shape can carry."""

from collections.abc import Iterable
from dataclasses import replace

from adloom.channels.channel import Channel, Role, Slot, TextField

_HEADLINE = "Words drawn on the creative; the limit is what the shape can show in a readable size."
_CTA = "The words on the button."


def creative_texts(width_px: int, height_px: int) -> tuple[TextField, ...]:
    """The text fields of a creative of this size.  Display width, as wide scripts fill twice the line."""
    headline, cta = _lengths(width_px, height_px)
    return (
        TextField(
            "creative_headline", headline, "google_width", 1, 3, required=True, note=_HEADLINE, role=Role.HEADLINE
        ),
        TextField("creative_cta", cta, "google_width", 0, 1, note=_CTA, role=Role.BUTTON),
    )


def _lengths(width_px: int, height_px: int) -> tuple[int, int]:
    """The longest headline and the longest button of a shape."""
    ratio = width_px / height_px
    if width_px * height_px < 10_000:  # 120x60: a button with a name
        return 14, 10
    if ratio >= 3.5:
        return next(lengths for least, lengths in _STRIPS if width_px >= least)
    if ratio < 0.35:  # skyscrapers: many short lines
        return (34, 16) if width_px >= 300 else (28, 14)
    if ratio < 0.7:  # 9:16
        return 34, 16
    return (28, 16) if width_px < 400 else (40, 16)


_STRIPS = ((900, (36, 16)), (700, (30, 16)), (320, (22, 12)), (0, (20, 12)))  #: least width -> lengths; one line


def copy_fields(channel: Channel, slots: Iterable[Slot]) -> tuple[TextField, ...]:
    """What has to be written for *channel* with these *slots*: its own fields, then the words on the creatives.

    A creative field is shared by all slots, so it has the tightest limit of any.
    """
    own = tuple(field for field in channel.texts if field.written)
    tightest: dict[str, TextField] = {}
    for field in (field for slot in slots for field in slot.texts):
        other = tightest.setdefault(field.name, field)
        tightest[field.name] = replace(other, max_length=min(other.aim, field.aim))
    return own + tuple(tightest.values())
