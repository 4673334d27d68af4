"""How a text is typed: punctuation, capitals, symbols, spaces.  Each function finds the breaches of one rule."""

import re
from collections.abc import Iterator

from adloom.checks.addresses import links
from adloom.checks.matching import SPACED, Span, folded, outside, spans
from adloom.checks.setting import Setting

_REPEATED = re.compile(  # after folding: ！ is !, ， is ,
    r"([?.,;:。、*~\-_=+#$%&|\\]|(?<!:)/)\1+|[!?]{2,}|…+|([.!?])(?:\s\2)+(?!\w)"
)
_NAMED_PLUS = re.compile(r"(?<![^\W_])(?:C\+\+|[A-G]\+{2,3})(?![\w+])")  # a language, classes of energy

_LETTER = SPACED.replace(r"^\W", r"^\W_")
_WORD = re.compile(rf"{_LETTER}+(?:['’][^\W\d_]+)?")
_LEAST_CAPITALS = 4
_CALLS = re.compile(r"(?<!\w)(?:ACT|BUY|GET|SEE|TRY|WIN) (?:ALL|IT|NOW|ONE|THE|YOUR)(?!\w)")  # short, and no acronyms
#: acronyms of four letters and more that shoppers know; shorter ones are never reported
_ACRONYMS = """
ADHD ADHS AMOLED ANSI APAC ASTM ATEX BPMN BREEAM CCPA CCTV CELTA CISSP CMOS COPD COVID CPAP DACH DALF DELE DELF DOCX
DSGVO DSHS DSLR EBITDA EMEA EPDM EPUB FIFA FODMAP GCSE GDPR GLONASS GMAT GORE GPRS GTIN HACCP HDMI HDPE HDTV HEPA HIIT
HIPAA HTML HTTP HTTPS HVAC IATA IBAN ICAO IEEE IELTS IFRS IMAX IPTV ISBN JPEG JSON LATAM LDPE LEED LGBT LGBTQ LIDAR
LSAT MBSR MCAT MERV MIDI MIPS MOLLE MSRP NASA NATO NCAA NEMA NVME NYSE OEKO OLED OPEC OSHA PADI PETG PMMA PTFE PTSD
QLED RFID RGPD SATA SEPA SONAR STEM TOEFL TOEIC TPMS UCAS UEFA UHMWPE UIAA UKCA UNESCO UNHCR UNICEF USDA VOIP WLAN
XLSX XXXL XXXXL YAML
"""
ACRONYMS = frozenset(_ACRONYMS.split())

#: pictographs by block, with what joins and colours them; ©, ® and ™ count only when drawn as emoji
_PICTOGRAPHS = re.compile(
    "(?:[\U0001f000-\U0001faff\u2600-\u27bf\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25fb-\u25fe"
    "\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299]|.\ufe0f|[\u200d\ufe0f\u20e3])+"
)
_HALF_WIDTH = re.compile("[\uff65-\uff9f]+")

#: letters of other scripts that look like Latin ones
_ALIKE = "аеорсухіјѕԁһкмтАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧονιρ"
_ELEMENT = "(?:[HCNOFSPKBIDQ]|Na|Mg|Al|Si|Cl|Ca|Ti|Mn|Fe|Co|Ni|Cu|Zn|Li|Ag|Zr|Ce|PM)"
#: what is left of words in ads whose first letter a digit may stand for; "5pack" and "3star" count things
_BEHEADED = (
    "0(?:range|ffer|nline|nly|rder|rgani|utlet|utdoor|ffice|riginal)|1(?:uxur|ove|oan|ight|eather|imited|nsur|nvest|mprov|uck)"
    "|3(?:legan|asy|xtra|xclus|arn|njoy|njoy|xpert|ssential|spresso)|4(?:mazing|fford|lways|ward|uthentic|dventure)"
    "|5(?:hoe|ale|ave|uper|neaker|tyle|ummer|mart|pecial|ofa|hirt|afe|ecur|print|leep|weet|ilver|avings|andal|carf|weater)"
)
_GIMMICKS = re.compile(
    rf"""
        (?<![\w₀-₉])(?:{_ELEMENT}[₀-₉]*){{0,5}}{_ELEMENT}[₀-₉ₓ]+(?:{_ELEMENT}[₀-₉]*){{0,5}}(?P<formula>)(?!\w)  # H₂SO₄
      | (?<!\w)(?=[A-Za-z]*[{_ALIKE}])(?=[{_ALIKE}]*[A-Za-z])[A-Za-z{_ALIKE}]+(?!\w)    # a Cyrillic е in Fresh
      | (?<![\w.,])(?:{_BEHEADED})[a-z]*(?!\w)                                         # 5hoes
      | (?<!\w)[A-Za-z]*[a-z][€£¥$¢]+[a-z]*(?!\w)(?!\s?\d)                            # Caf€
    """
    r"""
      | (?P<decorated> (?<!\w)(?P<mark>[*~_=])\w[^*~_=]*(?P=mark)(?!\w) | ^\s*\*+\s | (?<!\S)[•‣⁃◦]|[•‣⁃◦←-⇿■-◿] )
      | (?<!\S)(?:>{2,}|<{2,})(?!\S) | (?<=[^\W\d][ ])~(?=[ ][^\W\d])
      | (?<!\w)(?:[^\W\d_][.\-*_]){3,}[^\W\d_](?!\w)              # F.L.O.W.E.R.S.; U.S.A. is shorter
      | (?<![\w@.])(?:[A-Za-z][a-z]*[0134@$][a-z]{3,}|[A-Za-z][a-z]+[0134@$][a-z]{2,})(?![\w@.]\w)(?!\w)  # f1owers
      | (?<![\w$€£])[$€£][a-z]{2,}                               # $ave
      | (?<![A-Za-z])(?:[cdkm]?m|ft|in|yd|mi)[²³](?P<measure>)    # m², cm³
      | [¹²³⁰ⁱ⁴-₎ₐ-ₜʰ-ʸˠ-ˤᴀ-ᵪ①-⓿\U0001d400-\U0001d7ff]+
    """,
    re.VERBOSE,
)
_ARROWS = re.compile(r"^\s*[>»›~|=]+(?=\s+[^\W\d])|(?<=\s)[<«‹>»›~|=]+\s*$")  # at an end; inside, > is more than
_QUOTED = re.compile("[«‹][^«»‹›]*[»›]|[»›][^«»‹›]*[«‹]")

_SPACING = re.compile(
    r"(?<=\S)[ \t\u00a0\u3000]{2,}(?=\S)|^\s+|\s+$|(?<!\w)(?:[^\W\d_] ){3,}[^\W\d_](?!\w)|(?<=\w) +[,.](?!\w)"
)
_SPACE_BEFORE_MARK = re.compile(r"(?<=\w) +[!?:;](?![\w()])")

_CLICK_HERE = re.compile(
    r"\b(?:click|tap|press)\s+(?:right\s+)?here\b|\bclick\s+(?:this|now)\b"
    r"|\bhier\s+klicken\b|\b(?:klick|tipp)(?:en?|t)?\s+(?:(?:sie|doch|einfach)\s+)?hier\b"
    r"|\b(?:cliqu|tap|appuy)(?:ez|er?)[\s-]+ici\b"
    r"|\b(?:ha[zg]a?|da|dé|hacer)\s+cli(?:c|ck)\s+(?:aqu[ií]|acá)|\b(?:clica|clique|puls[ae]|pinch[ae])\s+aquí\b"
    r"|\bclicca\s+qui\b|[点點][击擊]?(?:这里|這裡|這裏|此处|此處)(?!的)|戳(?:这里|這裡|這裏)|ここをクリック|クリックはこちら",
    re.IGNORECASE,
)


def exclamations(text: str) -> list[Span]:
    """Every exclamation mark, of either width."""
    return list(spans(re.compile("!"), folded(text)))


def headline_exclamation(text: str, setting: Setting) -> Iterator[Span]:
    """Exclamation marks in a headline."""
    return iter(exclamations(text) if setting.is_headline else ())


def second_exclamation(text: str, setting: Setting) -> Iterator[Span]:
    """Every exclamation mark after the first."""
    return iter(exclamations(text)[1:])


def repeated_punctuation(text: str, setting: Setting) -> Iterator[Span]:
    """Marks that stand twice, and ellipses; C++ and A+++ are names, and an address is as it is."""
    found = [*spans(_REPEATED, folded(text))]
    return outside(found, [*spans(_NAMED_PLUS, text), *links(text)] if found else [])


def capitals(text: str, setting: Setting) -> Iterator[Span]:
    """Words in capitals that are no acronyms shoppers know; "{COUNTDOWN(" names a function."""
    for found in _WORD.finditer(text):
        if text[: found.start()].endswith("{") and text[found.end() :].startswith(("(", ":")):
            continue
        word = re.sub("['’]", "", found.group())
        if len(word) >= _LEAST_CAPITALS and word.isalpha() and word.isupper() and word not in ACRONYMS:
            yield found.span()  # a word with digits is a code or a model, not shouting
    yield from spans(_CALLS, text)


def emoji(text: str, setting: Setting) -> Iterator[Span]:
    """Emoji, and katakana of half the width."""
    yield from spans(_PICTOGRAPHS, text)
    yield from spans(_HALF_WIDTH, text)


def headline_emoji(text: str, setting: Setting) -> Iterator[Span]:
    """Emoji, where the field is a headline."""
    return spans(_PICTOGRAPHS, text) if setting.is_headline else iter(())


def gimmicks(text: str, setting: Setting) -> Iterator[Span]:
    """Symbols, digits and other scripts for letters, and decoration; m² is a measure, CO₂ a formula."""
    for found in _GIMMICKS.finditer(text):
        if found["measure"] is None and found["formula"] is None:
            yield found.span()
    if not _QUOTED.search(text):
        yield from spans(_ARROWS, text)


def spacing(text: str, setting: Setting) -> Iterator[Span]:
    """Spaces that are doubled, stand at an end, before punctuation or between letters."""
    yield from spans(_SPACING, text)
    if not setting.language.startswith("fr"):  # French sets a space before high marks
        yield from spans(_SPACE_BEFORE_MARK, text)


def braces(text: str, setting: Setting) -> Iterator[Span]:
    """Braces: what dynamic text leaves when it is malformed or has no default."""
    return spans(re.compile(r"[{}]"), text)


def newlines(text: str, setting: Setting) -> Iterator[Span]:
    """Line breaks, where the field is a single line."""
    return iter(()) if setting.multiline else spans(re.compile(r"[\r\n\v\f\x85\u2028\u2029]+"), text)


def click_here(text: str, setting: Setting) -> Iterator[Span]:
    """Calls to click that do not say what happens."""
    return spans(_CLICK_HERE, text)
