"""The arithmetic of fair ranks."""

from services.fair import ranks


def test_each_item_stands_its_cost_behind_the_one_before() -> None:
    assert list(ranks([1, 2, 4], clock=10, finish=0)) == [11, 13, 17]


def test_what_an_owner_submits_next_stands_behind_what_it_has_waiting() -> None:
    first = list(ranks([1] * 100, clock=0, finish=0))

    assert list(ranks([1], clock=3, finish=first[-1])) == [101]


def test_nobody_saves_up_shares_while_idle() -> None:
    assert list(ranks([1], clock=50, finish=7)) == [51]


def test_twice_the_weight_moves_half_as_far() -> None:
    assert list(ranks([2, 2], clock=0, finish=0, weight=2)) == [1, 2]
