"""Dynamic text of search ads: ``{KeyWord:default}``.  Only the default is sure to be shown, so only it is checked.

Sources: https://developers.google.com/google-ads/api/docs/responsive-search-ads/customize-responsive-search-ads
(undated; official page); https://help.ads.microsoft.com/apex/index/3/en-ca/50811 (undated; official page), for
``{param1:default}`` to ``{param3:default}``.
"""

import re
from dataclasses import dataclass

from adloom.channels import Channel

_INSERTION = re.compile(r"\{(?:keyword|param[123]|customizer\.\w+|location\(\w+\)):([^{}]*)\}", re.IGNORECASE)


@dataclass(frozen=True)
class Shown:
    """A text as its reader sees it; *origin* says where each of its characters stands in what was written."""

    text: str
    origin: tuple[int, ...]

    def written(self, span: tuple[int, int]) -> tuple[int, int]:
        """The span in what was written."""
        start, end = span
        return (self.origin[start], self.origin[end - 1] + 1) if start < end else (0, 0)


def as_written(text: str) -> Shown:
    """*text* for a channel without dynamic text."""
    return Shown(text, tuple(range(len(text))))


def expand(text: str) -> Shown:
    """*text* with every insertion replaced by its default.

    What has no default (countdowns, conditions) stays, as do the outer braces of what is nested and those of what is
    unbalanced: what is shown then is unknown, and a rule reports the braces.
    """
    origin: list[int] = []
    end = 0
    for found in _INSERTION.finditer(text):
        origin += [*range(end, found.start()), *range(*found.span(1))]
        end = found.end()
    origin += range(end, len(text))
    return Shown("".join(text[index] for index in origin), tuple(origin))


def shown_on(channel: Channel, text: str) -> Shown:
    """*text* as a reader of *channel* sees it."""
    return expand(text) if "dki_default_must_fit" in channel.rules else as_written(text)
