"""Telephone numbers, as they are written in Europe, North America and China."""

import re
from collections.abc import Iterator

from adloom.checks.matching import SPACED, Span, folded
from adloom.checks.setting import Setting

_CALLS = (
    r"call|dial|phone|tel|text|whatsapp|hotline|ring|telefon|anrufen|handy|tél|téléphone|appelez(?:\sle)?|teléfono|tlf|móvil"
    r"|ll[aá]m[ae](?:nos)?(?:\sal)?"
)
#: neither 05.03.2027, 01/2027-12/2028, 08.00-18.00 nor 05./06.03.2027
_NO_TIME = (
    r"(?!\d\d[./\-]\d\d[./\-]\d{4})(?!\d\d/\d{4}\s?[-–])"
    r"(?!\d\d\.\d\d\.?(?:\d{4})?\s?[-–/]\s?\d\d\.\d\d)(?!\d\d\.?[-–/]\s?\d\d\.\d\d\.\d{4})"
)
_PHONE = re.compile(
    rf"(?<!{SPACED})(?<![.,])(?:"
    r"""\+\d(?:[\s().\-/]*\d){6,14}                                     # +49 30 1234567
      | (?:1[\s.\-])?(?:\(\d{3}\)\s?|\d{3}[\s.\-])\d{3}[\s.\-]\d{4}     # (555) 123-4567, 400-820-8820
      | 1[\s.\-]8(?:00|33|44|55|66|77|88)[\s.\-][A-Z\d][A-Z\d\-]{5,8}   # 1-800-FLOWERS
      | \d(?P<gap>[ .\-])\d(?:(?P=gap)\d){5,14}                         # 6 1 7 5 5 5 0 1 4 2
      | [6-9]\d\d[ .\-]\d\d[ .\-]\d\d[ .\-]\d\d | [89]\d[ ]\d{3}[ ]\d\d[ ]\d\d  # 600 55 50 14, 91 555 01 42
    """
    rf"  | {_NO_TIME}"
    r"""\(?0\d{1,4}\)?(?:[\s./\-]{1,3}\d{2,8}){1,5}                     # 030 1234567, 01 23 45 67 89
      | 0\d{8,10} | 1[3-9]\d{9}                                         # 0301234567; a mobile in China
    """
    rf"  | (?:(?i:{_CALLS})|电话|热线|致电|☎)[\s:.]{{0,3}}\d(?:[\s.\-]?\d){{5,14}}"
    rf")(?!{SPACED})",
    re.VERBOSE,
)
_SPANISH = re.compile(
    rf"(?<!{SPACED})(?<![.,])(?<!\d )(?<![Dd]e )(?<!ncia )(?<!ef\. )[6-9]\d\d \d\d[1-9] \d{{3}}(?!{SPACED}| \d)"
)  # 612 345 678
_LEAST_DIGITS = 7
_COUNTING = "1234567890123456789"


def phone_number(text: str, setting: Setting) -> Iterator[Span]:
    """Telephone numbers; in Spanish those of nine digits too, which are large numbers elsewhere."""
    plain = folded(text)
    if not any(char.isdigit() for char in plain):
        return
    for found in _PHONE.finditer(plain):
        said = "".join(char for char in found.group() if char.isalnum())
        if len(said) >= _LEAST_DIGITS and not (found["gap"] and said in _COUNTING):
            yield found.span()
    if setting.language.startswith("es"):
        yield from (found.span() for found in _SPANISH.finditer(plain))
