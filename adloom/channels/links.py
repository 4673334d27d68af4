"""Links in running text, as X finds them: with a scheme or without, up to where their path ends."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_LATIN = r"0-9a-zÀ-ÖØ-öø-ɏḀ-ỿ"
_HOST = r"[^\s!-/:-@\[-`{-~\x00-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
_PATH = rf"[{_LATIN}\u0400-\u04ff!*';:=+,.$/%#\[\]_~&|@\-\u2010-\u2015]"
_QUERY = r"[0-9a-z!?*'();:&=+$/%#\[\]_.,~|@\-]"
_LONGEST_LABEL = 63


def between_links(text: str) -> list[str]:
    """What of *text* stands before, between and after its links: one piece more than there are links.

    A bare ``shop.example/sale`` is a link where its last label is a top-level domain; so X takes "now.It" for one.

    Sources: https://docs.x.com/fundamentals/counting-characters (undated; official page);
    https://github.com/twitter/twitter-text rb/lib/twitter-text/regex.rb @11a4852 (official repository).
    """
    pieces, end = [], 0
    for start, stop in find_links(text):
        pieces.append(text[end:start])
        end = stop
    return [*pieces, text[end:]]


def find_links(text: str) -> Iterator[tuple[int, int]]:
    """Where the links of *text* begin and end; `between_links` says what is one."""
    for found in _links().finditer(text) if "." in text else ():
        if all(_encoded_length(label) <= _LONGEST_LABEL for label in (found["host"] or found["bare"]).split(".")):
            yield found.span()


@cache  # not at import: the list of domains is long, and few texts have a full stop between letters
def _links() -> re.Pattern[str]:
    top = rf"(?:{'|'.join(_top_level_domains())}|xn--[0-9a-z]+)(?![0-9a-z@+\-])"
    return re.compile(
        rf"""(?: (?<![0-9a-z@＠$#＃]) https?:// (?P<host> {_domain(_HOST)}{top})
              | (?<![{_LATIN}@＠$#＃_./\-]) (?P<bare> {_domain(f"[{_LATIN}]")}{top}) )
            (?: :[0-9]+ )?
            (?: /(?:{_PATH}|\({_PATH}+\))* (?<=[{_LATIN}\u0400-\u04ff=_#/+)\-]) )?  # a full stop is the sentence's
            (?: \?{_QUERY}* (?<=[0-9a-z_&=#/\-]) )?
        """,
        re.VERBOSE | re.IGNORECASE,
    )


def _domain(char: str) -> str:
    """A pattern for labels of *char*, up to the last full stop; only subdomains may hold an underscore."""
    return rf"(?:{char}(?:(?:{char}|[_\-])*{char})?\.)*{char}(?:(?:{char}|-)*{char})?\."


def _top_level_domains() -> list[str]:
    """Every top-level domain of IANA's list, as it is written in links."""
    listed = (files("adloom.channels") / "top_level_domains.txt").read_text(encoding="ascii").casefold()
    names = [line for line in listed.splitlines() if not line.startswith("#")]
    return [name[4:].encode().decode("punycode") if name.startswith("xn--") else name for name in names]


def _encoded_length(label: str) -> int:
    """How long *label* is in a domain name, where other scripts are written in ASCII."""
    return len(label) if label.isascii() else len("xn--") + len(label.encode("punycode"))
