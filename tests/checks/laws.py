"""What the tests of the law share."""

from adloom.checks.law import Clause, check_law, load_law
from adloom.core.brief import Claim


def found(text: str, market: str, *claims: str) -> list[tuple[str, str]]:
    """The rule and the words of every finding in *text*; *claims* have evidence."""
    proved = [Claim(text=claim, evidence="Report 7") for claim in claims]
    return [(finding.rule, text[slice(*finding.span)]) for finding in check_law(text, markets=[market], claims=proved)]


def clauses(market: str) -> list[Clause]:
    """What the file of *market* says."""
    return [rule.clause for rule in load_law(market).rules]
