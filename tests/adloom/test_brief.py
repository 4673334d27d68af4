"""A brief's audiences and languages, a brand's past ads."""

from typing import Any

import pytest
from pydantic import ValidationError

from adloom.core.brand import Brand, PastAd
from adloom.core.brief import Audience, Brief

HIKERS, PARENTS = {"name": "Weekend hikers"}, {"name": "Parents", "values": ["light"]}


def brief(**fields: Any) -> Brief:  # Any: JSON
    return Brief.model_validate(fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"audiences": [HIKERS, {"name": "weekend-hikers"}]},
        {"audiences": [HIKERS], "audience": "Climbers"},
        {"audiences": [{"name": ""}]},
        {"audiences": [{"name": "x" * 61}]},
        {"audiences": [{"name": f"a{n}"} for n in range(11)]},
        {"audiences": [{"name": "a", "values": ["b"] * 21}]},
        {"languages": ["de", "DE"]},
        {"languages": ["German!"]},
        {"languages": ["de"], "language": "fr"},
        {"languages": [f"a{chr(97 + n)}" for n in range(11)]},
    ],
)
def test_audiences_and_languages_are_few_and_told_apart(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        brief(**fields)


def test_a_brief_without_audiences_is_for_whom_it_says() -> None:
    plain = brief(audience="anyone", language="de")
    assert plain.split() == [plain]
    assert (plain.own_audience, plain.labels) == (None, ())


def test_a_brief_splits_by_audience_and_language() -> None:
    split = brief(audiences=[HIKERS, PARENTS], languages=["de", "fr"]).split()
    assert [one.labels for one in split] == [
        ("weekend-hikers", "de"),
        ("weekend-hikers", "fr"),
        ("parents", "de"),
        ("parents", "fr"),
    ]
    assert split[2].own_audience == Audience(name="Parents", values=("light",))


@pytest.mark.parametrize("chosen", [{"audience": "Parents"}, {"language": "fr"}])
def test_a_brief_that_names_one_is_split_no_further(chosen: dict[str, str]) -> None:
    split = brief(audiences=[HIKERS, PARENTS], languages=["de", "fr"], **chosen).split()
    assert len(split) == 2
    assert {getattr(one, field) for one in split for field in chosen} == set(chosen.values())


def test_a_past_ad_is_a_text_or_a_text_of_a_field() -> None:
    brand = Brand.model_validate({"name": "B", "past_ads": ["Walk on.", {"text": "Boots", "field": "headline"}]})
    assert brand.exemplars == (PastAd(text="Walk on."), PastAd(text="Boots", field="headline"))


@pytest.mark.parametrize("ads", [["x"] * 21, ["x" * 501], [""], [{"field": "headline"}]])
def test_past_ads_are_few_and_short(ads: list[Any]) -> None:
    with pytest.raises(ValidationError):
        Brand.model_validate({"name": "B", "past_ads": ads})
