"""The labelled lines of five languages are told apart as often as docs/quality.md says."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bench.grounding import Case, judge, read_cases, score, score_all

CASES = read_cases()
JUDGED = judge(CASES)
LANGUAGES = {"en": 60, "de": 35, "fr": 35, "es": 35, "zh": 35}  #: at least so many lines of each
QUALITY = Path(__file__).parents[2] / "docs" / "quality.md"


def test_there_are_enough_lines_of_each_language_and_half_of_them_are_true() -> None:
    lines = Counter(case.language for case in CASES)
    assert all(lines[language] >= least for language, least in LANGUAGES.items())
    for language in LANGUAGES:
        mine = [case for case in CASES if case.language == language]
        assert 0.45 <= sum(case.verdict == "ok" for case in mine) / len(mine) <= 0.6
        assert 0.3 <= sum(case.split == "held" for case in mine) / len(mine) <= 0.4


def test_no_product_is_both_tuned_and_held() -> None:
    held = {case.product.title for case in CASES if case.split == "held"}
    assert not held & {case.product.title for case in CASES if case.split == "tuned"}


def test_wrong_lines_are_found_and_true_ones_are_left() -> None:
    found = score(JUDGED, "all", "all")
    assert found.recall >= 0.93
    assert found.precision >= 0.93


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_is_far_behind(language: str) -> None:
    found = score([(case, rules) for case, rules in JUDGED if case.language == language], language, "all")
    assert found.recall >= 0.88
    assert found.precision >= 0.9
    assert found.exact_recall >= 0.88


def test_the_page_on_quality_shows_these_figures() -> None:
    page = QUALITY.read_text(encoding="utf-8")
    for one in score_all(JUDGED):
        figures = (one.lines, one.wrong, one.precision, one.recall, one.exact_recall)
        row = r" \| ".join([one.language, one.split, *(re.escape(f"{figure:g}") for figure in figures)])
        assert re.search(rf"\| {row} \|", page), one


def test_the_score_counts_what_it_says() -> None:
    case = CASES[0]
    wrong = Case(case.language, case.split, case.product, case.brief, case.text, "ungrounded_number")
    true = Case(case.language, case.split, case.product, case.brief, case.text, "ok")
    judged = [
        (wrong, ["ungrounded_number"]),
        (wrong, ["foreign_name"]),
        (wrong, []),
        (true, ["ungrounded_word"]),
        (true, []),
    ]
    found = score(judged, "en", "tuned")
    assert (found.lines, found.wrong) == (5, 3)
    assert (found.precision, found.recall) == (0.667, 0.667)
    assert (found.exact_precision, found.exact_recall) == (0.333, 0.333)
