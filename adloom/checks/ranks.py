"""To be first among many: a superlative and the place or the market that it is claimed for."""

import re
from collections.abc import Iterator, Mapping

from adloom.checks.matching import SPACED, Span, folded, of_language, spans

_PLACES = (
    "world|planet|country|nation|europe|america|north america|asia|africa|britain|england|scotland|ireland|wales"
    "|germany|france|spain|italy|austria|switzerland|canada|australia|china|japan|india|uk|usa|london|new york|texas"
    "|california|industry|market"
)
_LIKE_SUPERLATIVES = (
    "forest|west|guest|nest|chest|rest|interest|harvest|request|contest|quest|test|vest|midwest|everest|honest|modest"
    "|budapest|latest|nearest|earliest"
)
_MEASURED = (
    "peak|mountain|river|lake|summit|island|cave|waterfall|glacier|railway|pass|trail"  # by geography, not by us
)
_EST = rf"(?!(?:{_LIKE_SUPERLATIVES})s?\b){SPACED}{{2,20}}est(?! (?:{_MEASURED})(?:e?s)?\b)"
_ENGLISH = rf"""
(?:{_PLACES}|city|town)['’]s (?:leading|favou?rite|premier|top|best|most {SPACED}{{3,20}}|{_EST})
|the (?:most (?!out|from){SPACED}{{3,20}}|leading|{_EST})
 (?:{SPACED}{{1,20}} ){{1,4}}?(?:in|on|of) (?:the |all )?(?:{_PLACES})
"""

_IN_GERMAN = "der welt|europas|deutschlands|österreichs|der schweiz|amerikas|auf dem markt|am markt|im land|des landes"
_FIRST = (  # a list: Küsten, kosten and die meisten end like a superlative
    "(?:führend|best|schnellst|größt|leichtest|beliebtest|stärkst|günstigst|modernst|kleinst|sicherst|leisest|schönst|feinst"
    "|schärfst|wärmst|nachhaltigst|innovativst|erfolgreichst|meistverkauft|meistgekauft)e[rnsm]?"
)
_GOODS = "software|app|anbieter|hersteller|marke|plattform|partner|shop|lösung|firma|händler|system"
_GERMAN = rf"""
(?:weltweit|{_IN_GERMAN}) {_FIRST}|(?:der|die|das|den|dem) {_FIRST} (?:{SPACED}{{2,30}} )?(?:{_IN_GERMAN})
|(?:der|die|das|dein|ihr) führende[rns]? {SPACED}{{0,20}}(?:{_GOODS})
"""

_IN_FRENCH = r"du monde|au monde|du marché|du pays|de france|d['’]europe|de suisse|de belgique"
_FRENCH = rf"""
(?:le|la|les) (?:{SPACED}{{2,20}} ){{0,3}}?(?:la |le |les )?plus {SPACED}{{3,20}}
 (?:{SPACED}{{1,20}} ){{0,3}}?(?:{_IN_FRENCH})
|préférée?s? des (?:français|françaises|européens|européennes|belges|suisses|québécois)
|leader (?:européen|français|mondial|incontesté)|(?:le|la) leader (?:du|de la|des)
"""

_IN_SPANISH = "del mundo|del mercado|del país|de españa|de europa|de méxico|de américa"
_SPANISH = rf"""
(?:el|la|los|las) (?:{SPACED}{{2,20}} ){{0,3}}?más {SPACED}{{3,20}} (?:{SPACED}{{1,20}} ){{0,3}}?(?:{_IN_SPANISH})
|(?:favorit|preferid)[oa]s? (?:de los españoles|de españa|de américa|de méxico|de europa)
|líder(?:es)? (?:en el mercado|del mercado|del sector|en españa|mundial|europeo)
"""

_CHINESE = """
(?:行业|行業|业界|業界|业内|業內|全球|国内|國內|国际|國際|世界)(?:领先|領先|领跑)(?![一两三0-9])
|遥遥领先|遙遙領先|行业领导者
"""


def _compiled(pattern: str) -> re.Pattern[str]:
    """A line break joins, a space is also a hyphen, and words are whole."""
    return re.compile(rf"(?<!{SPACED})(?:{pattern})(?!{SPACED})".replace("\n", "").replace(" ", r"[\s-]+"))


_RANKS: Mapping[str, re.Pattern[str]] = {
    "en": _compiled(_ENGLISH),
    "de": _compiled(_GERMAN),
    "fr": _compiled(_FRENCH),
    "es": _compiled(_SPANISH),
    "zh": _compiled(_CHINESE),
}


def ranks(text: str, language: str) -> Iterator[Span]:
    """Every place where *text* claims to be ahead of all others somewhere; *language* as in `find_wording`."""
    plain = folded(text, case=True)
    for one in of_language(_RANKS, language):
        yield from spans(_RANKS[one], plain)
