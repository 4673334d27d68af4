"""Shopify product exports in both header dialects."""

from decimal import Decimal

import pytest

from adloom.core.products import Money
from adloom.feeds import Feed, read_feed

OLD = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,"
    "Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,"
    "Variant Compare At Price,Variant Barcode,Image Src,Image Position,Google Shopping / Gender,"
    "Google Shopping / MPN,Status"
)
NEW = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,"
    "Option1 name,Option1 value,Option1 Linked To,Price,Compare-at price,Inventory tracker,Inventory quantity,"
    "Continue selling when out of stock,Product image URL,Image position,Variant image URL,"
    "Color (product.metafields.shopify.color-pattern),Fabric (product.metafields.shopify.fabric),"
    "Secret (product.metafields.custom.secret)"
)
HTML = "<p>Dry &amp; warm</p><h3>Features</h3><ul><li>Waterproof</li><li>Two pockets</li></ul>"


def shop(*rows: str, header: str = OLD) -> Feed:
    return read_feed("\n".join([header, *rows]).encode(), name="products.csv", currency="EUR")


JACKET = (
    f'jacket,Rain Jacket,"{HTML}",North,Jackets,"rain, sale",TRUE,Size,S,Color,Red,J-S,shopify,0,deny,80.00,100.00,'
    "'4006381333931,b.jpg,2,Unisex,MP1,active",
    "jacket,,,,,,,,M,,Red,J-M,shopify,3,deny,85.00,,,a.jpg,1,,,",
    "jacket,,,,,,,,,,,,,,,,,,c.jpg,3,,,",
)


def test_rows_of_one_handle_are_one_product_with_options() -> None:
    feed = shop(*JACKET)

    (product,) = feed.products
    assert feed.format == "shopify"
    assert feed.errors == ()
    assert (product.id, product.title, product.brand, product.category) == ("jacket", "Rain Jacket", "North", "Jackets")
    assert product.options == {"Size": ("S", "M"), "Color": ("Red",)}
    assert product.labels == ("rain", "sale")
    assert product.color == "Red"
    assert product.gender == "unisex"
    assert product.availability == "in_stock"


def test_images_come_in_their_positions() -> None:
    (product,) = shop(*JACKET).products
    assert (product.image, product.more_images) == ("a.jpg", ("b.jpg", "c.jpg"))


def test_a_compare_at_price_is_the_price_and_the_variants_price_the_sale() -> None:
    (product,) = shop(*JACKET).products
    assert product.price == Money(amount=Decimal("100.00"), currency="EUR")
    assert product.sale_price == Money(amount=Decimal("80.00"), currency="EUR")


def test_html_becomes_text_and_list_items_highlights() -> None:
    (product,) = shop(*JACKET).products
    assert product.description == "Dry & warm"
    assert product.highlights == ("Waterproof", "Two pockets")


def test_a_code_of_one_variant_is_not_the_products() -> None:
    (several,) = shop(*JACKET).products
    (single,) = shop(JACKET[0]).products
    assert several.gtin == ""
    assert single.gtin == "4006381333931"


def test_the_new_dialect_is_read_too() -> None:
    row = (
        f'Rain Jacket,jacket,"{HTML}",North,Apparel > Coats,,rain,TRUE,Active,J,,Title,Default Title,,80.00,,shopify,0,'
        "FALSE,a.jpg,1,,Red; Blue,Cotton; Wool,do not read"
    )
    feed = shop(row, header=NEW)

    (product,) = feed.products
    assert feed.format == "shopify"
    assert product.price == Money(amount=Decimal("80.00"), currency="EUR")
    assert (product.category, product.availability) == ("Apparel > Coats", "out_of_stock")
    assert (product.options, product.color, product.details) == ({}, "Red, Blue", {"fabric": "Cotton, Wool"})


def test_prices_without_a_known_currency_are_left_out_and_told_once() -> None:
    feed = read_feed("\n".join([OLD, *JACKET, JACKET[0].replace("jacket", "coat")]).encode(), name="products.csv")

    assert [product.price for product in feed.products] == [None, None]
    assert [(error.line, error.field, error.code) for error in feed.errors] == [(2, "price", "no-currency")]


@pytest.mark.parametrize("status", ["draft", "Archived"])
def test_what_the_shop_does_not_show_is_not_advertised(status: str) -> None:
    feed = shop(JACKET[0].replace(",active", f",{status}"))
    assert feed.products == ()
    assert [(error.line, error.code) for error in feed.errors] == [(2, "not-published")]


def test_another_product_under_the_same_handle_is_an_error() -> None:
    feed = shop(JACKET[0], JACKET[0].replace("Rain Jacket", "Wool Coat"))
    assert [product.title for product in feed.products] == ["Rain Jacket"]
    assert [(error.line, error.field, error.code) for error in feed.errors] == [(3, "handle", "duplicate")]


def test_a_product_without_a_title_is_an_error_where_it_begins() -> None:
    feed = shop(*JACKET[1:], JACKET[0].replace("jacket", "coat"))
    assert [product.id for product in feed.products] == ["coat"]
    assert [(error.line, error.field, error.code) for error in feed.errors] == [(2, "title", "missing")]
