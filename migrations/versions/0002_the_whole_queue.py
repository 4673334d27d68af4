"""What the whole queue needs: pauses, deadlines, shares, throughput, webhooks, litter.

Expand step: every new column is nullable or has a default, so processes of the previous release keep running.
"""

import sqlalchemy as sa
from alembic import op

from models.types import UtcDateTime

revision, down_revision = "0002", "0001"

_HELD_BACK = "finished_at IS NULL AND (cancelled_at IS NOT NULL OR paused_at IS NOT NULL OR expired_at IS NOT NULL)"

_INDEXES = {  # name -> table, column, condition
    "ix_jobs_held_back": ("jobs", "id", _HELD_BACK),
    "ix_jobs_deadline": ("jobs", "deadline_at", "deadline_at IS NOT NULL AND finished_at IS NULL"),
    "ix_jobs_resumed": ("jobs", "id", "resumed_at IS NOT NULL AND finished_at IS NULL"),
    "ix_jobs_unfinished": ("jobs", "owner", "state = 'running'"),
    "ix_jobs_key_age": ("jobs", "created_at", "idempotency_key IS NOT NULL"),
    "ix_attempts_litter": ("attempts", "litter_at", "litter_at IS NOT NULL"),
    "ix_deliveries_due": ("deliveries", "next_at", "ended_at IS NULL"),
    "ix_deliveries_ended": ("deliveries", "ended_at", "ended_at IS NOT NULL"),
}


def upgrade() -> None:
    # plain ADD COLUMN, also on SQLite: a batch would copy the whole table
    op.add_column("items", sa.Column("leased_at", UtcDateTime(), nullable=True))
    op.add_column("items", sa.Column("batch_size", sa.Integer(), nullable=True))
    for name in ("has_parents", "has_children"):  # true: nobody has looked
        op.add_column("items", sa.Column(name, sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("attempts", sa.Column("litter_at", UtcDateTime(), nullable=True))
    for name in ("paused_at", "parked_at", "resumed_at", "deadline_at", "expired_at"):
        op.add_column("jobs", sa.Column(name, UtcDateTime(), nullable=True))
    op.add_column("jobs", sa.Column("webhook_url", sa.String(), server_default="", nullable=False))

    op.create_table(
        "owners",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("max_waiting", sa.Integer(), nullable=True),
        sa.Column("max_daily", sa.Integer(), nullable=True),
        sa.CheckConstraint("weight > 0", name=op.f("ck_owners_weight_is_positive")),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_owners")),
    )
    op.create_table(
        "lane_states",
        sa.Column("lane", sa.String(16), nullable=False),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("measured_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_lane_states")),
    )
    op.create_table(
        "work",
        sa.Column("lane", sa.String(16), nullable=False),
        sa.Column("minute", UtcDateTime(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "minute", "worker", name=op.f("pk_work")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_deliveries_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("job_id", "event", name=op.f("uq_deliveries_job_id_event")),
    )
    for name, (table, column, condition) in _INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, table, [column], unique=False, postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    for name, (table, _, _) in reversed(_INDEXES.items()):
        op.drop_index(name, table_name=table)
    for table in ("deliveries", "work", "lane_states", "owners"):
        op.drop_table(table)
    for name in ("webhook_url", "expired_at", "deadline_at", "resumed_at", "parked_at", "paused_at"):
        op.drop_column("jobs", name)
    op.drop_column("attempts", "litter_at")
    for name in ("has_children", "has_parents", "batch_size", "leased_at"):
        op.drop_column("items", name)
