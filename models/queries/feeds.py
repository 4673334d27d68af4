"""Questions about feeds: their products, their images.  Every one is asked on behalf of an owner."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.feed import Feed, FeedImage, FeedProduct


def add(
    session: Session, feed: dict[str, Any], products: Sequence[dict[str, Any]], images: Sequence[dict[str, Any]]
) -> None:
    """Insert a feed with its products and the images that they name."""
    session.execute(sa.insert(Feed), [feed])
    if products:
        session.execute(sa.insert(FeedProduct), products)
    if images:
        session.execute(sa.insert(FeedImage), images)


def by_id(session: Session, feed_id: UUID, *, owner: str) -> Feed | None:
    """The owner's feed with this id."""
    return session.scalar(sa.select(Feed).where(Feed.id == feed_id, Feed.owner == owner))


def count_products(session: Session, feed_id: UUID) -> int:
    """How many products a feed has."""
    return session.scalar(sa.select(sa.func.count()).where(FeedProduct.feed_id == feed_id)) or 0


def products(session: Session, feed_id: UUID, *, after: int = -1, limit: int | None = None) -> Sequence[FeedProduct]:
    """A feed's products in its order, from behind position *after*."""
    rows = sa.select(FeedProduct).where(FeedProduct.feed_id == feed_id, FeedProduct.position > after)
    return session.scalars(rows.order_by(FeedProduct.position).limit(limit)).all()


def images(session: Session, feed_id: UUID, *, after: str = "", limit: int | None = None) -> Sequence[FeedImage]:
    """The images that a feed names, by reference, from behind *after*."""
    rows = sa.select(FeedImage).where(FeedImage.feed_id == feed_id, FeedImage.reference > after)
    return session.scalars(rows.order_by(FeedImage.reference).limit(limit)).all()


def image(session: Session, feed_id: UUID, reference: str) -> FeedImage | None:
    """The image that a feed calls *reference*."""
    return session.get(FeedImage, (feed_id, reference))
