"""Dynamic text: what has a default is its default, and what has none is reported."""

import pytest

from adloom.channels import load_channel
from adloom.checks import check_text
from adloom.checks.dynamic import expand
from adloom.core.brief import Brief

GOOGLE = load_channel("google_rsa")


def reported(text: str) -> list[str]:
    found = check_text(text, field=GOOGLE.texts[1], channel=GOOGLE, brand=None, brief=Brief())
    return [text[slice(*one.span)] for one in found if one.rule == "dki_default_must_fit"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Buy {KeyWord:Trail Boots}", "Buy Trail Boots"),
        ("Buy {KEYWord:Trail Boots} now", "Buy Trail Boots now"),
        ("{CUSTOMIZER.Discount:10%} off", "10% off"),
        ("Boots in {LOCATION(City):Berlin}", "Boots in Berlin"),
        ("Boots from {param1:39 Euro}", "Boots from 39 Euro"),
        ("{Param2:Boots} for {PARAM3:39 Euro}", "Boots for 39 Euro"),
        ("{param1:优惠}", "优惠"),
        ("{param1:}Boots", "Boots"),
    ],
)
def test_an_insertion_is_shown_as_its_default(text: str, shown: str) -> None:
    assert expand(text).text == shown
    assert reported(text) == []


@pytest.mark.parametrize(
    ("text", "braces"),
    [
        ("Buy {KeyWord}", "{}"),
        ("Boots from {param1}", "{}"),
        ("Boots from {param0:39 Euro}", "{}"),
        ("Boots from {param4:39 Euro}", "{}"),
        ("Ends in {COUNTDOWN(2026-12-24 00:00:00)}", "{}"),
        ("Ends in {=COUNTDOWN(2026-12-24 00:00:00,en-US,5)}", "{}"),
        ("Boots {=IF(device=mobile,in the app):in the shop}", "{}"),
        ("Buy {KeyWord:{param1:Boots}}", "{}"),
        ("Buy {KeyWord:{Boots}", "{{}"),
        ("Boots from {param1:39 Euro", "{"),
        ("Boots from param1:39 Euro}", "}"),
        ("{param1:39} Euro}", "}"),
    ],
)
def test_what_has_no_default_or_is_malformed_is_reported(text: str, braces: str) -> None:
    assert reported(text) == list(braces)
