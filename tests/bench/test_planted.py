"""Judge and checks refuse what was planted and let honest lines run, also those that were held back."""

import pytest

from bench.planted import read_cases, read_products, score, verdicts_of

CASES = read_cases()
SCORES = {(one.judge, one.split): one for one in score(CASES, verdicts_of(read_products()))}


def test_there_is_enough_of_both_and_a_third_was_held_back() -> None:
    assert sum(case.fault != "ok" for case in CASES) >= 120
    assert sum(case.fault == "ok" for case in CASES) >= 80
    assert sum(case.split == "held" for case in CASES) * 3 >= len(CASES) * 0.95
    assert len({(case.product, case.text) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("split", ["tuned", "held"])
def test_the_judge_refuses_garbage_and_nothing_else(split: str) -> None:
    found = SCORES["judge", split]
    assert found.refused >= 0.95
    assert found.accepted >= 0.95


@pytest.mark.parametrize("split", ["tuned", "held"])
def test_no_garbage_that_a_network_might_write_passes_the_checks(split: str) -> None:
    assert SCORES["checks of free lines", split].refused >= 0.95


def test_the_checks_refuse_garbage_and_nothing_else() -> None:
    assert SCORES["checks", "all"].refused >= 0.95
    assert SCORES["checks", "all"].accepted >= 0.95
