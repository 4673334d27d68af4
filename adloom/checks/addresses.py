"""Where a text names a place on the web, as its reader would type it."""

import re
from collections.abc import Iterator

from adloom.channels.links import find_links
from adloom.checks.matching import SPACED, Span, folded, is_inside, spans

_NAMED = re.compile(
    r"(?:https?://|www\.)[^\s，。！]*[^\s，。！.,!?;:'\"”’»…]"
    rf"|(?<!{SPACED})(?<![@.-])(?:[a-z\d-]{{1,63}}\.)+example(?:/[^\s，。！]*)?(?!{SPACED}|-)",  # no top-level domain
    re.IGNORECASE,
)

_MAY_BE = re.compile(r"[^\s.]\.[^\s.]|//")  # few texts have one; the list of domains is long


def links(text: str) -> Iterator[Span]:
    """Links with a scheme and without; "dry.It" ends a sentence and lacks a space."""
    plain = folded(text)
    if not _MAY_BE.search(plain):
        return
    named = [*spans(_NAMED, plain)]
    yield from named
    for span in find_links(plain):
        if not is_inside(span, named) and not _is_slip(plain[slice(*span)]):
            yield span


def _is_slip(link: str) -> bool:
    """Whether what seems a link is two words and the full stop between them, or a number and a word."""
    name, _, last = link.partition("/")[0].rpartition(".")
    return last.istitle() or not any(char.isalpha() for char in name)
