"""Exports of results: names of files, lines that are said once, ads that cannot be published."""

import csv
import io
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from adloom.core.brief import Audience, Brief
from adloom.core.errors import Invalid, NotFound
from adloom.core.kinds import BUILT_IN
from adloom.core.products import Money, Product
from adloom.core.specs import BannerSpec, CopySpec
from adloom.core.states import ItemState
from models import Asset, Item, Sessions
from services.exports import export, find_format, write_report
from services.overview import make_report
from services.results import Results, collect
from services.submit import ItemRequest
from storage import ObjectStore, open_store
from tests.pictures import picture
from tests.queues import items_of, submit

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KINDS = {kind.name: kind for kind in BUILT_IN}
LINES = ("Made to last", "Walk further", "Boots for all")


def copy_of(product: Product, **fields: Any) -> ItemRequest:  # Any: fields of CopySpec
    return ItemRequest(KINDS["copy.lm"], CopySpec(product=product, channel="google_rsa", **fields))


def banner_of(product: Product, **fields: Any) -> ItemRequest:  # Any: fields of BannerSpec
    return ItemRequest(
        KINDS["banner.compose"], BannerSpec(product=product, channel="iab_fixed", slot="300x250", **fields)
    )


def text(field: str, words: str, number: int = 0) -> dict[str, Any]:  # Any: JSON
    common = {"source": "guided", "score": 1.0, "details": {}, "asset": None}
    return {"number": number, "field": field, "text": words, **common}


def made(sessions: Sessions, requests: list[ItemRequest], variants: list[list[dict[str, Any]]]) -> Results:  # Any: JSON
    """The results of a job whose items have made *variants*; an item without any has a picture if it is a banner."""
    job_id = submit(sessions, requests).job_id
    for item, own in zip(items_of(sessions, job_id), variants, strict=True):
        with sessions.begin() as session:
            if item.kind == "banner.compose" and not own:
                own = [{**text(item.spec["slot"], ""), "source": "composed", "asset": asset(session, item)}]
            done = {"state": ItemState.SUCCEEDED, "finished_at": NOON, "variants": own}
            session.execute(sa.update(Item).where(Item.id == item.id).values(done))
    with sessions.read() as session:
        return collect(session, job_id, owner="ada", kinds=KINDS)


def asset(session: Any, item: Item) -> dict[str, Any]:  # Any: a session, JSON
    row = {"id": uuid4(), "media_type": "image/png", "sha256": "ab", "size_bytes": len(picture())}
    session.execute(
        sa.insert(Asset).values(**row, item_id=item.id, number=0, key=f"assets/{row['id']}", created_at=NOON)
    )
    return {**row, "id": str(row["id"])}


def filled(results: Results) -> ObjectStore:
    """A store that has every creative of *results*."""
    store = open_store("memory:")
    for creative in results.creatives:
        store.put(creative.key, picture(), media_type="image/png")
    return store


def rows(results: Results, name: str) -> list[dict[str, str]]:
    content = b"".join(export(find_format(name), results, open_store("memory:")))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def search_ad(lines: tuple[str, ...] = LINES) -> list[dict[str, Any]]:  # Any: JSON
    descriptions = (f"{lines[0]}, whatever the weather", f"{lines[1]}, whatever the road")
    return [text("headline", line) for line in lines] + [text("description", line) for line in descriptions]


BOOTS = Product(id="1", title="Boots", link="https://shop.example/1")
ROPE = Product(id="2", title="Rope", link="https://shop.example/2")


def test_a_line_belongs_to_the_first_product_that_says_it_in_any_case(sessions: Sessions) -> None:
    variants = [[text("headline", "Made to last"), text("description", "Walk on")], [text("headline", "MADE TO LAST")]]
    results = made(sessions, [copy_of(BOOTS), copy_of(ROPE)], variants)
    assert [(row["product_id"], row["text"]) for row in rows(results, "copy")] == [
        ("1", "Made to last"),
        ("1", "Walk on"),
    ]
    assert [copy.repeated for copy in results.copies] == [0, 1]


def test_a_brief_for_all_names_no_audience_in_the_table(sessions: Sessions) -> None:
    wished = Brief(audience="People who walk to work, 25 to 50")
    results = made(sessions, [copy_of(BOOTS, brief=wished)], [search_ad()])
    assert {row["audience"] for row in rows(results, "copy")} == {""}


HIKERS = Brief(audience="Hikers", audiences=(Audience(name="Hikers"),), language="de", languages=("de", "fr"))


def test_every_export_says_for_whom_and_in_which_language(sessions: Sessions) -> None:
    requests = [copy_of(BOOTS, brief=HIKERS, language="de"), banner_of(BOOTS, brief=HIKERS), banner_of(BOOTS)]
    results = made(sessions, requests, [search_ad(), [], []])
    assert {(row["audience"], row["language"]) for row in rows(results, "copy")} == {("Hikers", "de")}
    (ad,) = rows(results, "google_ads_editor")
    assert (ad["Campaign"], ad["Ad Group"]) == ("Adloom | de", "Boots | Hikers")
    names = [creative.file_name for creative in results.creatives]
    assert names == ["boots_iab_fixed_300x250_hikers_de.png", "boots_iab_fixed_300x250.png"]
    (product,) = make_report(results, filled(results)).products
    assert [channel.name.split(" · ")[1:] for channel in product.channels] == [["hikers", "de"]]


def test_a_product_may_say_the_same_in_another_field_or_twice(sessions: Sessions) -> None:
    variants = [[text("headline", "Walk on"), text("description", "Walk on")], [text("headline", "Walk on")]]
    results = made(sessions, [copy_of(BOOTS), copy_of(BOOTS)], variants)
    assert [copy.repeated for copy in results.copies] == [0, 0]


def test_files_have_telling_names_and_none_twice(sessions: Sessions) -> None:
    products = [
        BOOTS,
        BOOTS,
        Product(id="A/../b", title="Boots"),
        Product(id="a b", title="boots"),
        Product(id="x", title="../.."),
    ]
    results = made(sessions, [banner_of(product) for product in products], [[]] * 5)
    assert [creative.file_name for creative in results.creatives] == [
        "boots_iab_fixed_300x250.png",
        "boots_iab_fixed_300x250-2.png",
        "boots-a-b_iab_fixed_300x250.png",
        "boots-a-b-2_iab_fixed_300x250.png",
        "untitled_iab_fixed_300x250.png",
    ]


def test_an_ad_that_nobody_could_publish_is_left_out_and_the_report_says_so(sessions: Sessions) -> None:
    broken = Product(id="3", title="Tent", link="shop.example/3")
    few = [text("headline", "Only one")]
    other, third = ("a", "b", "c"), ("d", "e", "f")
    requests = [copy_of(BOOTS), copy_of(ROPE), copy_of(broken), copy_of(Product(id="4", title="Mug"))]
    results = made(sessions, requests, [search_ad(), few, search_ad(other), search_ad(third)])
    assert [row["Final URL"] for row in rows(results, "google_ads_editor")] == ["https://shop.example/1"]
    page = b"".join(export(find_format("report"), results, filled(results))).decode()
    for product_id, reason in (("2", "headlines"), ("3", "no link"), ("4", "no link")):
        assert f"the ad of {product_id}: " in page, reason


def test_the_briefs_templates_name_campaigns_and_addresses(sessions: Sessions) -> None:
    brief = Brief(
        name="Autumn", campaign_name="{brief} {category}", ad_group_name="{product_id}", utm={"utm_id": "{product_id}"}
    )
    product = BOOTS.model_copy(update={"category": "Outdoor > Footwear"})
    (row,) = rows(made(sessions, [copy_of(product, brief=brief)], [search_ad()]), "google_ads_editor")
    assert (row["Campaign"], row["Ad Group"], row["Final URL"]) == (
        "Autumn Footwear",
        "1",
        "https://shop.example/1?utm_id=1",
    )


def test_the_report_shows_uploads_of_the_owner_only(sessions: Sessions) -> None:
    store = open_store("memory:")
    for key in ("uploads/ada/1", "uploads/bob/1"):
        store.put(key, picture(), media_type="image/png")
    requests = [banner_of(BOOTS, photo="uploads/ada/1"), banner_of(ROPE, photo="uploads/bob/1")]
    job_id = submit(sessions, requests).job_id
    with sessions.read() as session:
        results = collect(session, job_id, owner="ada", kinds=KINDS)
    mine, theirs = make_report(results, store).products
    assert mine.photo is not None
    assert theirs.photo is None


def test_the_report_writes_prices_and_says_what_is_missing(sessions: Sessions) -> None:
    usd, jpy = (Money(amount=amount, currency=currency) for amount, currency in (("1109.5", "USD"), ("1200", "JPY")))
    products = [BOOTS.model_copy(update={"price": usd}), ROPE.model_copy(update={"price": jpy, "sale_price": jpy})]
    job_id = submit(sessions, [copy_of(product) for product in products]).job_id
    with sessions.read() as session:
        report = make_report(collect(session, job_id, owner="ada", kinds=KINDS), open_store("memory:"))
    assert [(product.price, product.was) for product in report.products] == [
        ("1,109.50 USD", ""),
        ("1,200 JPY", "1,200 JPY"),
    ]
    assert report.notes == ("2 of 2 items were not finished when this page was made.",)


def test_a_page_holds_so_many_products_and_counts_the_others(sessions: Sessions) -> None:
    products = [Product(id=str(n), title=f"Product {n}") for n in range(103)]
    job_id = submit(sessions, [copy_of(product) for product in products]).job_id
    with sessions.read() as session:
        report = make_report(collect(session, job_id, owner="ada", kinds=KINDS), open_store("memory:"))
    assert (len(report.products), report.more_products) == (100, 3)


def test_an_item_whose_kind_is_gone_is_in_no_way_of_the_others(sessions: Sessions) -> None:
    job_id = submit(sessions, [copy_of(BOOTS)]).job_id
    with sessions.read() as session:
        results = collect(session, job_id, owner="ada", kinds={})
    assert b"copy.lm" in b"".join(export(find_format("manifest"), results, open_store("memory:")))


def test_nothing_of_another_owners_job_is_collected(sessions: Sessions) -> None:
    job_id = submit(sessions, [copy_of(BOOTS)]).job_id
    with sessions.read() as session, pytest.raises(NotFound):
        collect(session, job_id, owner="bob", kinds=KINDS)


def test_an_unknown_format_names_those_there_are() -> None:
    with pytest.raises(NotFound, match="manifest"):
        find_format("manifesto")


def quiz_of(product: Product) -> ItemRequest:
    return ItemRequest(KINDS["copy.template"], CopySpec(product=product, channel="quiz"))


def quiz(title: str) -> list[dict[str, Any]]:  # Any: JSON
    texts = [("question", f"What is the {title} made of?"), ("answer", "Wool"), ("wrong", "Wax"), ("wrong", "Paper")]
    return [{**text(field, words, n), "details": {"group": 1}} for n, (field, words) in enumerate(texts)]


@pytest.mark.parametrize(("other", "of_rope"), [("Rope", 4), ("Boots", 0)])
def test_products_share_answers_and_no_question(sessions: Sessions, other: str, of_rope: int) -> None:
    results = made(sessions, [quiz_of(BOOTS), quiz_of(ROPE)], [quiz("Boots"), quiz(other)])
    found = [(row["product_id"], row["group"]) for row in rows(results, "copy")]
    assert found == [("1", "1")] * 4 + [("2", "1")] * of_rope


def test_what_is_no_ad_is_in_no_export_for_ads_and_the_report_says_so(sessions: Sessions) -> None:
    results = made(sessions, [quiz_of(BOOTS)], [quiz("Boots")])
    with pytest.raises(Invalid, match="Nothing of this job is an ad"):
        rows(results, "google_ads_editor")
    assert "Quiz is no ad" in write_report(results, open_store("memory:")).decode()
    both = made(sessions, [copy_of(BOOTS), quiz_of(BOOTS)], [search_ad(), quiz("Boots")])
    assert len(rows(both, "google_ads_editor")) == 1
