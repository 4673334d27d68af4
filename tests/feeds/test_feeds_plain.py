"""Plain CSV and JSON Lines with our own field names."""

import json
from decimal import Decimal

import pytest

from adloom.core.products import Money, Product
from adloom.feeds import read_feed

FULL = Product(
    id="1",
    title="Rain Jacket",
    description="Dry.",
    link="https://shop.example/1",
    image="a.jpg",
    more_images=("b.jpg",),
    price=Money(amount=Decimal("20.00"), currency="EUR"),
    sale_price=Money(amount=Decimal("15.00"), currency="EUR"),
    availability="in_stock",
    brand="North",
    category="Outdoor > Jackets",
    condition="new",
    gtin="4006381333931",
    mpn="MP1",
    color="red",
    size="M",
    material="wool",
    pattern="plain",
    gender="unisex",
    age_group="adult",
    highlights=("Waterproof", "Light, yet warm"),
    details={"Weight": "1.2 kg"},
    options={"Size": ("S", "M")},
    labels=("rain",),
    group="G1",
    language="en-GB",
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_plain_csv_is_read_with_any_usual_delimiter(delimiter: str) -> None:
    rows = [["id", "title", "price", "colour", "shelf"], ["1", "Boots", "15.00 USD", "red", "B3"]]
    feed = read_feed("\n".join(delimiter.join(row) for row in rows).encode(), name="plain.csv")

    (product,) = feed.products
    assert (feed.format, feed.errors) == ("csv", ())
    assert (product.id, product.title, product.color) == ("1", "Boots", "red")
    assert product.price == Money(amount=Decimal("15.00"), currency="USD")


def test_every_field_of_a_product_has_its_column() -> None:
    cells = FULL.model_dump(mode="json") | {"price": "20.00 EUR", "sale_price": "15,00 €"}
    cells |= {"more_images": "b.jpg", "highlights": "Waterproof | Light, yet warm", "labels": "rain"}
    cells |= {"details": "Weight: 1.2 kg", "options": "Size: S, M"}
    feed = read_feed(("\t".join(cells) + "\n" + "\t".join(map(str, cells.values()))).encode(), name="plain.tsv")
    assert feed.products == (FULL,)


def test_lists_may_be_json() -> None:
    feed = read_feed(
        b'id;title;highlights;options;details\n1;Boots;"[""Dry"",""Warm""]";"{""Size"":[""S""]}";"{""A"":""b""}"\n',
        name="x",
    )
    (product,) = feed.products
    assert (product.highlights, product.options, product.details) == (("Dry", "Warm"), {"Size": ("S",)}, {"A": "b"})


def test_a_currency_column_serves_prices_without_one() -> None:
    (product,) = read_feed(b"id;title;price;currency\n1;Boots;1.299,50;eur\n", name="plain.csv").products
    assert product.price == Money(amount=Decimal("1299.50"), currency="EUR")


def test_another_column_for_the_id_serves_only_where_there_is_none() -> None:
    with_id = read_feed(b"sku,id,title\nS1,,Boots\n", name="plain.csv")
    without = read_feed(b"sku,name\nS1,Boots\n", name="plain.csv")
    assert [error.field for error in with_id.errors] == ["id"]
    assert [(product.id, product.title) for product in without.products] == [("S1", "Boots")]


def test_excels_separator_line_is_skipped() -> None:
    assert len(read_feed(b"sep=;\nid;title\n1;Boots\n", name="plain.csv").products) == 1


def test_json_lines_are_products_as_we_write_them() -> None:
    feed = read_feed(f"{FULL.model_dump_json()}\n\n".encode(), name="products.jsonl")
    assert feed.format == "jsonl"
    assert feed.products == (FULL,)


def test_json_prices_may_be_text_or_numbers() -> None:
    lines = [
        {"id": "1", "title": "A", "price": "15.00 USD"},
        {"id": "2", "title": "B", "price": 15.1, "currency": "USD"},
        {"id": 3, "title": "C", "gtin": 4006381333931, "unknown": [1]},
    ]
    feed = read_feed("\r\n".join(map(json.dumps, lines)).encode(), name="products.jsonl")
    assert feed.errors == ()
    assert [product.price and product.price.amount for product in feed.products] == [
        Decimal("15.00"),
        Decimal("15.1"),
        None,
    ]
    assert (feed.products[2].id, feed.products[2].gtin) == ("3", "4006381333931")


def test_a_broken_json_line_is_an_error_and_the_rest_is_read() -> None:
    lines = [
        '{"id": "1", "title": "A"}',
        '{"id": "2"',
        '["3"]',
        '{"id": "4", "title": "D", "details": 7}',
        '{"id": "5", "title": "E"}',
    ]
    feed = read_feed("\n".join(lines).encode(), name="products.jsonl")
    assert [product.id for product in feed.products] == ["1", "5"]
    assert [(error.line, error.field) for error in feed.errors] == [(2, ""), (3, ""), (4, "details")]


def test_two_same_keys_or_deep_nesting_in_json_do_no_harm() -> None:
    deep = '{"id": "1", "title": "A", "x": ' + "[" * 200_000
    feed = read_feed(f'{deep}\n{{"id": "2", "title": "B", "title": "C"}}'.encode(), name="products.jsonl")
    assert [product.title for product in feed.products] == ["C"]
