"""Feeds in the database: kept in order, paged, and only for their owner."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from adloom.core.errors import NotFound
from adloom.core.products import Product
from adloom.feeds import Feed, RowError
from models import Sessions
from services.cursors import Pager
from services.feeds import (
    attach_image,
    find_feed,
    find_image,
    image_state,
    list_images,
    list_products,
    load_products,
    store_feed,
)
from services.images import store_image
from storage import open_store
from tests.pictures import picture

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PRODUCTS = (
    Product(id="1", title="Boots", image="b.png"),
    Product(id="2", title="Rope", image="https://cdn.example/r.png"),
    Product(id="3", title="Harness", image="a.png"),
    Product(id="4", title="Tent", image="b.png"),
    Product(id="5", title="Mug"),
)


def store(sessions: Sessions, products: tuple[Product, ...] = PRODUCTS) -> UUID:
    parsed = Feed("merchant", products, (RowError(7, "price", "bad-price", "No price."),))
    with sessions.begin() as session:
        return store_feed(session, parsed, owner="ada", name="feed.tsv", now=NOON)


def pager(cursor: str | None = None, *, limit: int = 2, owner: str = "ada") -> Pager:
    return Pager(b"secret", owner, "list", limit, cursor)


def test_a_feed_is_kept_with_its_errors_and_counts(sessions: Sessions) -> None:
    feed_id = store(sessions)
    with sessions.read() as session:
        found = find_feed(session, feed_id, owner="ada")
        assert (found.products, found.images_needed, found.feed.created_at) == (5, 2, NOON)
        assert found.feed.errors == [{"line": 7, "field": "price", "code": "bad-price", "message": "No price."}]


def test_an_empty_feed_can_be_kept(sessions: Sessions) -> None:
    with sessions.read() as session:
        assert find_feed(session, store(sessions, ()), owner="ada").products == 0


def test_products_and_images_are_paged_without_gaps(sessions: Sessions) -> None:
    feed_id = store(sessions)
    products: list[str] = []
    images: list[str] = []
    with sessions.read() as session:
        cursor: str | None = None
        while products == [] or cursor:
            page = list_products(session, feed_id, pager(cursor))
            products += [product.id for product in page.rows]
            cursor = page.next_cursor
        while images == [] or cursor:
            found = list_images(session, feed_id, pager(cursor))
            images += [image.reference for image in found.rows]
            cursor = found.next_cursor
    assert products == ["1", "2", "3", "4", "5"]
    assert sorted(images) == ["a.png", "b.png", "https://cdn.example/r.png"]


def test_an_uploaded_image_is_stored_for_every_product_that_names_it(sessions: Sessions) -> None:
    feed_id, stored = store(sessions), store_image(open_store("memory:"), "ada", picture())
    with sessions.begin() as session:
        attach_image(find_image(session, feed_id, "b.png", owner="ada"), stored)
    with sessions.read() as session:
        states = {image.reference: image_state(image) for image in list_images(session, feed_id, pager(limit=9)).rows}
        products, photos = load_products(session, feed_id, owner="ada", limit=4)
    assert states == {"a.png": "needed", "b.png": "stored", "https://cdn.example/r.png": "remote"}
    assert [photos.of(product) for product in products] == [stored.key, PRODUCTS[1].image, "a.png", stored.key]


def test_nothing_of_a_feed_is_found_by_another_owner(sessions: Sessions) -> None:
    feed_id = store(sessions)
    with sessions.read() as session:
        for look in (
            lambda: find_feed(session, feed_id, owner="bob"),
            lambda: list_products(session, feed_id, pager(owner="bob")),
            lambda: list_images(session, feed_id, pager(owner="bob")),
            lambda: load_products(session, feed_id, owner="bob", limit=None),
            lambda: find_image(session, feed_id, "b.png", owner="bob"),
        ):
            with pytest.raises(NotFound):
                look()
