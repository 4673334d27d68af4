"""Whether a headline can stand without the text that it is shown with."""

import re
from collections.abc import Iterator, Mapping

from adloom.checks.matching import Span, of_language, spans
from adloom.checks.setting import Setting

_ORDINAL = r"(?:first|second|third|fourth|fifth|last)\b"
_FRENCH_SUBJECT = r"(?:c['’]|l['’]|(?:vos|votre|nos|notre|tes|ton|ta|les|la|le|on|vous|nous|il|elle|tout|chaque)\b)"
_ENDS_OPEN = r"|[,;:，；：、&–—-]\s*$"

#: by language; "weil am rhein" is a town, the Oder a river, "et si on partait" and "komm mit" are whole sentences
_DEPENDENT: Mapping[str, re.Pattern[str]] = {
    language: re.compile(pattern + _ENDS_OPEN, re.IGNORECASE)
    for language, pattern in {
        "en": r"^\s*(?:and|or|but|nor|because|also|therefore|whereas)\b(?![-/]|['’]\w)"
        r"|^\s*then\b(?!\s*(?:(?:&|and)\s*now|again\b))"
        rf"|^\s*(?:first|second|third|next|finally)\s*[,:](?!\s*(?:and\s|&\s)?{_ORDINAL})|^\s*step\s*\d"
        r"|\b(?:and|or|but|with|the|an|your|our)\s*$",
        "de": r"^\s*(?:und|oder(?!\s?radweg|,)|aber(?!\s+hallo)|sondern|denn|weil(?!\s+am\s+rhein)|sodass|obwohl|dann"
        r"|außerdem|deshalb)\b(?![-/]|['’]\w)"
        r"|(?<!\bkomm\s)(?<!\bkommt\s)(?<!\bmach\s)(?<!\bmacht\s)(?<!\bfahr\s)(?<!\bfahrt\s)\bmit\s*$"
        r"|\b(?:und|oder|für|von|sowie)\s*$",
        "fr": r"^\s*(?:et(?!\s+si\b)|mais|ou|donc|puis|parce\s+qu(?:e|['’])|puisqu(?:e|['’])"
        rf"|car(?=\s+{_FRENCH_SUBJECT}))(?<!['’])\b(?![-/])|^\s*(?:parce\s+|puis)qu['’]|\b(?:et|ou|avec|pour|de)\s*$",
        "es": r"^\s*[¿¡]?(?:(?:y(?!\s+si\b)|e|o|u)(?=\s)|(?:pero|sino|porque|pues|entonces|además|así\s+que)\b(?![-/]))"
        r"|\b(?:y|o|con|para|de)\s*$",
        "zh": "^\\s*(?:而且|但是|可是|并且|並且|然后|然後|所以|以及|因此|另外|(?:因为|因為)(?!.*所以))",
    }.items()
}


def dependent_headline(text: str, setting: Setting) -> Iterator[Span]:
    """What ties a headline to another text: conjunctions, counting, an open end; in its own language where known."""
    if not setting.is_headline:
        return
    seen: set[Span] = set()  # every language knows the open end
    for language in of_language(_DEPENDENT, setting.language):
        found = set(spans(_DEPENDENT[language], text)) - seen
        seen |= found
        yield from sorted(found)
