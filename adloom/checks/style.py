"""How a text is typed: punctuation, capitals, symbols, spaces.  Each function finds the breaches of one rule."""

import re
from collections.abc import Iterator

from adloom.checks.matching import SPACED, Span, folded, spans
from adloom.checks.setting import Setting

_REPEATED = re.compile(r"([?.,;:。、*~\-_=+#$%&|\\]|(?<!:)/)\1+|[!?]{2,}|…+")  # after folding: ！ is !, ， is ,
_PLUS_LANGUAGE = re.compile(r"(?<![^\W_])C\+\+")

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_LEAST_CAPITALS = 4
#: acronyms of four letters and more that shoppers know; shorter ones are never reported
_ACRONYMS = """
AMOLED ANSI ASTM ATEX CCTV CMOS COVID DSLR EPDM FIFA GLONASS GORE GPRS GTIN HDMI HDTV HEPA HIIT HTML HVAC IEEE IMAX
IPTV ISBN JPEG LGBT LGBTQ LIDAR MERV MIDI MIPS MOLLE MSRP NASA NATO NVME OEKO OLED OPEC PETG PTFE QLED RFID SATA SONAR
STEM UEFA UHMWPE UIAA UNESCO UNICEF USDA VOIP WLAN XXXL XXXXL
"""
ACRONYMS = frozenset(_ACRONYMS.split())

_PHONE = re.compile(
    rf"(?<!{SPACED})(?<![.,])(?:"
    r"""\+\d(?:[\s().\-/]*\d){6,14}                                     # +49 30 1234567
      | (?:1[\s.\-])?(?:\(\d{3}\)\s?|\d{3}[\s.\-])\d{3}[\s.\-]\d{4}     # (555) 123-4567, 400-820-8820
      | 1[\s.\-]8(?:00|33|44|55|66|77|88)[\s.\-][A-Z\d][A-Z\d\-]{5,8}   # 1-800-FLOWERS
      | (?!\d\d[./\-]\d\d[./\-]\d{4})                                   # a date, or else:
        \(?0\d{1,4}\)?(?:[\s./\-]{1,3}\d{2,8}){1,5}                     # 030 1234567, 01 23 45 67 89
      | 0\d{8,10} | 1[3-9]\d{9}                                         # 0301234567; a mobile in China
      | (?:(?i:call|phone|tel|text|whatsapp|hotline|ring)|电话|热线|致电|☎)[\s:.]{0,3}\d(?:[\s.\-]?\d){5,14}
    """
    rf")(?!{SPACED})",
    re.VERBOSE,
)
_LEAST_DIGITS = 7

#: pictographs by block, with what joins and colours them; ©, ® and ™ count only when drawn as emoji
_PICTOGRAPHS = re.compile(
    "(?:[\U0001f000-\U0001faff\u2600-\u27bf\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25fb-\u25fe"
    "\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299]|.\ufe0f|[\u200d\ufe0f\u20e3])+"
)
_HALF_WIDTH = re.compile("[\uff65-\uff9f]+")

_GIMMICKS = re.compile(
    r"""(?P<decorated> (?<!\w)(?P<mark>[*~_=])\w[^*~_=]*(?P=mark)(?!\w) | ^\s*\*+\s | (?<!\S)[•‣⁃◦]|[•‣⁃◦←-⇿■-◿] )
      | (?<!\w)(?:[^\W\d_][.\-*_]){3,}[^\W\d_](?!\w)              # F.L.O.W.E.R.S.; U.S.A. is shorter
      | (?<![\w@.])(?:[A-Za-z][a-z]*[0134@$][a-z]{3,}|[A-Za-z][a-z]+[0134@$][a-z]{2,})(?![\w@.]\w)(?!\w)  # f1owers
      | (?<![\w$])\$[a-z]{2,}                                     # $ave
      | (?<![A-Za-z])(?:[cdkm]?m|ft|in|yd|mi)[²³](?P<measure>)    # m², cm³
      | [¹²³⁰ⁱ⁴-₎ₐ-ₜʰ-ʸˠ-ˤᴬ-ᵪ①-⓿\U0001d400-\U0001d7ff]+
    """,
    re.VERBOSE,
)

_SPACING = re.compile(
    r"(?<=\S)[ \t\u00a0\u3000]{2,}(?=\S)|^\s+|\s+$|(?<!\w)(?:[^\W\d_] ){3,}[^\W\d_](?!\w)|(?<=\w) +[,.](?!\w)"
)
_SPACE_BEFORE_MARK = re.compile(r"(?<=\w) +[!?:;](?![\w()])")

_DEPENDENT = re.compile(
    r"^\s*(?:and|or|but|nor|because|also|und|oder|aber|sondern|et|mais|donc|y|pero)\b|^\s*(?:而且|但是|并且|然后|所以|以及)"
    r"|^\s*then\b(?!\s*(?:&|and)\s*now)|^\s*(?:first|second|third|next|finally)\s*[,:]|^\s*step\s*\d"
    r"|\b(?:and|or|but|with|the|an|your|our|und|oder|mit|et|avec|con)\s*$|[,;:，；：、&–—-]\s*$",
    re.IGNORECASE,
)
_CLICK_HERE = re.compile(
    r"\b(?:click|tap|press)\s+here\b|\bclick\s+(?:this|now)\b|\bhier\s+klicken\b|\bklicken\s+sie\s+hier\b|\bcliquez\s+ici\b"
    r"|\bha[zg]a?\s+clic\s+aqu[ií]\b|\bclicca\s+qui\b|点击这里|点击此处|点这里|戳这里|ここをクリック|クリックはこちら",
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
    """Marks that stand twice, and ellipses; C++ is a name."""
    allowed = [*spans(_PLUS_LANGUAGE, text)]
    for start, end in spans(_REPEATED, folded(text)):
        if not any(first <= start and end <= last for first, last in allowed):
            yield start, end


def capitals(text: str, setting: Setting) -> Iterator[Span]:
    """Words in capitals that are no acronyms shoppers know."""
    for found in _WORD.finditer(text):
        word = re.sub("['’]", "", found.group())
        if len(word) >= _LEAST_CAPITALS and word.isalpha() and word.isupper() and word not in ACRONYMS:
            yield found.span()  # a word with digits is a code or a model, not shouting


def phone_number(text: str, setting: Setting) -> Iterator[Span]:
    """Telephone numbers as they are written in Europe, North America and China."""
    plain = folded(text)
    for start, end in spans(_PHONE, plain):
        if sum(char.isalnum() for char in plain[start:end]) >= _LEAST_DIGITS:
            yield start, end


def emoji(text: str, setting: Setting) -> Iterator[Span]:
    """Emoji, and katakana of half the width."""
    yield from spans(_PICTOGRAPHS, text)
    yield from spans(_HALF_WIDTH, text)


def headline_emoji(text: str, setting: Setting) -> Iterator[Span]:
    """Emoji, where the field is a headline."""
    return spans(_PICTOGRAPHS, text) if setting.is_headline else iter(())


def gimmicks(text: str, setting: Setting) -> Iterator[Span]:
    """Symbols and digits for letters, and decoration; m² is a measure."""
    return (found.span() for found in _GIMMICKS.finditer(text) if found["measure"] is None)


def spacing(text: str, setting: Setting) -> Iterator[Span]:
    """Spaces that are doubled, stand at an end, before punctuation or between letters."""
    yield from spans(_SPACING, text)
    if not setting.language.startswith("fr"):  # French sets a space before high marks
        yield from spans(_SPACE_BEFORE_MARK, text)


def dependent_headline(text: str, setting: Setting) -> Iterator[Span]:
    """What ties a headline to another text: conjunctions, counting, an open end."""
    return spans(_DEPENDENT, text) if setting.is_headline else iter(())


def braces(text: str, setting: Setting) -> Iterator[Span]:
    """Braces: what dynamic text leaves when it is malformed or has no default."""
    return spans(re.compile(r"[{}]"), text)


def newlines(text: str, setting: Setting) -> Iterator[Span]:
    """Line breaks, where the field is a single line."""
    return iter(()) if setting.multiline else spans(re.compile(r"[\r\n\v\f\x85\u2028\u2029]+"), text)


def click_here(text: str, setting: Setting) -> Iterator[Span]:
    """Calls to click that do not say what happens."""
    return spans(_CLICK_HERE, text)
