"""Feeds: upload one, see which rows could not be read, upload the images that its rows name."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from adloom.core.products import Product
from adloom.feeds import read_feed
from api.again import RepeatingRoute
from api.dependencies import PLAIN, AskedPage, Owner, PartsDep, RawBody
from api.openapi import PROBLEMS, raw_body
from api.views import FeedView, ImageView, PageView
from services.feeds import (
    attach_image,
    find_feed,
    find_image,
    list_images,
    list_products,
    store_feed,
)
from services.images import store_image

router = APIRouter(prefix="/v1/feeds", tags=["feeds"], responses=PROBLEMS, route_class=RepeatingRoute)

FeedName = Annotated[
    str,
    Query(min_length=1, max_length=200, pattern=PLAIN, description="For people and messages.", examples=["feed.tsv"]),
]
Currency = Annotated[str, Query(pattern=r"^([A-Z]{3})?$", description="ISO 4217, for prices that state none.")]
Reference = Annotated[
    str,
    Query(
        min_length=1, max_length=2048, pattern=PLAIN, description="As the row spells it.", examples=["images/1.webp"]
    ),
]


@router.post("", status_code=201, openapi_extra=raw_body("A feed: Merchant Center text, Shopify CSV, CSV or JSONL."))
def upload(
    owner: Owner, parts: PartsDep, body: RawBody, response: Response, name: FeedName = "feed", currency: Currency = ""
) -> FeedView:
    """Read a product feed.  Rows that cannot be read are listed in `errors`; the others are kept."""
    with parts.database.sessions.read() as session:
        today = parts.database.now(session).date()
    parsed = read_feed(body, name=name, currency=currency, today=today)
    with parts.database.sessions.begin() as session:
        feed_id = store_feed(session, parsed, owner=owner, name=name, now=parts.database.now(session))
        view = FeedView.of(find_feed(session, feed_id, owner=owner))
    response.headers["Location"] = f"/v1/feeds/{feed_id}"
    return view


@router.get("/{feed_id}")
def get(feed_id: UUID, owner: Owner, parts: PartsDep) -> FeedView:
    """A feed: how many products it holds, which rows could not be read, how many images are still needed."""
    with parts.database.sessions.read() as session:
        return FeedView.of(find_feed(session, feed_id, owner=owner))


@router.get("/{feed_id}/products")
def products(feed_id: UUID, owner: Owner, parts: PartsDep, asked: AskedPage) -> PageView[Product]:
    """A feed's products, in its order."""
    pager = parts.pager(owner, f"products:{feed_id}", asked)
    with parts.database.sessions.read() as session:
        page = list_products(session, feed_id, pager)
    return PageView(data=list(page.rows), next_cursor=page.next_cursor)


@router.get("/{feed_id}/images", response_model_exclude_unset=True)
def images(feed_id: UUID, owner: Owner, parts: PartsDep, asked: AskedPage) -> PageView[ImageView]:
    """The images that a feed's rows name.  Upload those whose state is `needed`."""
    pager = parts.pager(owner, f"images:{feed_id}", asked)
    with parts.database.sessions.read() as session:
        page = list_images(session, feed_id, pager)
        return PageView(data=[ImageView.of(image) for image in page.rows], next_cursor=page.next_cursor)


@router.put(
    "/{feed_id}/images",
    response_model_exclude_unset=True,
    openapi_extra=raw_body("A JPEG, PNG or WebP.", "image/jpeg", "image/png", "image/webp"),
)
def put_image(feed_id: UUID, owner: Owner, parts: PartsDep, body: RawBody, reference: Reference) -> ImageView:
    """Upload the image that the feed calls `reference`.  Sending it twice changes nothing; another one replaces it."""
    with parts.database.sessions.read() as session:
        find_image(session, feed_id, reference, owner=owner)  # before any byte is looked at, let alone kept
    stored = store_image(parts.store, owner, body)
    with parts.database.sessions.begin() as session:
        image = find_image(session, feed_id, reference, owner=owner)
        attach_image(image, stored)
        return ImageView.of(image)
