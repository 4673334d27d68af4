"""Feeds: what a marketing team has uploaded."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Feed(Base):
    """One uploaded feed, parsed."""

    __tablename__ = "feeds"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    format: Mapped[str]
    errors: Mapped[list[Any]]  #: the rows that could not be read: line, field, code, message
    created_at: Mapped[datetime]


class FeedProduct(Base):
    """One product of a feed, in the feed's order."""

    __tablename__ = "feed_products"

    feed_id: Mapped[UUID] = mapped_column(sa.ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    product: Mapped[dict[str, Any]]


class FeedImage(Base):
    """An image that a feed's rows name, and where its bytes are once they have been uploaded."""

    __tablename__ = "feed_images"

    feed_id: Mapped[UUID] = mapped_column(sa.ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)  #: as the row spells it
    key: Mapped[str | None]  #: None: needed, or remote
    width_px: Mapped[int | None]
    height_px: Mapped[int | None]
