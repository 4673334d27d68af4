"""Items and what hangs on them: the queue itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from models.base import Base


class Item(Base):
    """One spec of one job.  The unit that is leased, attempted and retried.

    Invariants, kept by check constraints: ``worker`` and ``lease_expires_at`` are set exactly while the item is
    LEASED, ``finished_at`` exactly when its state is final.
    """

    __tablename__ = "items"
    __table_args__ = (
        sa.UniqueConstraint("job_id", "position"),
        sa.CheckConstraint("(state = 'leased') = (worker IS NOT NULL)", name="leased_has_worker"),
        sa.CheckConstraint("(worker IS NULL) = (lease_expires_at IS NULL)", name="lease_is_whole"),
        sa.CheckConstraint(
            "(state IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name="final_is_finished"
        ),
        sa.CheckConstraint("(state = 'failed') = (error_code IS NOT NULL)", name="failed_says_why"),
        sa.CheckConstraint("parents_left >= 0", name="parents_left_is_not_negative"),
        sa.Index(
            "ix_items_ready",
            "lane",
            sa.text("priority DESC"),
            "fair_rank",
            "id",
            postgresql_where=sa.text("state = 'queued'"),
            sqlite_where=sa.text("state = 'queued'"),
        ),
        sa.Index(  # the rest of a micro-batch, and a preferred batch key: neither may walk the whole lane
            "ix_items_ready_key",
            "lane",
            "batch_key",
            sa.text("priority DESC"),
            "fair_rank",
            "id",
            postgresql_where=sa.text("state = 'queued'"),
            sqlite_where=sa.text("state = 'queued'"),
        ),
        sa.Index(  # without lease_expires_at: renewals then touch no index
            "ix_items_leased",
            "worker",
            postgresql_where=sa.text("state = 'leased'"),
            sqlite_where=sa.text("state = 'leased'"),
        ),
        sa.Index(
            "ix_items_blocked",
            "run_at",
            postgresql_where=sa.text("state = 'blocked' AND parents_left = 0"),
            sqlite_where=sa.text("state = 'blocked' AND parents_left = 0"),
        ),
        {"postgresql_with": {"fillfactor": "80"}},  # room for updates in place
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    job_id: Mapped[UUID] = mapped_column(sa.ForeignKey("jobs.id", ondelete="CASCADE"))
    owner: Mapped[str]  #: the job's, repeated: acquire and every owner's query need it without a join
    position: Mapped[int]
    custom_id: Mapped[str] = mapped_column(default="")
    labels: Mapped[dict[str, Any]]  #: the owner's own metadata, handed back untouched
    kind: Mapped[str]
    lane: Mapped[Lane]
    batch_key: Mapped[str]  #: kind and the kind's own key
    micro_batch: Mapped[int]  #: the most items of this batch key that are leased together
    spec: Mapped[dict[str, Any]]
    seed: Mapped[int] = mapped_column(sa.BigInteger)
    cost: Mapped[float]
    priority: Mapped[int] = mapped_column(default=0)
    fair_rank: Mapped[float] = mapped_column(default=0.0)  #: place in the lane; fixed when the item becomes ready
    run_at: Mapped[datetime | None]  #: not before; None: at once

    state: Mapped[ItemState]
    fence: Mapped[int] = mapped_column(default=0)  #: rises whenever the item changes hands; never falls
    worker: Mapped[UUID | None]  #: the incarnation of a process, never a host name
    leased_at: Mapped[datetime | None]  #: when the current lease began
    lease_expires_at: Mapped[datetime | None]
    batch_size: Mapped[int | None]  #: how many items were leased together with it
    on_device: Mapped[bool] = mapped_column(default=False)  #: the generator has begun: if the worker dies now, suspect
    suspect: Mapped[bool] = mapped_column(default=False)  #: a worker died while it was on the device: runs alone
    parents_left: Mapped[int] = mapped_column(default=0)
    has_parents: Mapped[bool] = mapped_column(default=False, server_default=sa.true())  #: True where nobody knows
    has_children: Mapped[bool] = mapped_column(default=False, server_default=sa.true())  #: True where nobody knows
    checkpoint: Mapped[str] = mapped_column(default="")

    attempts: Mapped[int] = mapped_column(default=0)  #: leases so far; informs, decides nothing
    errors: Mapped[int] = mapped_column(default=0)  #: transient errors: a budget of its own
    crashes: Mapped[int] = mapped_column(default=0)  #: processes seen to die with it on the device
    losses: Mapped[int] = mapped_column(default=0)  #: leases that ran out

    variants: Mapped[list[Any] | None]  #: what was made: texts as they are, files by the number of their asset
    notes: Mapped[list[Any] | None]
    provenance: Mapped[dict[str, Any] | None]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    error_retryable: Mapped[bool | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ItemParent(Base):
    """*child* needs what *parent* makes.  Both are items of one job."""

    __tablename__ = "item_parents"

    parent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    child_id: Mapped[UUID] = mapped_column(sa.ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True)


class Attempt(Base):
    """One lease of an item and how it ended.  Written once, when it ends: until then the item itself says it all."""

    __tablename__ = "attempts"
    __table_args__ = (
        sa.Index(
            "ix_attempts_litter",
            "litter_at",
            postgresql_where=sa.text("litter_at IS NOT NULL"),
            sqlite_where=sa.text("litter_at IS NOT NULL"),
        ),
    )

    item_id: Mapped[UUID] = mapped_column(primary_key=True)  #: no foreign key: see docs/adr/0010
    fence: Mapped[int] = mapped_column(primary_key=True)
    worker: Mapped[UUID]
    batch_size: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]  #: succeeded, an error's code, released, lost, cancelled
    litter_at: Mapped[datetime | None]  #: when it ended, if it may have left objects in the store; None: there are none


class Asset(Base):
    """One stored file: variant *number* of an item."""

    __tablename__ = "assets"
    __table_args__ = (sa.UniqueConstraint("item_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("items.id", ondelete="CASCADE"))
    number: Mapped[int]
    key: Mapped[str]  #: contains the fence: a late worker can never overwrite the winner's bytes
    media_type: Mapped[str]
    sha256: Mapped[str]
    size_bytes: Mapped[int]
    created_at: Mapped[datetime]


class FairShare(Base):
    """How far an owner has used its share of a lane: the rank its last ready item was given."""

    __tablename__ = "fair_shares"

    lane: Mapped[Lane] = mapped_column(primary_key=True)
    priority: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(primary_key=True)
    finish_rank: Mapped[float]
