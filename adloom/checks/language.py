"""Is a text in the language it should be in?  By the letters it is written in, and by words that all texts have."""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib.resources import files

from adloom.checks.findings import Finding, Severity
from adloom.checks.matching import find_names
from adloom.checks.words import plain_letters

_WORD = re.compile(r"[^\W\d_]+")
_FOREIGN = 0.2  #: of a text's letters; fewer are a name or a sign
_LEAST = 2  #: words of another language; one is a name or a loan
_LATIN = "LATIN"


def check_language(text: str, language: str, names: Collection[str] = ()) -> list[Finding]:
    """What tells that *text*, but for *names*, is not in *language* (BCP 47); nothing where that is empty or unknown.

    A short text may have no word that tells, and passes.
    """
    scripts = _scripts_of(language)
    if not scripts:
        return []
    said = _without(text, find_names(names, text))
    letters = [_script(char) for char in unicodedata.normalize("NFKC", said) if char.isalpha()]
    foreign = [script for script in letters if not script.startswith((*scripts, _LATIN))]
    if len(foreign) > _FOREIGN * len(letters):
        return [_finding("wrong_script", f"{language!r} is not written in these letters.", text)]
    tells = scripts != (_LATIN,) and any(script.startswith(scripts) for script in letters)
    other = "" if tells else _other_language(said, language.partition("-")[0].lower())
    return [_finding("wrong_language", f"This reads as {other!r} and should be {language!r}.", text)] if other else []


def _other_language(text: str, language: str) -> str:
    """The language that more words of *text* tell of than of *language*; empty where none does for sure.

    Source: Grefenstette 1995, "Comparing two language identification schemes", section 3 (small words), JADT 1995
    """
    known = _common_words()
    if language not in known and _scripts().get(language) == (_LATIN,):
        return ""  # it may share its small words with any of the known ones
    words = {plain_letters(word) for word in _WORD.findall(_loans().sub(" ", text))}
    own = known.get(language, frozenset())
    counts = {other: len(words & common - own) for other, common in known.items() if other != language}
    best = max(counts, key=lambda other: counts[other])
    return best if counts[best] >= max(_LEAST, 1 + len(words & own)) else ""


def _finding(rule: str, detail: str, text: str) -> Finding:
    return Finding(rule, Severity.ERROR, detail, (0, len(text)))


def _without(text: str, spans: Collection[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _script(char: str) -> str:
    """What the Unicode name of a letter begins with; a modifier letter goes for any."""
    return _LATIN if char.isascii() or unicodedata.category(char) == "Lm" else unicodedata.name(char, "")


def _scripts_of(language: str) -> tuple[str, ...]:
    """What the names of letters of *language* begin with; empty where no file says, or the tag names a rarer script."""
    own, *rest = language.lower().split("-")
    script = next((tag for tag in rest if len(tag) == 4 and tag.isalpha()), "")
    if script == "latn":
        return (_LATIN,)
    return _scripts().get(own, ()) if script in ("", "hans", "hant") else ()


@cache
def _scripts() -> Mapping[str, tuple[str, ...]]:
    """By language what the names of its letters begin with."""
    data = tomllib.loads(_read("languages.toml"))
    written = {language: tuple(scripts.split()) for language, scripts in data["scripts"].items()}
    return {**{language: (_LATIN,) for language in data["latin"].split()}, **written}


@cache
def _loans() -> re.Pattern[str]:
    phrases = map(re.escape, sorted(tomllib.loads(_read("languages.toml"))["loans"], key=len, reverse=True))
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.IGNORECASE)


@cache
def _common_words() -> Mapping[str, frozenset[str]]:
    """By language what any advertisement may say, of the lexicons whose words are spelt in Latin letters."""
    return dict(_lexicons())


def _lexicons() -> Iterator[tuple[str, frozenset[str]]]:
    for path in files("adloom.checks").joinpath("data").iterdir():
        kind, _, language = path.name.removesuffix(".toml").partition(".")
        if kind == "lexicon" and _scripts()[language] == (_LATIN,):
            free = tomllib.loads(_read(path.name))["free"]
            yield language, frozenset(plain_letters(word) for text in free.values() for word in text.split())


def _read(name: str) -> str:
    return files("adloom.checks").joinpath("data", name).read_text(encoding="utf-8")
