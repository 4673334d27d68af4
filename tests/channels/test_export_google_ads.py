"""google_ads_editor.csv, as an independent reader sees it."""

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from adloom.channels.export_google_ads import HEADER, EditorFile, SearchAd, write_google_ads_editor
from tests.channels.editor_reader import read_ads, texts

AD = SearchAd(
    product_id="B-1",
    campaign='Autumn, "big"',
    ad_group="Trail Boots",
    final_url="https://shop.example/b-1?utm_source=google",
    headlines=("Trail Boots", "Dry Feet, Any Trail", "Waterproof Leather Upper"),
    descriptions=("Waterproof leather and a durable rubber sole.", "Padded collar for long days — 防水レザー."),
)


def write(*ads: SearchAd) -> EditorFile:
    return write_google_ads_editor(ads)


def with_texts(headlines: list[str], descriptions: list[str]) -> SearchAd:
    return dataclasses.replace(AD, headlines=tuple(headlines), descriptions=tuple(descriptions))


def test_editor_reads_back_what_was_meant() -> None:
    file = write(AD)

    (ad,) = read_ads(file.content)
    assert (file.ads, file.left_out) == (1, ())
    assert (ad["campaign"], ad["adgroup"], ad["finalurl"]) == (AD.campaign, AD.ad_group, AD.final_url)
    assert texts(ad, "headline", 15) == list(AD.headlines)
    assert texts(ad, "description", 4) == list(AD.descriptions)
    assert ad["status"] == "Paused"


def test_columns_are_those_of_googles_generator_and_then_some() -> None:
    assert HEADER[:9] == (
        "Account",
        "Customer ID",
        "Campaign",
        "Ad Group",
        "Final URL",
        "Path 1",
        "Path 2",
        "Headline 1",
        "Headline 1 position",
    )
    assert HEADER[36:38] == ("Headline 15 position", "Description 1")
    assert HEADER[44] == "Description 4 position"


def test_at_most_fifteen_headlines_and_four_descriptions_the_best_first() -> None:
    ad = with_texts([f"Headline number {n}" for n in range(20)], [f"Description number {n}" for n in range(9)])
    (read,) = read_ads(write(ad).content)
    assert texts(read, "headline", 15) == list(ad.headlines[:15])
    assert texts(read, "description", 4) == list(ad.descriptions[:4])


def test_what_editor_would_refuse_is_left_out_and_told_never_cut() -> None:
    bad = ["x" * 31, "防" * 16, "Trail boots", "=1+1", "[]", " Spaced", "Two\nlines", ""]
    file = write(with_texts([*AD.headlines, *bad], [*AD.descriptions, "y" * 91]))

    (ad,) = read_ads(file.content)
    assert texts(ad, "headline", 15) == list(AD.headlines)
    assert texts(ad, "description", 4) == list(AD.descriptions)
    assert [left.text for left in file.left_out] == [*bad, "y" * 91]
    assert all(left.product_id == "B-1" and left.reason for left in file.left_out)


def test_an_ad_with_too_few_texts_or_no_page_is_left_out_and_told() -> None:
    file = write(
        with_texts(list(AD.headlines[:2]), list(AD.descriptions)),
        with_texts(list(AD.headlines), list(AD.descriptions[:1])),
        dataclasses.replace(AD, final_url=""),
        dataclasses.replace(AD, final_url="https://shop.example/" + "a" * 2048),
        dataclasses.replace(AD, campaign=" "),
        AD,
    )
    assert len(read_ads(file.content)) == 1
    assert [left.reason.split()[0] for left in file.left_out] == ["Fewer", "Fewer", "The", "The", "The"]
    assert {left.text for left in file.left_out} == {""}


def test_the_fourth_ad_of_a_group_opens_another() -> None:
    ads = [dataclasses.replace(AD, ad_group=name) for name in ("Boots", "boots", "Boots", "Boots (2)", *["Boots"] * 4)]
    groups = [ad["adgroup"] for ad in read_ads(write(*ads).content)]
    assert groups == ["Boots", "boots", "Boots", "Boots (2)", "Boots (2)", "Boots (2)", "Boots (3)", "Boots (3)"]


def test_a_long_group_name_stays_in_bounds_when_it_is_numbered() -> None:
    ads = [dataclasses.replace(AD, ad_group="g" * 255, campaign="c" * 300)] * 4
    assert [len(ad["adgroup"]) for ad in read_ads(write(*ads).content)] == [255] * 4


def test_paths_are_written_where_they_fit() -> None:
    fits, long = (
        dataclasses.replace(AD, path1="boots", path2="trail"),
        dataclasses.replace(AD, path1="a/b", path2="x" * 16),
    )
    rows = read_ads(write(fits, long).content)
    assert [(row["path1"], row["path2"]) for row in rows] == [("boots", "trail"), ("", "")]


def test_no_ads_are_an_empty_file_with_a_header() -> None:
    assert read_ads(write().content) == []


lines = st.lists(st.text(min_size=0, max_size=40), max_size=8).map(lambda texts: tuple(["One", "Two", "Three", *texts]))


@settings(max_examples=150, deadline=None)
@given(lines, lines, st.text(max_size=20), st.text(max_size=20))
def test_whatever_the_texts_editor_takes_the_file(
    headlines: tuple[str, ...], descriptions: tuple[str, ...], campaign: str, ad_group: str
) -> None:
    ad = dataclasses.replace(AD, headlines=headlines, descriptions=descriptions, campaign=campaign, ad_group=ad_group)
    read_ads(write(ad, ad, ad, ad).content)
