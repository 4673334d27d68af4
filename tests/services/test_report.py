"""The report page: everything on it, nothing loaded, nothing run."""

import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from services.report import (
    Report,
    ReportBanner,
    ReportChannel,
    ReportFailure,
    ReportImage,
    ReportProduct,
    ReportText,
    render_report,
)

PHOTO = ReportImage(b"\x89PNG photo", "image/png")
SQUARE = ReportImage(b"\xff\xd8\xff square", "image/jpeg")
SEARCH = ReportChannel(
    "google_rsa",
    "Google Responsive Search Ad",
    (
        ReportText("headline", "Dry Feet, Any Trail", 19, 30, 1.25, "guided"),
        ReportText("description", "Waterproof leather and rubber.", 30, 90, 0.5, "free"),
        ReportText("headline", "Trail Boots", 11, 30, 0.25, "template"),
    ),
    notes=("Add material for more.",),
)


def a_report(*products: ReportProduct, **others: object) -> Report:
    given = {
        "title": "Autumn",
        "job_id": "job-1",
        "state": "succeeded",
        "seed": 77,
        "weights": ("tiny@1",),
        "created_at": datetime(2026, 11, 3, 9, 5, tzinfo=UTC),
        "finished_at": None,
        "products": products,
    } | others
    return Report(**given)  # type: ignore[arg-type]


def boots(**others: object) -> ReportProduct:
    given = {"id": "B-1", "title": "Trail Boots", "channels": (SEARCH,), "photo": PHOTO} | others
    return ReportProduct(**given)  # type: ignore[arg-type]


class Page(HTMLParser):
    """The page's tags with their attributes, and its visible words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(page.partition("<!doctype html>")[2].strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.tags[-1][0] != "style":
            self.words += f" {data}"

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def words(report: Report) -> str:
    return " ".join(Page(render_report(report)).words.split())


def test_every_text_stands_with_its_length_limit_score_and_source() -> None:
    shown = words(a_report(boots()))
    assert "Headline 2 texts, room for 30 characters Dry Feet, Any Trail 19 /30 1.25 guided Trail Boots 11 /30" in shown
    assert "Description 1 text, room for 90 characters Waterproof leather and rubber. 30 /90 0.50 free" in shown
    assert "Add material for more." in shown


def test_a_search_ad_is_shown_as_its_first_texts_make_it() -> None:
    shown = words(a_report(boots(link="https://www.shop.example/b-1")))
    assert "Sponsored T Trail Boots shop.example Dry Feet, Any Trail | Trail Boots Waterproof leather" in shown


def test_a_post_is_shown_with_its_own_creative() -> None:
    text = ReportText("primary_text", "Long day ahead?", 15, 125, 1.0, "free")
    post = ReportChannel("meta_feed", "Facebook feed image", (text,))
    banner = ReportBanner("meta_feed", "square", "boots_meta_feed_square.jpg", SQUARE, 1080, 1080)
    page = Page(render_report(a_report(boots(channels=(post,), banners=(banner,)))))
    sources = [image["src"] for image in page.all("img")]
    assert [sources.count(f"data:image/jpeg;base64,{b64encode(SQUARE.data).decode()}"), len(sources)] == [2, 3]


def test_banners_show_size_and_file_name() -> None:
    banner = ReportBanner("iab_fixed", "300x250", "boots_300x250.jpg", SQUARE, 300, 250)
    page = Page(render_report(a_report(boots(banners=(banner,)))))
    assert {"width": "300", "height": "250"}.items() <= page.all("img")[-1].items()
    assert "300 × 250 iab_fixed · 0 kB boots_300x250.jpg" in " ".join(page.words.split())


def test_the_summary_counts_what_is_there_and_what_is_not() -> None:
    failure = ReportFailure("iab_fixed:300x250", "bad-image", "The photo cannot be read.")
    shown = words(a_report(boots(failures=(failure,)), failures=(failure,), more_products=4, notes=("Add use.",)))
    assert "Products 5 Texts 3 Banners 0 Failures 2" in shown
    assert "free 1 (33 %)" in shown
    assert shown.count("iab_fixed:300x250 The photo cannot be read. bad-image") == 2
    assert "Add use." in shown
    assert "4 more products" in shown


def test_the_page_says_what_made_it() -> None:
    shown = words(a_report(boots()))
    assert shown.count("AI-generated") == 2
    assert "Job job-1 · seed 77 · weights tiny@1" in shown
    assert "3 November 2026, 09:05 UTC" in shown


def test_an_empty_job_has_a_page_too() -> None:
    assert "Products 0 Texts 0 Banners 0 Failures 0" in words(a_report(weights=()))


EVIL = "</style><script>alert(1)</script><img src=https://evil.example/x onerror='a'>\" {{ 7*7 }}"


def everything_evil() -> Report:
    text = ReportText(EVIL, EVIL, 400, 30, 1.0, EVIL)
    channels = tuple(ReportChannel(channel, EVIL, (text,), (EVIL,)) for channel in (EVIL, "google_rsa"))
    svg = ReportImage(b"<svg onload='alert(1)'/>", "image/svg+xml")
    banner = ReportBanner(EVIL, EVIL, EVIL, svg, 300, 250)
    failure = ReportFailure(EVIL, EVIL, EVIL)
    product = ReportProduct(
        EVIL, EVIL, channels, (banner,), (failure,), svg, EVIL, EVIL, EVIL, EVIL, "javascript:alert(1)"
    )
    links = ReportProduct("2", EVIL, link=f"https://{EVIL}")
    return a_report(
        *(product, links),
        title=EVIL,
        job_id=EVIL,
        state=EVIL,
        weights=(EVIL,),
        brand=EVIL,
        failures=(failure,),
        notes=(EVIL,),
    )


@pytest.mark.parametrize("report", [everything_evil(), a_report(boots())], ids=["evil", "good"])
def test_nothing_on_the_page_runs_or_loads(report: Report) -> None:
    page = Page(render_report(report))
    assert {tag for tag, _ in page.tags}.isdisjoint(
        {"script", "link", "iframe", "object", "embed", "form", "base", "svg"}
    )
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcset")], tag
        assert re.match(
            r"data:image/(png|jpeg|webp|gif);base64,[\w+/=]+$", attributes.get("src", "data:image/png;base64,A")
        )
        assert attributes.get("href", "#").startswith(("#", "https://"))
    assert len(page.all("style")) == 1
    assert "49" not in page.words


def test_the_pages_own_policy_allows_its_style_and_nothing_else() -> None:
    html = render_report(a_report(boots()))
    style = html.partition("<style>")[2].partition("</style>")[0]
    policy = Page(html).all("meta")[1]["content"]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert f"'sha256-{digest}'" in policy
    assert "url(" not in style
    assert "@import" not in style
