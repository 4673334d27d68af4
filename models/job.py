"""Jobs: one request by one owner, a list of items."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from adloom.core.states import JobState
from models.base import Base

#: jobs of which nothing may be leased: few, and found through an index of their own
HELD_BACK = "finished_at IS NULL AND (cancelled_at IS NOT NULL OR paused_at IS NOT NULL OR expired_at IS NOT NULL)"


class Job(Base):
    """One request by one owner: a list of items.

    Invariants, kept by check constraints: the counters add up to *total*, and ``finished_at`` is set exactly when
    nothing remains.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        sa.UniqueConstraint("owner", "idempotency_key"),
        sa.CheckConstraint("remaining + succeeded + failed + cancelled = total", name="counters_add_up"),
        sa.CheckConstraint("remaining >= 0", name="remaining_is_not_negative"),
        sa.CheckConstraint("(remaining = 0) = (finished_at IS NOT NULL)", name="finished_when_nothing_remains"),
        sa.CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="running_until_finished"),
        sa.Index("ix_jobs_owner_id", "owner", "id"),
        sa.Index(
            "ix_jobs_cancelling",
            "id",
            postgresql_where=sa.text("cancelled_at IS NOT NULL AND finished_at IS NULL"),
            sqlite_where=sa.text("cancelled_at IS NOT NULL AND finished_at IS NULL"),
        ),
        sa.Index("ix_jobs_held_back", "id", postgresql_where=sa.text(HELD_BACK), sqlite_where=sa.text(HELD_BACK)),
        sa.Index(
            "ix_jobs_deadline",
            "deadline_at",
            postgresql_where=sa.text("deadline_at IS NOT NULL AND finished_at IS NULL"),
            sqlite_where=sa.text("deadline_at IS NOT NULL AND finished_at IS NULL"),
        ),
        sa.Index(
            "ix_jobs_resumed",
            "id",
            postgresql_where=sa.text("resumed_at IS NOT NULL AND finished_at IS NULL"),
            sqlite_where=sa.text("resumed_at IS NOT NULL AND finished_at IS NULL"),
        ),
        sa.Index(
            "ix_jobs_unfinished",
            "owner",
            # by the state, which says the same: by finished_at, SQLite would take it for the index of what is held back
            postgresql_where=sa.text("state = 'running'"),
            sqlite_where=sa.text("state = 'running'"),
        ),
        sa.Index(
            "ix_jobs_key_age",
            "created_at",
            postgresql_where=sa.text("idempotency_key IS NOT NULL"),
            sqlite_where=sa.text("idempotency_key IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    idempotency_key: Mapped[str | None]
    fingerprint: Mapped[str]  #: SHA-256 of the canonical request, to tell a replay from a clash
    seed: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[JobState] = mapped_column(default=JobState.RUNNING)
    total: Mapped[int]
    remaining: Mapped[int]  #: items that are not final; whoever brings it to 0 finishes the job
    succeeded: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]  #: acquire takes no item of a job that has it, even before they are settled
    paused_at: Mapped[datetime | None]  #: acquire takes no item of a job that has it
    parked_at: Mapped[datetime | None]  #: a paused job's items had left the ready index by then
    resumed_at: Mapped[datetime | None]  #: set while a resumed job's items are being woken
    deadline_at: Mapped[datetime | None]  #: what is not final by then fails
    expired_at: Mapped[datetime | None]  #: when the deadline was noticed; acquire takes no item from then on
    webhook_url: Mapped[str] = mapped_column(default="", server_default="")  #: told when the job ends; empty: nobody
    finished_at: Mapped[datetime | None]
