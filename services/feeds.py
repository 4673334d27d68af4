"""Feeds: what a marketing team uploads, kept row by row, with the images that its rows name."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from adloom.core.errors import NotFound
from adloom.core.products import Product
from adloom.feeds import Feed as ParsedFeed
from models import Feed, FeedImage
from models.queries import feeds
from services.cursors import Page, Pager
from services.images import StoredImage, is_url


@dataclass(frozen=True)
class FeedCounts:
    """A feed with what there is to know at a glance."""

    feed: Feed
    products: int
    images_needed: int


@dataclass(frozen=True)
class Photos:
    """Where a product's image lies: by the reference that its row spells."""

    keys: Mapping[str, str]

    def of(self, product: Product) -> str:
        """An uploaded image's key, a URL, or the bare reference of an image that nobody has uploaded."""
        return self.keys.get(product.image, product.image)


NO_PHOTOS = Photos({})


def store_feed(session: Session, parsed: ParsedFeed, *, owner: str, name: str, now: datetime) -> UUID:
    """Keep a parsed feed: its products in order, its errors, and one row per distinct image."""
    feed_id = uuid7()
    references = dict.fromkeys(product.image for product in parsed.products if product.image)
    feeds.add(
        session,
        {
            "id": feed_id,
            "owner": owner,
            "name": name,
            "format": parsed.format,
            "errors": [asdict(error) for error in parsed.errors],
            "created_at": now,
        },
        [
            {
                "feed_id": feed_id,
                "position": position,
                "product": product.model_dump(mode="json", exclude_defaults=True),
            }
            for position, product in enumerate(parsed.products)
        ],
        [{"feed_id": feed_id, "reference": reference} for reference in references],
    )
    return feed_id


def find_feed(session: Session, feed_id: UUID, *, owner: str) -> FeedCounts:
    """The owner's feed.

    Raises:
        NotFound: *owner* has no such feed.
    """
    feed = _owned(session, feed_id, owner)
    needed = sum(image_state(image) == "needed" for image in feeds.images(session, feed_id))
    return FeedCounts(feed, feeds.count_products(session, feed_id), needed)


def list_products(session: Session, feed_id: UUID, pager: Pager) -> Page[Product]:
    """A page of a feed's products; `NotFound` where the feed is not the owner's."""
    _owned(session, feed_id, pager.owner)
    rows = feeds.products(session, feed_id, after=int(pager.after() or -1), limit=pager.limit + 1)
    page = pager.page(rows, lambda row: row.position)
    return Page([Product.model_validate(row.product) for row in page.rows], page.next_cursor)


def load_products(session: Session, feed_id: UUID, *, owner: str, limit: int | None) -> tuple[list[Product], Photos]:
    """The first *limit* products of the owner's feed, and where their images lie."""
    _owned(session, feed_id, owner)
    rows = feeds.products(session, feed_id, limit=limit)
    keys = {image.reference: image.key for image in feeds.images(session, feed_id) if image.key}
    return [Product.model_validate(row.product) for row in rows], Photos(keys)


def list_images(session: Session, feed_id: UUID, pager: Pager) -> Page[FeedImage]:
    """A page of the images that a feed's rows name; `NotFound` where the feed is not the owner's."""
    _owned(session, feed_id, pager.owner)
    rows = feeds.images(session, feed_id, after=pager.after() or "", limit=pager.limit + 1)
    return pager.page(rows, lambda row: row.reference)


def image_state(image: FeedImage) -> str:
    """``stored``, ``remote`` (an address: the worker fetches it) or ``needed``."""
    if image.key is not None:
        return "stored"
    return "remote" if is_url(image.reference) else "needed"


def find_image(session: Session, feed_id: UUID, reference: str, *, owner: str) -> FeedImage:
    """The image that the owner's feed calls *reference*.

    Raises:
        NotFound: no such feed of this owner, or no row of it names this image.
    """
    _owned(session, feed_id, owner)
    image = feeds.image(session, feed_id, reference)
    if image is None:
        raise NotFound("No row of this feed names such an image. GET …/images lists those that are named.")
    return image


def attach_image(image: FeedImage, stored: StoredImage) -> None:
    """Say where the bytes of a feed's image are; later ones replace earlier ones."""
    image.key, image.width_px, image.height_px = stored.key, stored.facts.width_px, stored.facts.height_px


def _owned(session: Session, feed_id: UUID, owner: str) -> Feed:
    feed = feeds.by_id(session, feed_id, owner=owner)
    if feed is None:
        raise NotFound
    return feed
