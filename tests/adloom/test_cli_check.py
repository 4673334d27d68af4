"""``adloom check``: offline, in words and for machines."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.adloom.command_line import Ended, adloom

GOOD = "headline 1,headline 2,headline 3,description 1,description 2,product_id\n"
ROW = "Warm Winter Boots,Full-Grain Leather,{third},Warm in winter.,A light stride.,1\n"
FEED = "id\ttitle\tdescription\n1\tWanderer Boots\tWarm winter boots of full-grain leather with a light stride.\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feed.tsv").write_text(FEED)
    return tmp_path


def check(capsys: pytest.CaptureFixture[str], text: str, *options: str) -> Ended:
    Path("ads.csv").write_text(text, encoding="utf-8")
    return adloom(capsys, "check", "ads.csv", "--channel", "google_rsa", *options)


def test_ads_that_can_run_end_with_zero(capsys: pytest.CaptureFixture[str]) -> None:
    ended = check(capsys, GOOD + ROW.format(third="Light Boots"))
    assert (ended.code, ended.out) == (0, "1 ad, 5 texts: nothing to object to.\n")


def test_an_error_is_told_with_its_place_its_reason_and_a_proposal(capsys: pytest.CaptureFixture[str]) -> None:
    ended = check(capsys, GOOD + ROW.format(third="Light Boots") + ROW.format(third="LIGHT Boots!!"))
    assert ended.code == 1
    assert "line 3 (1), headline 3: LIGHT Boots!!" in ended.out
    assert "error: Words do not stand in capitals" in ended.out
    assert "[no_all_caps_words]" in ended.out
    assert "could read: Light Boots\n" in ended.out
    assert ended.out.endswith("2 ads, 10 texts: 5 errors in 1 ad.\n")


def test_warnings_alone_are_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    ended = check(capsys, GOOD + ROW.format(third="Light  Boots"))
    assert ended.code == 0
    assert ended.out.endswith("no errors, 1 warning.\n")


def test_machines_get_spans_and_repairs(capsys: pytest.CaptureFixture[str]) -> None:
    (ad,) = json.loads(check(capsys, GOOD + ROW.format(third="LIGHT Boots"), "--json").out)["ads"]
    (remark,) = ad["remarks"]
    assert not ad["publishable"]
    assert (remark["field"], remark["number"], remark["span"], remark["repair"]) == (
        "headline",
        2,
        [0, 5],
        "Light Boots",
    )


def test_with_a_feed_ads_have_to_be_true_to_their_product(capsys: pytest.CaptureFixture[str]) -> None:
    ended = check(capsys, GOOD + ROW.format(third="Waterproof Boots"), "--feed", "feed.tsv")
    assert ended.code == 1
    assert "[ungrounded_word]" in ended.out


def test_an_ad_without_its_product_does_not_stop_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    row = ROW.format(third="Waterproof Boots")
    ads = GOOD + row.replace(",1\n", ",9\n") + row.replace(",1\n", ",\n") + row
    ended = check(capsys, ads, "--feed", "feed.tsv")
    assert ended.code == 1
    assert "ads.csv, line 2: product '9' is not in the feed" in ended.err
    assert "ads.csv, line 3: there is no product_id" in ended.err
    assert "adloom jobs" not in ended.err
    assert "line 4 (1), headline 3: Waterproof Boots" in ended.out
    assert ended.out.endswith("error in 1 ad, 2 rows could not be read.\n")


@pytest.mark.parametrize(
    ("feed", "says"),
    [
        (FEED + "9\t\tBoots\n", "feed.tsv, line 3, title: Every product needs a title."),
        ('id\ttitle\n9\t"Boots\n1\tBoots\n', "feed.tsv, line 2: A quotation mark opens here"),
        (FEED + "9\tBoots\tWarm\tDry\n", "feed.tsv, line 3: This row has 4 cells"),
        ("title;sku\nBoots;1\n;9\n", "feed.tsv, line 3, title: Every product needs a title."),
        ("Handle,Title,Variant Price\n1,Boots,3\n9,,4\n", "feed.tsv, line 3, title: Every product needs a title."),
        ('{"id": 1, "title": "Boots"}\n{"id": "9", "title": ""}\n', "feed.tsv, line 2, title: Every product"),
        ('{"id": 1, "title": "Boots"}\n{"id": 9, "title" ""}\n', "feed.tsv, line 2: This line is not JSON"),
    ],
    ids=["no title", "quotes", "cells", "plain", "shopify", "json", "broken json"],
)
def test_why_the_feed_lacks_a_product_is_said(capsys: pytest.CaptureFixture[str], feed: str, says: str) -> None:
    Path("feed.tsv").write_text(feed)
    ended = check(capsys, GOOD + ROW.format(third="Light").replace(",1\n", ",9\n"), "--feed", "feed.tsv", "--json")
    (lost,) = json.loads(ended.out)["unreadable"]
    assert says in lost["detail"]
    assert f"Warning: {says}" in ended.err
    assert "feed.tsv: 1 product." in ended.err


def test_lines_of_one_field_have_no_product(capsys: pytest.CaptureFixture[str]) -> None:
    ended = check(capsys, "Warm\nDry\n", "--field", "headline", "--feed", "feed.tsv")
    assert (ended.code, "Leave --feed or --field out" in ended.err) == (1, True)


def test_rows_that_cannot_be_read_are_counted_and_fail(capsys: pytest.CaptureFixture[str]) -> None:
    ended = check(capsys, GOOD + ROW.format(third="Light Boots") + ROW.format(third="Light,Boots"))
    assert (ended.code, ended.out) == (1, "1 ad, 5 texts: no errors, 1 row could not be read.\n")
    assert "ads.csv, line 3: This row has 7 cells" in ended.err


def test_a_field_that_is_no_text_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    ended = check(capsys, '[{"headline": 5, "description": 5}]')
    assert "ads.csv, line 1, headline: Write a text" in ended.err
    assert ended.out.endswith("no errors, 1 row could not be read.\n")  # one row, however many faults


def test_claims_to_be_proved_do_not_fail_and_help_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    ended = check(capsys, GOOD + ROW.format(third="The Best Boots"), "--market", "us")
    assert (ended.code, "to be proved" in ended.out) == (0, True)
    said = " ".join(adloom(capsys, "check", "--help").out.split())
    assert "Exit code 1 means errors or rows that could not be read; claims to be proved do not fail." in said


@pytest.mark.parametrize("market", ["cn", "CN"])
def test_markets_are_written_in_any_case(capsys: pytest.CaptureFixture[str], market: str) -> None:
    assert check(capsys, GOOD + ROW.format(third="Light Boots"), "--market", market).code == 0


def test_plain_lines_are_checked_one_by_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Warm Boots\nLIGHT Boots\n")))
    ended = adloom(capsys, "check", "-", "--channel", "google_rsa", "--field", "headline")
    assert ended.code == 1
    assert "line 2, headline: LIGHT Boots" in ended.out
    assert "min_items" not in ended.out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--channel", "google_rs"], "Did you mean 'google_rsa'?"),
        (["--channel", "google_rsa", "--field", "slogan"], "google_rsa has no field 'slogan'; it has: headline"),
        (["--channel", "email"], "Name the columns after the fields: subject"),
    ],
)
def test_what_cannot_be_checked_is_said(capsys: pytest.CaptureFixture[str], options: list[str], says: str) -> None:
    Path("ads.csv").write_text(GOOD + ROW.format(third="Light"))
    ended = adloom(capsys, "check", "ads.csv", *options)
    assert ended.code == 1
    assert says in " ".join(ended.err.split())


def test_columns_that_are_no_texts_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    ended = check(capsys, "Campaign,Headline 1\nSpring,Warm\n")
    assert "Not looked at: campaign." in ended.err


def test_the_language_decides_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD + ROW.format(third="Prêt à porter : cuir")
    assert "no_gratuitous_spacing" in check(capsys, text).out
    assert "no_gratuitous_spacing" not in check(capsys, text, "--language", "fr").out
