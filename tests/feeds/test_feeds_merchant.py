"""Merchant Center text feeds and Meta catalogues, as shops export them."""

from datetime import date
from decimal import Decimal

import pytest

from adloom.core.products import Money, Product
from adloom.feeds import read_feed

HEADER = "id\ttitle\tdescription\tlink\timage_link\tavailability\tprice\tbrand\tproduct_type\tcondition"
BOOTS = (
    "B-1\tTrail Boots\tLight boots with a &quot;Grip&quot; sole.\thttps://shop.example/b-1\timg/b-1.jpg\tin stock\t"
    "109.99 USD\tNorth &amp; Co\tOutdoor > Shoes\tNew"
)


def only(feed: bytes | str, **options: object) -> Product:
    data = feed if isinstance(feed, bytes) else feed.encode()
    (product,) = read_feed(data, name="feed.tsv", **options).products  # type: ignore[arg-type]
    return product


def test_a_row_becomes_a_product() -> None:
    feed = read_feed(f"{HEADER}\n{BOOTS}\n".encode(), name="feed.tsv")

    assert feed.format == "merchant"
    assert feed.errors == ()
    assert feed.products == (
        Product(
            id="B-1",
            title="Trail Boots",
            description='Light boots with a "Grip" sole.',
            link="https://shop.example/b-1",
            image="img/b-1.jpg",
            availability="in_stock",
            price=Money(amount=Decimal("109.99"), currency="USD"),
            brand="North & Co",
            category="Outdoor > Shoes",
            condition="new",
        ),
    )


def test_attribute_names_may_be_written_with_spaces_in_any_case() -> None:
    product = only("ID,Title,Image Link,Product Type,g:item_group_id\n1,Boots,a.jpg,Shoes,G7\n")
    assert (product.image, product.category, product.group) == ("a.jpg", "Shoes", "G7")


def test_structured_title_and_description_give_their_content() -> None:
    product = only(
        "id\tstructured_title(digital_source_type:content)\tstructured_description\n"
        '1\ttrained_algorithmic_media:"Trail Boots"\tdefault:Light and dry\n'
    )
    assert (product.title, product.description) == ("Trail Boots", "Light and dry")


def test_highlights_images_and_details_are_lists() -> None:
    product = only(
        "id\ttitle\tproduct_highlight\tadditional_image_link\tproduct_detail\n"
        '1\tBoots\tWaterproof,"Light, yet sturdy"\ta.jpg,b.jpg\tGeneral:Weight:1.2 kg,General:Ratio:3:1\n'
    )
    assert product.highlights == ("Waterproof", "Light, yet sturdy")
    assert product.more_images == ("a.jpg", "b.jpg")
    assert product.details == {"Weight": "1.2 kg", "Ratio": "3:1"}


def test_a_highlight_column_may_be_repeated() -> None:
    product = only("id\ttitle\tproduct_highlight\tproduct_highlight\n1\tBoots\tWaterproof\tLight\n")
    assert product.highlights == ("Waterproof", "Light")


def test_a_numeric_taxonomy_is_no_category() -> None:
    assert only("id\ttitle\tgoogle_product_category\n1\tBoots\t187\n").category == ""
    assert only("id\ttitle\tgoogle_product_category\n1\tBoots\tApparel > Shoes\n").category == "Apparel > Shoes"


def test_catalogue_comments_before_the_header_are_skipped() -> None:
    feed = read_feed(
        b"# ref_application_id 123\n# ref_asset_id 456\nid,title,image_link\n1,Boots,a.jpg\n,Nameless,b.jpg\n",
        name="meta.csv",
    )
    assert [product.id for product in feed.products] == ["1"]
    assert [(error.line, error.field) for error in feed.errors] == [(5, "id")]


SALE = "id\ttitle\tprice\tsale_price\tsale_price_effective_date\n1\tBoots\t20 USD\t15 USD\t{period}\n"
NOVEMBER = "2026-11-01T00:00+0100/2026-11-30T23:59+0100"


@pytest.mark.parametrize(
    ("period", "today", "on_sale"),
    [
        ("", None, True),
        (NOVEMBER, date(2026, 11, 30), True),
        (NOVEMBER, date(2026, 12, 1), False),
        (NOVEMBER, None, False),
        ("soon", date(2026, 11, 30), False),
    ],
)
def test_a_sale_price_counts_only_in_its_period(period: str, today: date | None, on_sale: bool) -> None:
    product = only(SALE.format(period=period), today=today)
    assert (product.sale_price is not None) is on_sale


def test_a_sale_at_the_full_price_is_no_sale() -> None:
    assert only("id\ttitle\tprice\tsale_price\n1\tBoots\t20 USD\t20.00 USD\n").sale_price is None


def test_a_sale_price_needs_a_price_in_its_currency() -> None:
    feed = read_feed(b"id\ttitle\tprice\tsale_price\n1\tBoots\t20 USD\t15 EUR\n", name="feed.tsv")
    assert [(error.field, error.code) for error in feed.errors] == [("sale_price", "bad-price")]
    assert feed.products == ()
