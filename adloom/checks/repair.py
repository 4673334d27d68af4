"""Proposes how a text could run: what a program can mend without saying anything else, and nothing more.

A text is never cut inside a word or a clause: what is too long loses whole sentences or clauses at its end.  Where
that does not help, or what would go is a condition of what stays, there is no proposal.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from adloom.channels import TextField, fits
from adloom.checks.findings import Finding, Severity
from adloom.checks.matching import Span

Judge = Callable[[str], list[Finding]]  #: what is to be said about a text
Mend = Callable[[str, Span], str]

_STEPS = 40  #: findings in one text; one that has more is no text to mend
_MOST = 4  #: times its field's length: so far too long is no text to mend either
_LEAST = 0.3  #: of the limit: what is left of a text that loses more is no text any more


def repair(text: str, judge: Judge, field: TextField) -> str | None:
    """*text* without what *judge* holds against it; None where it has nothing, or a person has to write anew."""
    if len(text) > _MOST * max(field.aim, 100):
        return None
    mended = text
    for _ in range(_STEPS):
        found = [one for one in judge(mended) if one.severity != Severity.EVIDENCE]
        mendable = next((one for one in found if one.rule in _MENDS), None)
        if mendable is None:
            if any(one.rule == "max_length" for one in found):
                shorter = next(_shorter(mended, field), None)
                if shorter is None:
                    return None
                mended = shorter
                continue
            runs = bool(mended.strip()) and all(one.severity == Severity.WARNING for one in found)
            return mended if runs and mended != text else None
        changed = _MENDS[mendable.rule](mended, mendable.span)
        if changed == mended:
            return None
        mended = changed
    return None


def _shorter(text: str, field: TextField) -> Iterator[str]:
    """Beginnings of *text* that end with a sentence or else a clause, and fit; the longest first."""
    least = _LEAST * len(text) if field.max_length is None else min(_LEAST * field.max_length, len(text))
    for ends in (_SENTENCE_END, _CLAUSE_END):
        for found in reversed(list(ends.finditer(text))):
            kept, gone = text[: found.end("kept")].rstrip(), text[found.end("kept") :]
            if _CONDITION.search(gone):
                return  # every shorter beginning would lose it too
            if len(kept) >= least and fits(kept, field) and not _joins(text, found.end("kept")):
                yield kept.rstrip(".。") if field.is_headline else kept


def _joins(text: str, at: int) -> bool:
    """Whether what stands at *at* belongs to the character before it."""
    return at < len(text) and (unicodedata.category(text[at]).startswith("M") or _JOINS.match(text, at) is not None)


#: joiners, the vowels, voicings, skin tones and tags that are no marks to Unicode, and are drawn on what is before them
_JOINS = re.compile("[\u200c\u200d\u0e33\u0eb3\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_SENTENCE_END = re.compile(r"(?P<kept>[.!?](?=\s)|[。！？])")
_CONDITION = re.compile(  # what says when, for whom or for what the rest does not hold
    r"\d|[*†]|[仅只除不无限满凭需]|\b(?:only|except|excluding|not|no|without|if|unless|until|while|when|terms|selected|members?"
    r"|nur|außer|ohne|nicht|kein\w*|wenn|bis|solange|ausgewählte|sauf|seulement|sans|pas|si|jusqu\w*|hors"
    r"|solo|sólo|salvo|excepto|sin|hasta|seleccionados)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"(?P<kept>(?<=\w))(?:[,;:](?=\s)|\s+[–—|·-]\s|[，；：、])")


def _delete(text: str, span: Span) -> str:
    start, end = span
    return _tidy(f"{text[:start]} {text[end:]}" if _divides(text, start, end) else text[:start] + text[end:])


def _divides(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()


def _tidy(text: str) -> str:
    return re.sub(r" +(?=[,.;:!?](?:\s|$))", "", re.sub(r"\s{2,}", " ", text)).strip(" ,;:")


def _calm(text: str, span: Span) -> str:
    """An exclamation mark that ends a sentence of several becomes a full stop; others go."""
    start, end = span
    if text[end:].strip() and text[end : end + 1].isspace():
        return f"{text[:start]}.{text[end:]}"
    return _delete(text, span)


def _once(text: str, span: Span) -> str:
    start, end = span
    run = text[start:end]
    if run.startswith(("…", "..")):
        return _delete(text, span) if not text[end:].strip() else f"{text[:start]}.{text[end:]}"
    return text[:start] + run[0] + text[end:]


def _recase(text: str, span: Span) -> str:
    start, end = span
    before = text[:start].split()
    follows = bool(before) and before[-1][0].islower() and before[-1][-1] not in ".!?"
    word = text[start:end]
    return text[:start] + (word.lower() if follows else word.capitalize()) + text[end:]


def _space(text: str, span: Span) -> str:
    start, end = span
    inner = text[start:end]
    if re.fullmatch(r"(?:\w )+\w", inner):  # s p a c e d, or a list of single letters
        return text
    mark = inner.strip()
    glue = "" if mark or not text[:start] or not text[end:] else " "
    return text[:start] + mark + glue + text[end:]


def _line(text: str, span: Span) -> str:
    start, end = span
    return f"{text[:start].rstrip()} {text[end:].lstrip()}".strip()


def _plain(text: str, span: Span) -> str:
    """Without decoration: marks around words go, dots between letters too; a sign that stands for a letter stays."""
    start, end = span
    inner = text[start:end]
    if re.fullmatch(r"(?:[^\W\d_][.\-*_])+[^\W\d_]\.?", inner):
        word = re.sub(r"[.\-*_]", "", inner)
        return text[:start] + (word.capitalize() if word.isupper() else word) + text[end:]
    bare = re.sub(r"[*~_=•‣⁃◦←-⇿■-◿]", "", inner)
    return _tidy(text[:start] + bare + text[end:]) if bare != inner else text


_MENDS: Mapping[str, Mend] = {
    "no_newline": _line,
    "no_exclamation_in_headline": _calm,
    "max_one_exclamation_per_ad_text": _calm,
    "no_repeated_punctuation": _once,
    "no_all_caps_words": _recase,
    "ms_no_excessive_caps": _recase,
    "no_emoji": _delete,
    "no_emoji_in_headline": _delete,
    "no_gimmicky_symbols": _plain,
    "no_gratuitous_spacing": _space,
    "tiktok_forbidden_chars": _delete,
}
