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


def test_an_ad_of_an_unknown_product_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    ended = check(capsys, GOOD + ROW.format(third="Light").replace(",1\n", ",9\n"), "--feed", "feed.tsv")
    assert ended.code == 1
    assert "ads.csv, line 2: product '9' is not in the feed" in ended.err


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
