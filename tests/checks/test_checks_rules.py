"""Rules and functions belong together: none of either is left alone."""

import time

import pytest

from adloom.channels import RULES, Channel, Scope, TextField, list_channels
from adloom.checks import Severity, check_text
from adloom.checks.rules import AD_RULES, TEXT_RULES
from adloom.core.brand import Brand
from adloom.core.brief import Brief

#: what no function of these tables tells, and why
UNTOLD = {
    "cn_ad_law": "a law, screened apart",
    "no_competitor_trademark": "whose trademarks: the brand says; they are found on every channel",
    "landing_url_per_card": "texts carry no links; whoever exports the cards knows",
}


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.scope in (Scope.TEXT, Scope.AD)])
def test_a_rule_of_texts_has_a_function_or_a_reason(name: str) -> None:
    table = TEXT_RULES if RULES[name].scope is Scope.TEXT else AD_RULES
    assert (name in table) != (name in UNTOLD)


@pytest.mark.parametrize("name", [*TEXT_RULES, *AD_RULES])
def test_a_function_has_a_rule_that_says_how_bad_a_breach_is(name: str) -> None:
    assert Severity(RULES[name].severity)
    assert RULES[name].scope in (Scope.TEXT, Scope.AD)


@pytest.mark.parametrize("name", UNTOLD)
def test_a_reason_is_for_a_rule_there_is(name: str) -> None:
    assert name in RULES


@pytest.mark.parametrize("channel", list_channels(), ids=lambda channel: channel.id)
def test_every_text_rule_that_a_channel_names_is_checked(channel: Channel) -> None:
    named = [rule for rule in channel.rules if RULES[rule].scope is Scope.TEXT]
    assert [rule for rule in named if rule not in TEXT_RULES and rule not in UNTOLD] == []


def test_a_claim_asks_for_evidence() -> None:
    channel = Channel("one_rule", "any", "One rule", rules=("ms_supported_claims",))
    field = TextField("description", 90, "chars")
    [found] = check_text("The best boots", field=field, channel=channel, brand=None, brief=Brief())
    assert (found.rule, found.severity) == ("ms_supported_claims", Severity.EVIDENCE)
    assert found.detail.endswith("Found: best")


def test_what_is_missing_is_missing_although_the_text_begins_with_a_name() -> None:
    channel = Channel("one_rule", "any", "One rule", rules=("us_stop_opt_out",))
    field, brand = TextField("body", 160, "chars"), Brand(name="Daybird")
    [found] = check_text("Daybird: new boots", field=field, channel=channel, brand=brand, brief=Brief())
    assert (found.rule, found.span) == ("us_stop_opt_out", (0, 0))
    assert "Found" not in found.detail


@pytest.mark.parametrize("piece", ["1", "1,", "a", "登", ".", "a-", "#a", "x@", "rabat", '"', " "])
def test_the_longest_text_without_an_end_is_soon_checked(piece: str) -> None:
    text, channel = piece * 6000, Channel("all", "any", "All rules", rules=tuple(TEXT_RULES))
    began = time.monotonic()
    check_text(text, field=TextField("title", 99999, "chars"), channel=channel, brand=None, brief=Brief())
    assert time.monotonic() - began < 5
