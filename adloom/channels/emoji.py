"""One emoji, however many code points it is made of.  Platforms that count it once count it by this."""

import re

#: drawn as emoji wherever they stand; newer Unicode versions only fill gaps of these blocks
_PICTURE = "\U0001f000-\U0001f1e5\U0001f200-\U0001faff"
#: older signs, emoji when something says so: colour, skin or what they are joined to
_SIGN = (
    "©®‼⁉™ℹ\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0"
    "\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299"
)
_LOOK = "[\ufe0f\U0001f3fb-\U0001f3ff]"  # in colour, or of one of five skins
_MEMBER = f"[{_PICTURE}{_SIGN}]{_LOOK}?"

#: Source: https://www.unicode.org/reports/tr51/ section 1.4.9 (Unicode 17, 2025-09-04; official page).  The sequences
#: that devices draw as one picture are a list that grows; this is their grammar, which stays.
EMOJI = re.compile(
    rf"""[#*0-9]\ufe0f?\u20e3                                      # a key
      | [\U0001f1e6-\U0001f1ff]{{1,2}}                             # a flag is two letters
      | \U0001f3f4[\U000e0020-\U000e007e]+\U000e007f               # the flag of a part of a country
      | {_MEMBER}(?:\u200d{_MEMBER})+                              # a family, a profession
      | [{_PICTURE}]{_LOOK}? | [{_SIGN}]{_LOOK}
    """,
    re.VERBOSE,
)
