"""The files of the law: each says what it means or is refused, and what it says is of use."""

import re
from pathlib import Path

import pytest

from adloom.checks.law import load_law, read_law
from adloom.checks.reading import read
from adloom.core.errors import BadConfiguration
from tests.checks.laws import clauses

MARKETS = ("cn", "eu", "us")
GOOD = """
variants = "級级"
[sources]
act = "An act"
[[clauses]]
rule = "xx_claim"
severity = "error"
says = "It is forbidden."
sources = ["act"]
terms = ["grand(e|est)", "级"]
allowed = ['\\bgrand piano\\b']
"""


def law_of(folder: Path, text: str) -> Path:
    path = folder / "law.xx.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_makes_a_law(tmp_path: Path) -> None:
    law = read_law(law_of(tmp_path, GOOD))
    assert [finding.span for finding in law.check("The grandest 級", ())] == [(4, 12), (13, 14)]


def test_a_number_may_stand_in_digits_or_in_words(tmp_path: Path) -> None:
    words = GOOD.replace("variants", 'numbers = ["twenty", "five"]\nvariants').replace('"级"]', '"{number} boots"]')
    law = read_law(law_of(tmp_path, words))
    texts = ["Twenty-five boots", "25 boots", "Six boots", "Boots", "Twentyish boots"]
    assert [len([*law.check(text, ())]) for text in texts] == [1, 1, 0, 0, 0]


def test_without_words_for_numbers_they_stand_in_digits(tmp_path: Path) -> None:
    law = read_law(law_of(tmp_path, GOOD.replace('"级"]', '"{number} boots"]')))
    assert [len([*law.check(text, ())]) for text in ("25 boots", "Five boots", "Boots")] == [1, 0, 0]


def test_a_sign_is_found_between_marks_and_may_be_innocent(tmp_path: Path) -> None:
    signs = GOOD.replace("allowed = [", "signs = ['(?<=-)\\d+ ?%']\nallowed = ['-\\d+ ?% fat', ")
    law = read_law(law_of(tmp_path, signs))
    assert [finding.span for finding in law.check("Now -40 %, was 40%, -30% fat", ())] == [(5, 9)]


def test_a_context_saves_what_a_later_and_shorter_one_does_not(tmp_path: Path) -> None:
    contexts = GOOD.replace("allowed = [", "allowed = ['the grandest piano', 'e gra', ")
    law = read_law(law_of(tmp_path, contexts))
    assert [finding.span for finding in law.check("The grandest piano, the grandest tour", ())] == [(24, 32)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("severity =", "severty ="),
        ("severity =", 'note = ""\nseverity ='),
        ("variants =", 'note = ""\nvariants ='),
        ('"error"', '"fatal"'),
        ("[sources]", "[sauces]"),
        ('sources = ["act"]', 'sources = ["akt"]'),
        ('sources = ["act"]', "sources = []"),
        ('"级"]', '""]'),
        ('"级"]', '"!"]'),
        ('"级"]', '"the end. "]'),
        ("piano", "Piano"),
        ("allowed =", "signs = ['PIANO']\nallowed ="),
        ("variants =", 'numbers = [""]\nvariants ='),
        ("variants =", 'numbers = ["!"]\nvariants ='),
        ("piano", "piáno"),
        ("piano", "(piano"),
        ('"級级"', '"級级好"'),
        ('rule = "xx_claim"', 'rule = "Claim"'),
        ('terms = ["grand(e|est)", "级"]', "terms = []"),
        ("[[clauses]]", "[[clauses"),
    ],
)
def test_a_file_that_says_something_else_is_refused_by_name(tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises(BadConfiguration, match=r"law\.xx\.toml"):
        read_law(law_of(tmp_path, GOOD.replace(old, new)))


def test_a_misspelt_source_is_told_what_was_meant(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="Did you mean 'act'"):
        read_law(law_of(tmp_path, GOOD.replace('["act"]', '["akt"]')))


@pytest.mark.parametrize("market", ["xx", "", "../data/law.us", "US"])
def test_a_market_without_a_law_is_an_error_that_names_the_others(market: str) -> None:
    with pytest.raises(BadConfiguration, match="Known: cn, eu, us"):
        load_law(market)


def test_a_file_is_read_once() -> None:
    assert load_law("cn") is load_law("cn")


@pytest.mark.parametrize("market", MARKETS)
def test_every_rule_is_of_its_market_and_has_one_severity(market: str) -> None:
    rules = [clause.rule for clause in clauses(market)]
    assert all(rule.startswith(f"{market}_") for rule in rules)
    assert len(set(rules)) == len(rules)


@pytest.mark.parametrize("market", MARKETS)
def test_every_clause_says_what_to_do(market: str) -> None:
    for clause in clauses(market):
        assert re.search(r"\b(Prove|State|Say|Leave)\b", clause.says), clause.rule


def test_every_simplified_character_of_the_table_stands_in_a_term_or_a_context() -> None:
    law = load_law("cn")
    used = {char for clause in clauses("cn") for words in (*clause.terms, *clause.allowed) for char in words}
    assert set(law.variants.values()) <= used
    assert not set(law.variants) & used


@pytest.mark.parametrize("text", ["", " ", "\u200b", "🔥", "\n\n", "...", "%", "#"])
def test_a_text_without_letters_reads_as_none(text: str) -> None:
    assert read(text, {}).bare.strip("\n%#") == ""
