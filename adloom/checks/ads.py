"""Rules of all texts of an ad together: each text may be fine alone."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adloom.channels import Channel
from adloom.checks.matching import NOWHERE, SPACED, Span, find_names, is_inside
from adloom.checks.style import exclamations

_WORD = re.compile(rf"{SPACED}+(?:['’]{SPACED}+)?")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_LEAST_WORDS = 3


@dataclass(frozen=True)
class Ad:
    """The texts of one ad by field, for *channel*; *names* stand as they are."""

    texts: Mapping[str, Sequence[str]]
    channel: Channel
    names: Collection[str] = ()

    def each(self) -> Iterator[tuple[str, str]]:
        """Every text, after its field's name."""
        return ((field, text) for field, several in self.texts.items() for text in several)


#: finds the breaches of one rule in an ad: what to tell its author, and a place in the text that this quotes
AdCheck = Callable[[Ad], Iterator[tuple[str, Span]]]


def further_exclamations(ad: Ad) -> Iterator[tuple[str, Span]]:
    """Every exclamation mark after the ad's first, outside of names."""
    marks = [
        (f"Found another: {text}", span)
        for _, text in ad.each()
        for span in exclamations(text)
        if not is_inside(span, find_names(ad.names, text))
    ]
    return iter(marks[1:])


def duplicates(ad: Ad) -> Iterator[tuple[str, Span]]:
    """Texts that say the same as an earlier one; the words on a creative may repeat the ad's and stand apart."""
    seen: dict[tuple[bool, str], str] = {}
    may_repeat = {  # a path repeats what it leads to, an answer another question's
        field.name for field in ad.channel.texts if not field.written or field.follows
    }
    for field, text in ad.each():
        if field in may_repeat:
            continue
        key = (field.startswith("creative_"), _said(text))
        if key in seen:
            yield f"{field} repeats {seen[key]}: {text}", (0, len(text))
        seen.setdefault(key, field)


def too_few_words(ad: Ad) -> Iterator[tuple[str, Span]]:
    """Texts of the ad's own fields that are fewer than three words together, if there are any."""
    written = [field.name for field in ad.channel.texts if field.written]
    count = sum(_count_words(text) for field, text in ad.each() if field in written)
    if 0 < count < _LEAST_WORDS:
        yield f"Words found: {count}", NOWHERE


def _count_words(text: str) -> int:
    """Two characters count as a word where no space divides words."""
    return len(_WORD.findall(text)) + (len(_UNSPACED.findall(text)) + 1) // 2


def _said(text: str) -> str:
    """What *text* says, without width, case, spacing and closing marks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(".!?。 ")
