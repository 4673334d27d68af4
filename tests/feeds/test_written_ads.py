"""Ads that someone else has written, in the files that people have."""

import json

import pytest

from adloom.core.errors import BadFeed
from adloom.feeds.ads import AdFile, read_ads

FIELDS = ("headline", "description", "path1", "final_url")


def read(text: str, only: str = "") -> AdFile:
    return read_ads(text.encode(), name="ads", fields=FIELDS, only=only)


def test_numbered_columns_are_texts_of_one_field() -> None:
    found = read("Campaign,Headline 1,Headline 2,Headline 3,Description 1,Path 1\nSpring,Warm,Dry,,Light.,boots\n")
    (ad,) = found.ads
    assert ad.texts == {"headline": ["Warm", "Dry"], "description": ["Light."], "path1": ["boots"]}
    assert (ad.line, found.ignored) == (2, ["campaign"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_delimiter_will_do(delimiter: str) -> None:
    text = "\n".join(delimiter.join(cells) for cells in (["headline", "sku"], ["Warm", "7"]))
    (ad,) = read(text).ads
    assert (ad.texts, ad.product_id) == ({"headline": ["Warm"]}, "7")


def test_a_cell_may_have_line_breaks_and_lines_are_physical_ones() -> None:
    first, second = read('headline,description\nWarm,"Light,\nand dry."\nDry,Cool.\n').ads
    assert (first.line, second.line) == (2, 4)
    assert first.texts["description"] == ["Light,\nand dry."]


@pytest.mark.parametrize("write", [json.dumps, lambda ads: "\n".join(map(json.dumps, ads))], ids=["list", "lines"])
def test_json_has_a_text_or_a_list_per_field(write: object) -> None:
    ads = [{"headline": ["Warm", "Dry"], "product_id": 7}, {"headline": "Cool", "note": "x"}]
    found = read(write(ads))  # type: ignore[operator]
    assert [ad.texts for ad in found.ads] == [{"headline": ["Warm", "Dry"]}, {"headline": ["Cool"]}]
    assert ([ad.product_id for ad in found.ads], found.ignored) == (["7", ""], ["note"])


def test_plain_lines_are_texts_of_the_field_that_is_named() -> None:
    found = read("Warm boots\n\n Dry feet \n", only="headline")
    assert [(ad.line, ad.texts) for ad in found.ads] == [
        (1, {"headline": ["Warm boots"]}),
        (3, {"headline": ["Dry feet"]}),
    ]


@pytest.mark.parametrize("text", ["title,body\nWarm,Dry\n", '[{"title": "Warm"}]', "Warm boots\nDry feet\n"])
def test_a_file_without_any_such_text_is_refused_with_advice(text: str) -> None:
    with pytest.raises(BadFeed, match="Name the columns after the fields: headline") as refused:
        read(text)
    assert "--field" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [('{"headline": 3}', 1), ('[{"headline": "a"}, 4]', 2), ('headline,path1\n"Warm,boots\nDry,b\n', 2)],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, line: int) -> None:
    (error,) = read(text).errors
    assert error.line == line


def test_broken_json_says_where() -> None:
    with pytest.raises(BadFeed, match="ads, line 2, is not JSON"):
        read('{"headline": "a"}\n{"headline": \n')


@pytest.mark.parametrize("only", ["", "headline"])
def test_text_that_is_not_utf_8_is_refused_and_not_guessed(only: str) -> None:
    text = "headline,description\n国家级最佳跑鞋,轻便。\n".encode("gbk")
    with pytest.raises(BadFeed, match=r"ads is not UTF-8.*save it as CSV UTF-8") as refused:
        read_ads(text, name="ads", fields=FIELDS, only=only)
    assert "product" not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "only", "says"),
    [
        (b"\n", "", "ads is empty. Send a header row and one row for each ad."),
        (b"\n", "headline", "ads is empty. Send one text on each line."),
        (b"headline\nWarm\0\n", "", "Save the ads as CSV UTF-8."),
        (b"headline\nWarm\0\n", "headline", "Save the texts as UTF-8 without formatting."),
        (b"PK\x03\x04", "", "a spreadsheet or ZIP archive; save the ads in it as CSV UTF-8."),
        (b"\x89PNG", "", "an image; save the ads as CSV UTF-8."),
        (b"%PDF", "headline", "a PDF document; save the texts as UTF-8 without formatting."),
    ],
)
def test_what_is_no_text_is_refused_in_words_for_ads(data: bytes, only: str, says: str) -> None:
    with pytest.raises(BadFeed) as refused:
        read_ads(data, name="ads", fields=FIELDS, only=only)
    assert says in str(refused.value)
    assert "product" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"headline": "a"}\n' + "[" * 200_000, "ads, line 2, is nested too deeply."),
        ("[" * 200_000, "ads is nested too deeply."),
        ('[\n  {"headline": "a"},\n  {"headline": "b"},\n]\n', "ads, line 4, is not JSON: Expecting value (column 1)."),
        ('{"headline": "a"}\n{"headline": \n', "ads, line 2, is not JSON: Expecting value (column 14)."),
        ('{"headline": ' + "1" * 5000 + "}", "ads is not JSON: Exceeds the limit"),
    ],
    ids=["deep line", "deep", "trailing comma", "broken line", "long number"],
)
def test_json_that_cannot_be_read_says_where(text: str, says: str) -> None:
    with pytest.raises(BadFeed) as refused:
        read(text)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("value", "product_id"),
    [("null", ""), ("7", "7"), ("1.5", "1.5"), ('" a "', "a"), ("9" * 400, "9" * 400)],
    ids=["null", "7", "1.5", "a", "long"],
)
def test_a_product_id_in_json_is_a_text_or_a_number(value: str, product_id: str) -> None:
    (ad,) = read(f'{{"headline": "Warm", "Product ID": {value}}}').ads
    assert ad.product_id == product_id


@pytest.mark.parametrize("value", ["true", "[1]", "{}", '"\\ud800"', "NaN"])
def test_any_other_product_id_is_an_error_of_its_row(value: str) -> None:
    found = read(f'{{"headline": "Warm", "product_id": {value}}}')
    assert ([error.field for error in found.errors], found.ads) == (["product_id"], [])


def test_of_several_product_ids_the_plainest_counts_and_the_rest_is_named() -> None:
    found = read('{"product": "Boots", "sku": "A", "product_id": 7, "headline": "Warm"}')
    assert (found.ads[0].product_id, found.ignored) == ("7", ["product", "sku"])


def test_names_in_json_are_read_like_headers() -> None:
    found = read(
        '{"Headline": "Warm", "headline_1": ["Dry"], "Headline 2": null, "path_1": "x", "Note": 1, "\\ud800": 1}'
    )
    assert [ad.texts for ad in found.ads] == [{"headline": ["Warm", "Dry"], "path1": ["x"]}]
    assert found.ignored == ["note", "?"]


@pytest.mark.parametrize("value", ["5", "[5]", '["a", null]', '["BEST \\ud800 shoes!!"]'])
def test_a_field_that_is_no_text_is_told_once_and_its_ad_left_out(value: str) -> None:
    found = read(f'{{"headline 1": {value}, "headline 2": {value}}}\n{{"headline": "Warm"}}')
    assert [(error.line, error.field) for error in found.errors] == [(1, "headline")]
    assert [ad.line for ad in found.ads] == [2]


def test_half_a_surrogate_pair_is_named_as_the_reason() -> None:
    (error,) = read(r'{"headline": ["BEST \ud800 shoes!!"]}').errors
    assert r"half a surrogate pair, as \ud800" in error.message
