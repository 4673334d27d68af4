"""Length: a finding says exactly that a text is longer than its field takes, in any script and counting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adloom.channels import TextField, fits, measure
from adloom.channels.counting import METHODS
from adloom.checks.limits import check_length
from tests.channels.any_script import texts


@pytest.mark.parametrize("unit", METHODS)
@given(text=texts.filter(str.strip), limit=st.integers(1, 80))
def test_what_is_longer_than_the_limit_is_reported_and_nothing_else(unit: str, text: str, limit: int) -> None:
    field = TextField("headline", limit, unit)
    found = check_length(text, field)
    assert [one.rule for one in found] == ["max_length"] * (measure(text, unit) > limit)
    assert fits(text, field) == (not found)


@pytest.mark.parametrize("unit", METHODS)
@given(text=texts.filter(str.strip))
def test_a_limit_that_a_text_just_reaches_is_kept(unit: str, text: str) -> None:
    length = measure(text, unit)
    if length > 1:
        assert check_length(text, TextField("headline", length, unit)) == []
        assert [one.rule for one in check_length(text, TextField("headline", length - 1, unit))] == ["max_length"]
