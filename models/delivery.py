"""The outbox of webhooks: written in the transaction that ends a job, sent later."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Delivery(Base):
    """One event for one address.  It is due at ``next_at`` until it is delivered or given up."""

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.UniqueConstraint("job_id", "event"),
        sa.Index(
            "ix_deliveries_due",
            "next_at",
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(
            "ix_deliveries_ended",
            "ended_at",
            postgresql_where=sa.text("ended_at IS NOT NULL"),
            sqlite_where=sa.text("ended_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  #: the webhook-id: the same at every attempt
    job_id: Mapped[UUID] = mapped_column(sa.ForeignKey("jobs.id", ondelete="CASCADE"))
    owner: Mapped[str]
    url: Mapped[str]
    host: Mapped[str]  #: the URL's: so many at once are sent to one host, and no more
    event: Mapped[str]  #: job.completed, job.failed
    body: Mapped[str]  #: the very bytes that are signed and sent
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]  #: not before; moved on when a sender takes it, so that another looks after a crash
    tries: Mapped[int] = mapped_column(default=0)  #: attempts whose outcome is known
    ended_at: Mapped[datetime | None]  #: delivered, or given up
    delivered: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str] = mapped_column(default="")  #: the last answer: a status, or why there was none
