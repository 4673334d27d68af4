"""Bad rows, strange bytes, odd encodings: a clear answer each, and good rows go on."""

import gzip
import io
import time
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adloom.core.errors import BadFeed
from adloom.feeds import feed as limits
from adloom.feeds import read_feed

PLAIN = "id,title,brand\n1,Café Mug,Ünal\n"


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_recognised(encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    feed = read_feed(mark + PLAIN.encode(encoding), name="plain.csv")
    assert feed.errors == ()
    assert (feed.products[0].title, feed.products[0].brand) == ("Café Mug", "Ünal")


def test_windows_1252_is_read_and_said() -> None:
    feed = read_feed(PLAIN.encode("cp1252"), name="plain.csv")
    assert feed.products[0].title == "Café Mug"
    assert [error.code for error in feed.errors] == ["encoding-guessed"]


def test_gzip_is_unpacked() -> None:
    assert len(read_feed(gzip.compress(PLAIN.encode()), name="plain.csv.gz").products) == 1


def test_a_decompression_bomb_is_refused_unopened() -> None:
    with pytest.raises(BadFeed, match="more than 64 MB"):
        read_feed(gzip.compress(b"0" * (limits.MAX_BYTES + 1)), name="bomb.gz")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (zipped(), "spreadsheet or ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "spreadsheet"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"RIFF\0\0\0\0WEBP", "image"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"id,title\n\0\0\0\0", "null character"),
        (b"\x01\x02\x03\x04" * 100, "control characters"),
        (b"\xff\xfea", "begins like utf-16"),
        (b"\x81\x8d\xff", "neither UTF-8 nor Windows-1252"),
        (b"\x1f\x8bnothing", "gzip"),
        (gzip.compress(PLAIN.encode(), mtime=0)[:-9], "ends too early"),
        (b"<?xml version='1.0'?><rss/>", "XML"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b'[{"id": "1"}]', "JSON Lines"),
        (b"Dear sir or madam,\nplease find\n", "no column 'id' and no column 'title'"),
        (b"id,name of it\n1,Boots\n", "no column 'title'"),
    ],
)
def test_what_is_no_feed_is_refused_by_name_with_advice(data: bytes, says: str) -> None:
    with pytest.raises(BadFeed, match=r"catalogue\.xlsx") as refusal:
        read_feed(data, name="catalogue.xlsx")
    assert says in str(refusal.value)


def test_errors_name_the_physical_line_and_good_rows_go_on() -> None:
    lines = [
        "id,title,price,link,description",  # 1
        '1,Boots,15 USD,,"two',  # 2
        'lines"',  # 3
        ",No id,15 USD,,",  # 4
        "",  # 5
        "2,,15 USD,,",  # 6
        "3,Bad price,cheap,,",  # 7
        "4,Bad link,,www.shop.example,",  # 8
        "1,Boots again,,,",  # 9
        "5,Extra,,,,oops",  # 10
        f"6,{'x' * 501},,,",  # 11
        "7,Last",  # 12
    ]
    feed = read_feed("\r\n".join(lines).encode(), name="plain.csv")
    assert [product.id for product in feed.products] == ["1", "7"]
    assert [(error.line, error.field, error.code) for error in feed.errors] == [
        (4, "id", "missing"),
        (6, "title", "missing"),
        (7, "price", "bad-price"),
        (8, "link", "bad-link"),
        (9, "id", "duplicate"),
        (10, "", "too-many-cells"),
        (11, "title", "string-too-long"),
    ]


def test_a_stray_quote_costs_its_own_line_only() -> None:
    feed = read_feed(b'id\ttitle\tbrand\n1\t"Open\tA\n2\tBoots\tB\n3\tHat\tC\n', name="feed.tsv")
    assert [product.id for product in feed.products] == ["2", "3"]
    assert [(error.line, error.code) for error in feed.errors] == [(2, "broken-quotes")]


def test_two_stray_quotes_do_not_join_two_rows() -> None:
    feed = read_feed(b'id\ttitle\n1\t"Boots\n2\t"Hat\n3\tCap\n', name="feed.tsv")
    assert [product.title for product in feed.products] == ["Cap"]
    assert [(error.line, error.code) for error in feed.errors] == [(2, "broken-quotes"), (3, "broken-quotes")]


def test_quotes_inside_a_cell_are_read_as_they_stand() -> None:
    feed = read_feed(b'id\ttitle\tsize\n1\t"Best" boots\t5" wide\n2\t"So ""said"""\t\n', name="feed.tsv")
    assert [(product.title, product.size) for product in feed.products] == [
        ("Best boots", '5" wide'),
        ('So "said"', ""),
    ]


def test_an_endless_cell_costs_its_own_line_only() -> None:
    feed = read_feed(f"id,title\n1,{'x' * 140_000}\n2,Hat\n".encode(), name="plain.csv")
    assert [product.id for product in feed.products] == ["2"]
    assert [error.line for error in feed.errors] == [2]


def test_an_unknown_availability_is_told_and_the_product_kept() -> None:
    feed = read_feed(b"id,title,availability\n1,Boots,perhaps\n2,Hat,https://schema.org/InStock\n", name="plain.csv")
    assert [product.availability for product in feed.products] == ["", "in_stock"]
    assert [(error.line, error.code) for error in feed.errors] == [(2, "bad-availability")]


def test_a_thousand_errors_are_enough() -> None:
    feed = read_feed(("id,title\n" + ",x\n" * 2_000).encode(), name="plain.csv")
    assert len(feed.errors) == limits.MAX_ERRORS
    assert feed.errors[-1].message.startswith("1,001 more rows")


@pytest.mark.parametrize("cell", ["<a " * 40_000, "1 " * 60_000, "<!-- " * 20_000, "&#" * 50_000])
def test_a_hostile_cell_costs_no_time(cell: str) -> None:
    rows = "\n".join(f"h{n},Boots,{cell},{cell}" for n in range(5))
    started = time.process_time()
    read_feed(f"Handle,Title,Body (HTML),Variant Price\n{rows}".encode(), name="products.csv")
    assert time.process_time() - started < 5


HEADERS = (
    b"id,title,price\n",
    b"Handle,Title,Body (HTML),Variant Price\n",
    b"id\ttitle\tproduct_detail\n",
    b'{"id":',
)
noise = st.one_of(
    st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
rows = st.text(alphabet="1a,;\t|\"'{}[]:<>&#;/!-\n\r\\ .€$é", max_size=300).map(str.encode)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A feed with some of its bytes, the header's too, overwritten."""
    feed = bytearray(
        draw(st.sampled_from(HEADERS)) + b'1,"Boots, red\nand blue",15 USD\n' + draw(st.one_of(rows, noise))
    )
    for place in draw(st.lists(st.integers(0, len(feed) - 1), max_size=6)):
        feed[place] = draw(st.sampled_from(b'"\t\n\r,;<&{\x80\xff'))
    return bytes(feed)


@settings(max_examples=400, deadline=None)
@example(b'id,"title,x"y\n1,"z\n')
@given(st.one_of(noise, damaged()))
def test_any_bytes_give_a_feed_or_a_bad_feed(data: bytes) -> None:
    try:
        feed = read_feed(data, name="any")
    except BadFeed:
        return
    assert all(error.line >= 1 and error.code and error.message for error in feed.errors)
