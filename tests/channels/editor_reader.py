"""An independent reader of Google Ads Editor files: it knows the rules of Editor, nothing of the code that writes."""

import csv
import io
import unicodedata
from collections import Counter
from urllib.parse import urlsplit

Ad = dict[str, str]

REQUIRED = {"campaign", "adgroup", "finalurl", "headline1", "headline2", "headline3", "description1", "description2"}
OPTIONAL = {
    *(
        "account",
        "customerid",
        "path1",
        "path2",
        "campaigntype",
        "networks",
        "budget",
        "labels",
        "adgroupstatus",
        "status",
    ),
    *("adtype", "finalmobileurl", "trackingtemplate", "finalurlsuffix", "customparameters", "comment"),
    *(f"headline{n}" for n in range(4, 16)),
    *(f"headline{n}position" for n in range(1, 16)),
    *(f"description{n}" for n in range(3, 5)),
    *(f"description{n}position" for n in range(1, 5)),
}


def read_ads(data: bytes) -> list[Ad]:
    """The ads of an Editor file, by normalised header; asserts that Editor would take it whole."""
    assert data.startswith(b"\xef\xbb\xbf"), "no byte order mark: Editor would misread accents"
    text = data.decode("utf-8-sig")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", ""), "a line that does not end in CRLF"
    header, *rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert text.count('"') >= 2 * len(header) * (len(rows) + 1), "a cell without quotation marks"
    names = [name.casefold().replace(" ", "").replace("_", "") for name in header]
    assert len(set(names)) == len(names), "a header twice"
    assert REQUIRED <= set(names) <= REQUIRED | OPTIONAL, set(names) ^ (REQUIRED | OPTIONAL)
    ads = []
    for row in rows:
        assert len(row) == len(names), "a row of another width"
        ads.append(dict(zip(names, row, strict=True)))
    for ad in ads:
        check_ad(ad)
    crowds = Counter((ad["campaign"].lower(), ad["adgroup"].lower()) for ad in ads)
    assert all(crowd <= 3 for crowd in crowds.values()), f"more than three ads in a group: {crowds}"
    return ads


def check_ad(ad: Ad) -> None:
    """Assert that Editor would take this ad."""
    headlines = texts(ad, "headline", 15)
    descriptions = texts(ad, "description", 4)
    assert len(headlines) >= 3
    assert len(descriptions) >= 2
    for text, most in [*((text, 30) for text in headlines), *((text, 90) for text in descriptions)]:
        assert width(text) <= most, f"{text!r} is {width(text)} wide, {most} allowed"
        assert text == text.strip()
        assert "\n" not in text
        assert text[0] not in "=+-@", f"a spreadsheet would run {text!r}"
    for group in (headlines, descriptions):
        assert len({text.lower() for text in group}) == len(group), "a text twice in one ad"
    assert ad["campaign"].strip()
    assert ad["adgroup"].strip()
    assert max(len(ad["campaign"]), len(ad["adgroup"])) <= 255
    url = urlsplit(ad["finalurl"])
    assert url.scheme in ("http", "https")
    assert url.hostname
    assert ad["finalurl"].isascii()
    assert not set(ad["finalurl"]) & set(' "<>\\^`|')
    assert ad.get("adtype", "Responsive search ad") == "Responsive search ad"
    assert ad.get("status", "") in ("", "Enabled", "Paused", "Removed")
    assert ad.get("campaigntype", "") in ("", "Search")


def texts(ad: Ad, kind: str, most: int) -> list[str]:
    """The texts of one kind; asserts that they stand without a gap and that pins are allowed ones."""
    cells = [ad.get(f"{kind}{n}", "") for n in range(1, most + 1)]
    filled = [cell for cell in cells if cell]
    assert cells[: len(filled)] == filled, f"a gap among the {kind}s"
    pins = {ad.get(f"{kind}{n}position", "") for n in range(1, most + 1)}
    assert pins <= ({"", "1", "2", "3"} if kind == "headline" else {"", "1", "2"})
    return filled


def width(text: str) -> int:
    """Display width by Unicode's own property: an account of its own, not Google's ranges."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
