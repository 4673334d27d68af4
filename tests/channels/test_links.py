"""Links in running text: where X sees one, and where it ends."""

import pytest
from hypothesis import given

from adloom.channels.links import between_links
from tests.channels.any_script import texts


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("test.com", ["", ""]),
        ("HTTPS://TEST.COM/Sale", ["", ""]),
        ("See test.com and test.de!", ["See ", " and ", "!"]),
        ("A sentence ends at http://test.com.", ["A sentence ends at ", "."]),
        ("(http://test.com/a)", ["(", ")"]),
        ("https://en.wikipedia.org/wiki/Primer_(film), ok", ["", ", ok"]),
        ("test.com/a-b/, then", ["", ", then"]),
        ("test.com:8080/a?b=c&d=1? Yes", ["", "? Yes"]),
        ("test.com?size=42, then", ["", ", then"]),
        ("https://test.com/Русские_слова", ["", ""]),
        ("https://test.com/限时", ["", "限时"]),
        ("限时优惠test.com今天", ["限时优惠", "今天"]),
        ("http://限时优惠.com", ["", ""]),
        ("限时优惠.com", ["限时优惠.com"]),
        ("http://☃.net/", ["", ""]),
        ("http://test_a.twitter.com", ["", ""]),
        ("bücher.example.shop", ["", ""]),
        ("test.xn--p1ai", ["", ""]),
        ("http://тест.рф", ["", ""]),
        ("now.It fits", ["", " fits"]),
        ("test.com.nowhere", ["", ".nowhere"]),
    ],
)
def test_a_link_is_found(text: str, pieces: list[str]) -> None:
    assert between_links(text) == pieces


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No link.",
        "e.g. this",
        "From 12.50 EUR",
        "1.5kg",
        "me@test.com",
        "@test.com",
        "#test.com",
        "$test.com",
        "ftp://test.com",
        "xhttp://test.com",
        "http://test.nowhere",
        "test.comx",
        "test.com-",
        "http://-test.com",
        "http://test-.com",
        "http://a.b_c.com",
        "https://test",
        "http://" + "x" * 64 + ".com",
    ],
)
def test_this_is_no_link(text: str) -> None:
    assert between_links(text) == [text]


@given(texts)
def test_the_pieces_stand_in_the_text_in_order(text: str) -> None:
    start = 0
    for piece in between_links(text):
        start = text.index(piece, start) + len(piece)
