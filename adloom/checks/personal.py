"""Meta's rule of personal attributes: an ad does not say or imply who its reader is.

"Are you diabetic?" names the reader's health; "Socks for diabetics" does not.  Colours and ages of things are innocent.
"""

import re
from collections.abc import Iterator

from adloom.checks.matching import Span
from adloom.checks.setting import Setting

_STATES = (  # what someone is, and no thing
    "diabetic|depressed|overweight|obese|disabled|pregnant|infertile|autistic|bipolar|alcoholic|anorexic"
    "|hiv[- ]positive|bankrupt|unemployed|in debt|homeless|divorced|widowed|single mum|single mom|elderly|gay|lesbian"
    "|bisexual|transgender|christian|catholic|muslim|jewish|hindu|buddhist|atheist|mormon"
)
_AMBIGUOUS = (  # said of a reader only where the phrase ends: "are you white-water ready" goes on
    "broke|poor|retired|senior|teenager|addicted|queer|black|white|asian|latino|latina|hispanic|arab|immigrant|felon"
    r"|(?:over|under|above) \d\d"
)
_END = r"(?=\s*(?:$|[?.,!;:]|(?:and|or|woman|man|person|parent)\b))"
_CONDITIONS = (  # what someone has
    "diabetes|depression|anxiety|obesity|disability|infertility|autism|adhd|bipolar disorder|addiction|alcoholism"
    "|cancer|hiv|arthritis|asthma|acne|insomnia|psoriasis|incontinence|erectile dysfunction|migraines?|debts?"
    "|bad credit|bankruptcy|criminal record|felony"
)
_GROUPS = (  # of whom the reader would be one
    "diabetics|seniors|singles|christians|catholics|muslims|jews|hindus|gays|lesbians|asians|latinos|latinas"
    "|black (?:people|women|men)|immigrants|divorcees|alcoholics|addicts"
)
_CHINESE = "糖尿病|抑郁|肥胖|超重|残疾|怀孕|负债|失业|离异|单身|信用差|秃顶|脱发"

_PATTERN = re.compile(
    rf"\b(?:(?:if )?(?:are you|you are|you['’]re)|as an?)\s+(?:an?\s+)?(?:(?:{_STATES})\b|(?:{_AMBIGUOUS}){_END})"
    r"|\b(?:your|do you have|if you have|suffer(?:ing)? from|struggl(?:e|ing) with|living with)\s+(?:your\s+)?"
    rf"(?:{_CONDITIONS})\b"
    rf"|\b(?:other|fellow)\s+(?:{_GROUPS})\b"
    rf"|[你您](?:是不是|是否|有没有|是|有|患有|得了)?的?(?:{_CHINESE})",
    re.IGNORECASE,
)


def personal_attributes(text: str, setting: Setting) -> Iterator[Span]:
    """Every place where *text* tells its reader who he or she is."""
    return (found.span() for found in _PATTERN.finditer(text))
