"""The rules file: what it refuses, and that what is there is whole."""

import pytest

from adloom.channels import RULES, Scope
from adloom.channels.rules import read_rules

RULE = """
[no_shouting]
severity = "error"
scope = "text"
says = "Nobody shouts."
"""


@pytest.mark.parametrize("severity", ["error", "evidence", "warning"])
def test_a_rule_is_read_with_each_severity_there_is(severity: str) -> None:
    rule = read_rules(RULE.replace("error", severity))["no_shouting"]
    assert (rule.severity, rule.scope, rule.sources) == (severity, Scope.TEXT, ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"error"', '"info"'),
        ('"error"', '"Error"'),
        ('"error"', '""'),
        ('scope = "text"', 'scope = "advert"'),
        ("severity", "severtiy"),
        ("says", "sais"),
        ("says", 'source = "nobody"\nsays'),
    ],
)
def test_a_rule_that_is_not_well_described_is_refused_by_name(old: str, new: str) -> None:
    assert old in RULE
    with pytest.raises(ValueError, match="no_shouting"):
        read_rules(RULE.replace(old, new))


@pytest.mark.parametrize("name", RULES)
def test_a_rule_says_one_sentence_and_names_pages(name: str) -> None:
    rule = RULES[name]
    assert rule.says.endswith(".")
    assert len(rule.says) < 120
    assert all(source == source.strip() != "" for source in rule.sources)
