"""Ads of made-up advertisers: what is wrong with the wrong ones is found, and in the right ones nothing is.

A row's channel may name one slot (``iab_fixed:300x250``), and ``\\n`` in a text is a line break.  *market* is the one
whose law is asked besides that of the channel's own rules.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from adloom.channels import RULES, Scope, list_channels, parse_target
from adloom.checks import Finding, Severity
from adloom.checks.review import Reviewer
from adloom.core.brief import Brief, Market

LENIENT = {name for name, rule in RULES.items() if rule.severity == "warning"}
LENIENT |= {"cn_superlative_word", "cn_off_platform"}  # rules of the law that only warn
LIMITS = {"empty", "max_length", "min_length"}
NAMES_NEEDED = {"no_competitor_trademark", "sms_include_sender_name"}  # they compare with names, which no row has
SEEN_IN_ANY = {"recommended_length"}  # a hint about the display, not a fault

Ad = dict[str, str]


def read_ads(name: str) -> list[Ad]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))
    return [{**row, "text": row["text"].replace("\\n", "\n"), "line": str(at)} for at, row in enumerate(rows, start=2)]


WRONG, RIGHT = read_ads("ads_wrong.tsv"), read_ads("ads_right.tsv")


def name_of(ad: Ad) -> str:
    return f"line {ad['line']}: {ad.get('rule', '')} {ad['channel']} {ad['field']}"


def check(ad: Ad) -> list[Finding]:
    channel, slots = parse_target(ad["channel"])
    brief = Brief(language=ad["language"], markets=tuple(Market(market) for market in ad["market"].split()))
    reviewer = Reviewer(channel, slots, brief=brief)
    return reviewer.judge(ad["text"], reviewer.fields[ad["field"]])


def faults(ad: Ad) -> set[tuple[str, bool]]:
    """The rules that *ad* breaks, and whether that is no more than a warning."""
    return {(one.rule, one.severity is Severity.WARNING) for one in check(ad) if one.rule not in SEEN_IN_ANY}


@pytest.mark.parametrize("ad", WRONG, ids=name_of)
def test_what_is_wrong_with_an_ad_is_found_and_nothing_else(ad: Ad) -> None:
    assert faults(ad) == {(rule, rule in LENIENT) for rule in ad["rule"].split()}


@pytest.mark.parametrize("ad", RIGHT, ids=name_of)
def test_nothing_is_found_in_a_right_ad(ad: Ad) -> None:
    assert faults(ad) == set()


def test_there_are_300_of_each_and_none_twice() -> None:
    assert len(WRONG) == len(RIGHT) == 300
    seen = Counter((ad["channel"], ad["field"], ad["text"]) for ad in WRONG + RIGHT)
    assert [ad for ad, count in seen.items() if count > 1] == []


def test_every_rule_that_a_text_can_break_is_broken_four_times() -> None:
    broken = Counter(rule for ad in WRONG for rule in ad["rule"].split())
    rules = {name for name, rule in RULES.items() if rule.scope is Scope.TEXT and name != "cn_ad_law"}
    assert {rule for rule in rules - NAMES_NEEDED if broken[rule] < 4} == set()


def test_limits_and_laws_are_broken_sixty_times_each() -> None:
    limits = [ad for ad in WRONG if ad["rule"] in LIMITS]
    laws = [ad for ad in WRONG if ad["rule"] not in LIMITS and not set(ad["rule"].split()) & set(RULES)]
    assert min(len(limits), len(laws)) >= 60


@pytest.mark.parametrize("ads", [WRONG, RIGHT], ids=["wrong", "right"])
def test_every_channel_has_ads(ads: list[Ad]) -> None:
    assert {parse_target(ad["channel"])[0] for ad in ads} == {channel for channel in list_channels() if channel.is_ad}


def test_every_counting_method_is_exceeded() -> None:
    fields = [field for channel in list_channels() for field in channel.texts if field.max_length]
    assert {field.unit for field in fields} == {unit_of(ad) for ad in WRONG if ad["rule"] == "max_length"}


def unit_of(ad: Ad) -> str:
    channel, slots = parse_target(ad["channel"])
    return Reviewer(channel, slots).fields[ad["field"]].unit
