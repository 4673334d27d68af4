"""copy.csv, as a spreadsheet sees it."""

import csv
import io

import pytest

from adloom.channels.export_copy import CopyRow, write_copy


def written(*texts: str, unit: str = "chars") -> list[list[str]]:
    named = {"audience": "Hikers", "language": "fr"}
    rows = [CopyRow("B-1", "google_rsa", "headline", text, unit, 0.5, "guided", **named) for text in texts]
    return list(csv.reader(io.StringIO(write_copy(rows).decode("utf-8-sig"), newline="")))


def test_every_variant_is_a_row() -> None:
    assert written('Café, "dry"') == [
        ["product_id", "channel", "field", "text", "length", "score", "source", "group", "audience", "language"],
        ["B-1", "google_rsa", "headline", 'Café, "dry"', "11", "0.5000", "guided", "", "Hikers", "fr"],
    ]


def test_texts_that_belong_together_have_the_same_group() -> None:
    fields = ("question", "answer")
    rows = [CopyRow("B-1", "quiz", field, "Blue", "chars", 0.5, "guided", group="2") for field in fields]
    _, *read = csv.reader(io.StringIO(write_copy(rows).decode("utf-8-sig"), newline=""))
    assert [(row[2], row[7]) for row in read] == [("question", "2"), ("answer", "2")]


def test_lengths_are_in_the_channels_own_counting() -> None:
    assert written("防水", unit="google_width")[1][4] == "4"
    assert written("防水", unit="chars")[1][4] == "2"


def test_excel_opens_it_as_utf8() -> None:
    assert write_copy([]).startswith(b'\xef\xbb\xbf"product_id","channel","field",')


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "  ="])
def test_no_cell_is_a_formula(start: str) -> None:
    rows = [CopyRow(f"{start}1", "google_rsa", "headline", f"{start}cmd|'/c calc'!A0", "chars", -0.25, "free")]
    _, row = csv.reader(io.StringIO(write_copy(rows).decode("utf-8-sig"), newline=""))
    assert (row[0], row[3]) == (f"'{start}1", f"'{start}cmd|'/c calc'!A0")
    assert row[5] == "-0.2500"  # a number, not a text
