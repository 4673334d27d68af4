"""Whether the law of a market lets an ad say what it says: words that are forbidden, and claims that need a proof.

The words stand in data/law.<market>.toml, none of them here.  It screens for a lawyer and does not replace one.
"""

import bisect
import difflib
import itertools
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated

from pydantic import Field, StringConstraints

from adloom.checks.findings import Finding, Severity
from adloom.checks.matching import Span
from adloom.checks.reading import Reading, read
from adloom.core.brief import Claim
from adloom.core.errors import BadConfiguration
from adloom.core.products import Frozen, ShortText

_NUMBER = r"\d[\d.,]{0,15}"  # no more: a long row of digits would be read once for each of them


class Clause(Frozen):
    """Words that break one rule.

    A term is letters and numbers, in which ``(a|b)`` is either, ``{n}`` a number in digits and ``{number}`` one in
    digits or words; spaces and marks in it count for nothing.  *signs* and *allowed* are regular expressions, over
    lower case without accents, in which a space is any run of spaces and hyphens: what a sign matches is found as a
    term is, and what is found inside a match of *allowed* is innocent.
    """

    rule: Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)+$")]
    severity: Severity
    says: ShortText  #: what it is, which law says so and what to do; for the author of the text
    sources: Annotated[tuple[str, ...], Field(min_length=1)]  #: names of the file's [sources]
    terms: Annotated[tuple[str, ...], Field(min_length=1)]
    signs: tuple[str, ...] = ()  #: where marks tell, which terms pass over: -40%
    allowed: tuple[str, ...] = ()


class LawFile(Frozen):
    """What a market's file says.  Of two clauses with the same term the earlier one has it."""

    sources: dict[str, ShortText]
    variants: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^(\S\S(\s+|$))*$")] = ""
    """Pairs, divided by white space: a character, and the one that it counts as."""
    numbers: tuple[Annotated[str, Field(min_length=1)], ...] = ()  #: words, of which up to four make a number
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Term:
    """One thing to look for."""

    pattern: re.Pattern[str]
    lead: str  #: the characters it begins with, bare; without them in a text there is no need to look
    is_sign: bool  #: over the plain text, else over the bare one

    def find(self, reading: Reading) -> Iterator[tuple[str, Span]]:
        """Every place where *reading* has it: what was found, and its span in the text."""
        return reading.find_plain(self.pattern) if self.is_sign else reading.find(self.pattern)


@dataclass(frozen=True)
class Rule:
    """A clause, ready to be looked for."""

    clause: Clause
    terms: tuple[Term, ...]
    allowed: tuple[re.Pattern[str], ...]  #: over the plain text

    def hits(self, reading: Reading) -> list["_Hit"]:
        """Every place where *reading* has a term, innocent or not."""
        likely = (term for term in self.terms if term.lead in reading.bare)
        found = [(term, *found) for term in likely for found in term.find(reading)]
        contexts = _Contexts(span for allowed in self.allowed if found for _, span in reading.find_plain(allowed))
        return [_Hit(self.clause, term, words, span, contexts.cover(span)) for term, words, span in found]


class _Contexts:
    """Spans, to be asked as often as a long text wants."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = [*itertools.accumulate((end for _, end in ordered), max)]  #: of a span and all before it

    def cover(self, span: Span) -> bool:
        """Whether one of them has all of *span*."""
        at = bisect.bisect_right(self._starts, span[0])
        return at > 0 and self._reach[at - 1] >= span[1]


@dataclass(frozen=True)
class _Hit:
    clause: Clause
    term: Term
    words: str
    span: Span
    is_innocent: bool

    def is_proved(self, proofs: Collection[Reading]) -> bool:
        repeated = (words for proof in proofs for words, _ in self.term.find(proof))
        return self.clause.severity is Severity.EVIDENCE and self.words in repeated


@dataclass(frozen=True)
class Law:
    """The law of one market, ready for many texts."""

    rules: tuple[Rule, ...]
    variants: Mapping[str, str]

    def check(self, text: str, claims: Sequence[Claim]) -> Iterator[Finding]:
        """What in *text* breaks this law and none of *claims* proves, in the order of the text."""
        reading = read(text, self.variants)
        proofs = [read(claim.text, self.variants) for claim in claims]
        for hit in _outermost([hit for rule in self.rules for hit in rule.hits(reading)]):
            if not (hit.is_innocent or hit.is_proved(proofs)):
                detail = f"{hit.clause.says} Found: {text[slice(*hit.span)]}"
                yield Finding(hit.clause.rule, hit.clause.severity, detail, hit.span)


def check_law(text: str, *, markets: Collection[str], claims: Sequence[Claim] = ()) -> list[Finding]:
    """What in *text* the law of *markets* forbids or wants proved, in the order of the text.

    A claim that repeats what was found is its proof; what is forbidden stays forbidden, whatever is claimed.

    Raises:
        BadConfiguration: there is no law of such a market; the message names those there are.
    """
    found = [finding for market in dict.fromkeys(markets) for finding in load_law(market).check(text, claims)]
    return sorted(found, key=lambda finding: (finding.span, finding.rule))


@cache
def load_law(market: str) -> Law:
    """The law of *market*: ``cn``, ``eu``, ``us``.

    Raises:
        BadConfiguration: there is none; the message names those there are.
    """
    known = {path.name.split(".")[1]: path for path in (files("adloom.checks") / "data").iterdir() if _is_law(path)}
    if market not in known:
        raise BadConfiguration(f"There is no law of a market {market!r}. Known: {', '.join(sorted(known))}.")
    return read_law(known[market])


def read_law(path: Traversable) -> Law:
    """The law that the file at *path* describes.

    Raises:
        BadConfiguration: it describes none; the message says which file and why.
    """
    try:
        file = LawFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        variants = {pair[0]: pair[1] for pair in file.variants.split()}
        numbers = _either(file.numbers, variants)
        law = Law(tuple(_compile(clause, variants, numbers) for clause in file.clauses), variants)
    except (ValueError, re.error) as error:  # no UTF-8, no TOML, not the keys of a law, no pair, no pattern
        raise BadConfiguration(f"{path.name} does not describe a law: {error}") from error
    if fault := next(_faults(file, variants), None):
        raise BadConfiguration(f"{path.name} does not describe a law: {fault}")
    return law


def _is_law(path: Traversable) -> bool:
    return path.name.startswith("law.") and path.name.endswith(".toml")


def _outermost(hits: list[_Hit]) -> list[_Hit]:
    """*hits* without those inside another, which says more; of two that are alike the earlier stays."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.span[0], -hit.span[1])):
        if not kept or hit.span[1] > kept[-1].span[1]:
            kept.append(hit)
    return kept


def _either(numbers: Collection[str], variants: Mapping[str, str]) -> str:
    """A number in digits, or in up to four of the words *numbers*."""
    words = [read(word, variants).bare for word in numbers]
    if not all(word.isalnum() for word in words):
        raise ValueError("A number has no letter, or more than letters.")
    return f"(?:{_NUMBER}|(?:{'|'.join(words)}){{1,4}})" if words else _NUMBER


def _compile(clause: Clause, variants: Mapping[str, str], numbers: str) -> Rule:
    terms = [
        Term(re.compile(_bare(one, variants, numbers)), read(one.split("{")[0], variants).bare, is_sign=False)
        for term in clause.terms
        for one in spell(term)
    ]
    signs = [Term(_spaced(sign), "", is_sign=True) for sign in clause.signs]
    return Rule(clause, (*terms, *signs), tuple(map(_spaced, clause.allowed)))


def _spaced(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", "(?:[ -]+)"))


def spell(term: str) -> Iterator[str]:
    """Every way to spell *term*.

    >>> [*spell("lowest price(s|)")]
    ['lowest prices', 'lowest price']
    """
    parts = [part.split("|") if at % 2 else [part] for at, part in enumerate(re.split(r"\(([^()]*)\)", term))]
    return ("".join(choice) for choice in itertools.product(*parts))


def _bare(term: str, variants: Mapping[str, str], numbers: str = "") -> str:
    places = {"{n}": _NUMBER, "{number}": numbers}
    parts = re.split(r"(\{n\}|\{number\})", term)
    return "".join(places.get(part) or re.escape(read(part, variants).bare) for part in parts)


def _faults(file: LawFile, variants: Mapping[str, str]) -> Iterator[str]:
    """What types alone do not say."""
    for clause in file.clauses:
        for name in (name for name in clause.sources if name not in file.sources):
            nearest = difflib.get_close_matches(name, file.sources, n=1)
            yield f"There is no source {name!r}." + "".join(f" Did you mean {one!r}?" for one in nearest)
        for term in clause.terms:
            if any(not bare or "\n" in bare for bare in (_bare(one, variants) for one in spell(term))):
                yield f"The term {term!r} has no letter, or ends a sentence."
        for pattern in (*clause.signs, *clause.allowed):
            if any(read(char, variants).plain not in {char, " "} for char in pattern if char.isalpha()):
                yield f"{pattern!r} would never match: write it in lower case, without accents."
