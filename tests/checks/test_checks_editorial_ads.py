"""Limits, unwanted words, dynamic text, and what concerns all texts of an ad."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adloom.channels import TextField, load_channel, measure
from adloom.checks import Finding, Severity, check_ad, check_text
from adloom.checks.dynamic import expand
from adloom.checks.matching import find_term, folded
from adloom.core.brand import Brand
from adloom.core.brief import Brief, Claim, Market

GOOGLE, META = load_channel("google_rsa"), load_channel("meta_feed")
HEADLINE, DESCRIPTION = GOOGLE.texts[:2]
AD = {"headline": ["Warm Boots", "Dry All Day", "Leather Upper"], "description": ["Soft lining.", "Made for rain."]}


def rules_of(findings: list[Finding]) -> list[tuple[str, Severity]]:
    return [(finding.rule, finding.severity) for finding in findings]


def check(
    text: str, field: TextField = HEADLINE, *, brand: Brand | None = None, brief: Brief | None = None
) -> list[Finding]:
    return check_text(text, field=field, channel=GOOGLE, brand=brand, brief=brief or Brief())


def check_texts(**texts: list[str]) -> list[Finding]:
    return check_ad({**AD, **texts}, channel=GOOGLE, brand=None, brief=Brief())


@pytest.mark.parametrize("text", ["x" * 30, "优" * 15, "é" * 30])
def test_a_headline_may_be_as_long_as_the_limit(text: str) -> None:
    assert check(text) == []


@pytest.mark.parametrize("text", ["x" * 31, "优" * 16, "优" * 15 + "x"])
def test_one_more_is_an_error_in_the_channels_own_counting(text: str) -> None:
    [found] = check(text)
    assert (found.rule, found.severity) == ("max_length", Severity.ERROR)
    assert "at most 30" in found.detail


def test_a_soft_limit_only_warns() -> None:
    soft = TextField("headline", 10, "chars", hard_limit=False)
    assert rules_of(check("Warm leather", soft)) == [("max_length", Severity.WARNING)]


def test_what_may_be_cut_off_is_a_warning() -> None:
    text = "Warm boots for wet days. " * 6
    found = check_text(text.strip(), field=META.texts[0], channel=META, brand=None, brief=Brief())
    assert rules_of(found) == [("recommended_length", Severity.WARNING)]


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_text_is_an_error(text: str) -> None:
    assert ("empty", Severity.ERROR) in rules_of(check(text))


def test_of_dynamic_text_only_the_default_counts() -> None:
    assert check("{KeyWord:Trail Running Shoes For Men}") == []
    assert rules_of(check("{KeyWord:Trail Running Shoes For Women Too!}")) == [
        ("max_length", Severity.ERROR),
        ("no_exclamation_in_headline", Severity.ERROR),
    ]


def test_where_a_channel_knows_no_dynamic_text_it_is_text() -> None:
    field = TextField("headline", 20, "chars")
    found = check_text("{KeyWord:Trail Shoes}", field=field, channel=META, brand=None, brief=Brief())
    assert [one.rule for one in found] == ["max_length"]


def test_a_finding_in_dynamic_text_points_into_what_was_written() -> None:
    text = "Buy {KeyWord:FREE Boots} now"
    [found] = check(text)
    assert text[slice(*found.span)] == "FREE"


@given(st.text(alphabet="ab{}:KeyWord ", max_size=40))
def test_every_shown_character_stands_where_its_origin_says(text: str) -> None:
    shown = expand(text)
    assert shown.text == "".join(text[index] for index in shown.origin)
    assert list(shown.origin) == sorted(set(shown.origin))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("cheap", "So cheap!"),
        ("cheap", "CHEAP boots"),
        ("cheap", "ｃｈｅａｐ boots"),
        ("low cost", "A low-cost tent"),
        ("low-cost", "A low  cost tent"),
        ("最好", "全网最好的帐篷"),
        ("Nike", "比Nike更轻"),
        ("Nike", "Nike's soles"),
        ("#1", "The #1 tent"),
        ("안전", "안전한 헬멧"),
    ],
)
def test_a_forbidden_word_is_found(term: str, text: str) -> None:
    brief = Brief(forbidden_words=(term,))
    [found] = check_text(text, field=DESCRIPTION, channel=META, brand=None, brief=brief)
    assert (found.rule, found.severity) == ("forbidden_word", Severity.ERROR)
    assert found.span in list(find_term(term, text))


@pytest.mark.parametrize(("term", "text"), [("cheap", "Cheaper tents"), ("art", "Smart start"), ("Arc", "Arctic Arch")])
def test_a_forbidden_word_inside_another_is_none(term: str, text: str) -> None:
    assert check(text, DESCRIPTION, brief=Brief(forbidden_words=(term,))) == []


def test_a_brand_bans_words_and_competitors() -> None:
    brand = Brand(name="Daybird", banned_words=("cheap",), competitor_names=("Gravitator",))
    found = check("Not cheap as Gravitator", brand=brand)
    assert [one.rule for one in found] == ["banned_word", "competitor_name"]


def test_an_unwanted_word_is_found_although_the_brand_is_called_so() -> None:
    brand = Brand(name="Cheap", banned_words=("cheap",))
    assert [one.rule for one in check("Cheap Boots", brand=brand)] == ["banned_word"]


@given(st.text(max_size=60))
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(folded(text)) == len(folded(text, case=True)) == len(text)


@given(st.text(max_size=60))
def test_any_text_can_be_checked(text: str) -> None:
    for channel in (GOOGLE, META):
        for finding in check_text(text, field=channel.texts[0], channel=channel, brand=None, brief=Brief()):
            start, end = finding.span
            assert 0 <= start <= end <= len(text)


@given(st.text(max_size=45))
def test_length_is_judged_as_it_is_measured(text: str) -> None:
    too_long = any(
        one.rule == "max_length"
        for one in check_text(text, field=META.texts[1], channel=META, brand=None, brief=Brief())
    )
    assert too_long == (bool(text.strip()) and measure(text, "chars") > META.texts[1].max_length)


def test_a_complete_ad_has_no_findings() -> None:
    assert check_texts() == []


def test_too_few_texts_are_an_error() -> None:
    assert rules_of(check_texts(headline=["Warm Boots", "Dry All Day"])) == [("min_items", Severity.ERROR)]
    assert rules_of(check_ad({}, channel=GOOGLE, brand=None, brief=Brief())) == [("min_items", Severity.ERROR)] * 2


def test_too_many_texts_are_an_error() -> None:
    assert rules_of(check_texts(description=[f"Number {n}" for n in range(5)])) == [("max_items", Severity.ERROR)]


@pytest.mark.parametrize("again", ["Warm Boots", "warm boots", "Ｗａｒｍ Boots", "Warm  boots."])
def test_a_text_that_says_the_same_again_is_a_warning(again: str) -> None:
    found = check_texts(headline=[*AD["headline"], again])
    assert rules_of(found) == [("no_duplicate_assets", Severity.WARNING)]


def test_a_description_that_repeats_a_headline_is_a_duplicate() -> None:
    found = check_texts(description=["Warm boots.", "Made for rain."])
    assert rules_of(found) == [("no_duplicate_assets", Severity.WARNING)]


def test_the_words_on_a_creative_may_repeat_the_ads() -> None:
    assert check_texts(creative_headline=["Warm Boots"]) == []


def test_different_words_are_no_duplicates() -> None:
    assert check_texts(headline=["Warm Boots", "Warm Boot", "Boots, Warm"]) == []


def test_an_ad_has_one_exclamation_mark_at_most() -> None:
    assert check_texts(description=["Soft lining!", "Made for rain."]) == []
    found = check_texts(description=["Soft lining!", "Made for rain！"])
    assert rules_of(found) == [("max_one_exclamation_per_ad_text", Severity.ERROR)]
    assert "Made for rain" in found[0].detail


def test_a_channel_that_does_not_say_so_takes_more() -> None:
    ad = {"primary_text": ["Warm!", "Dry!"], "headline": ["Boots!"]}
    assert check_ad(ad, channel=META, brand=None, brief=Brief()) == []


def test_the_exclamation_mark_of_a_brands_name_is_its_own() -> None:
    ad = {**AD, "description": ["Yahoo! Mail.", "Made for Yahoo! users."]}
    assert check_ad(ad, channel=GOOGLE, brand=Brand(name="Yahoo!"), brief=Brief()) == []


@pytest.mark.parametrize(
    ("channel", "text", "brief", "rules"),
    [
        ("xiaohongshu_note", "国家级品质", Brief(), ["cn_absolute_claim"]),
        ("xiaohongshu_note", "走出第一步", Brief(), []),
        ("meta_feed", "国家级品质", Brief(), []),
        ("meta_feed", "国家级品质", Brief(markets=(Market.CN,)), ["cn_absolute_claim"]),
        ("meta_feed", "Climate neutral boots", Brief(markets=(Market.EU,)), ["eu_green_claim"]),
        (
            "meta_feed",
            "Climate neutral boots",
            Brief(markets=(Market.EU,), allowed_claims=(Claim(text="Climate neutral", evidence="Audit 7"),)),
            [],
        ),
    ],
)
def test_the_law_of_the_channels_and_the_briefs_markets_holds(
    channel: str, text: str, brief: Brief, rules: list[str]
) -> None:
    found = load_channel(channel)
    field = found.texts[0]
    assert [one.rule for one in check_text(text, field=field, channel=found, brand=None, brief=brief)] == rules


def test_a_brands_own_name_is_no_claim() -> None:
    channel = load_channel("xiaohongshu_note")
    judge = partial(check_text, "第一步极致登山鞋", field=channel.texts[0], channel=channel, brief=Brief())
    assert [one.rule for one in judge(brand=None)] == ["cn_absolute_claim"]
    assert judge(brand=Brand(name="极致")) == []
