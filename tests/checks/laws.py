"""What the tests of the law share."""

from collections.abc import Sequence

from adloom.checks.law import Clause, check_law, load_law
from adloom.checks.matching import is_inside
from adloom.checks.reading import read
from adloom.core.brief import Claim


def found(text: str, market: str, *claims: str) -> list[tuple[str, str]]:
    """The rule and the words of every finding in *text*; *claims* have evidence."""
    proved = [Claim(text=claim, evidence="Report 7") for claim in claims]
    return [(finding.rule, text[slice(*finding.span)]) for finding in check_law(text, markets=[market], claims=proved)]


def clauses(market: str) -> list[Clause]:
    """What the file of *market* says."""
    return [rule.clause for rule in load_law(market).rules]


def idle_contexts(market: str, innocents: Sequence[str]) -> list[str]:
    """The contexts of *market* that save none of *innocents*."""
    law = load_law(market)
    readings = [read(text, law.variants) for text in innocents]
    return [
        pattern
        for rule in law.rules
        for pattern, allowed in zip(rule.clause.allowed, rule.allowed, strict=True)
        if not any(
            is_inside(hit.span, [span for _, span in reading.find_plain(allowed)])
            for reading in readings
            for hit in rule.hits(reading)
        )
    ]
