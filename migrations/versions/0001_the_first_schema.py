"""The first schema."""

import sqlalchemy as sa
from alembic import op

from models.types import UtcDateTime

revision, down_revision = "0001", None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    with op.batch_alter_table("api_keys") as api_keys:
        api_keys.create_index(api_keys.f("ix_api_keys_owner"), ["owner"], unique=False)

    op.create_table(
        "brands",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("brand", sa.JSON(), nullable=False),
        sa.Column("logo_key", sa.String(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "name", name=op.f("pk_brands")),
    )
    op.create_table(
        "fair_shares",
        sa.Column("lane", sa.String(16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("finish_rank", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "priority", "owner", name=op.f("pk_fair_shares")),
    )
    op.create_table(
        "feeds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
    )
    with op.batch_alter_table("feeds") as feeds:
        feeds.create_index(feeds.f("ix_feeds_owner"), ["owner"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("succeeded", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'running') = (finished_at IS NULL)", name=op.f("ck_jobs_running_until_finished")),
        sa.CheckConstraint(
            "(remaining = 0) = (finished_at IS NOT NULL)", name=op.f("ck_jobs_finished_when_nothing_remains")
        ),
        sa.CheckConstraint("remaining + succeeded + failed + cancelled = total", name=op.f("ck_jobs_counters_add_up")),
        sa.CheckConstraint("remaining >= 0", name=op.f("ck_jobs_remaining_is_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("owner", "idempotency_key", name=op.f("uq_jobs_owner_idempotency_key")),
    )
    with op.batch_alter_table("jobs") as jobs:
        jobs.create_index(
            "ix_jobs_cancelling",
            ["id"],
            unique=False,
            postgresql_where=sa.text("cancelled_at IS NOT NULL AND finished_at IS NULL"),
            sqlite_where=sa.text("cancelled_at IS NOT NULL AND finished_at IS NULL"),
        )
        jobs.create_index("ix_jobs_owner_id", ["owner", "id"], unique=False)

    op.create_table(
        "workers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("main", sa.Uuid(), nullable=False),
        sa.Column("lanes", sa.JSON(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    op.create_table(
        "feed_images",
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("width_px", sa.Integer(), nullable=True),
        sa.Column("height_px", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_feed_images_feed_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "reference", name=op.f("pk_feed_images")),
    )
    op.create_table(
        "feed_products",
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_feed_products_feed_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "position", name=op.f("pk_feed_products")),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("custom_id", sa.String(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lane", sa.String(16), nullable=False),
        sa.Column("batch_key", sa.String(), nullable=False),
        sa.Column("micro_batch", sa.Integer(), nullable=False),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.Double(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("fair_rank", sa.Double(), nullable=False),
        sa.Column("run_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=True),
        sa.Column("lease_expires_at", UtcDateTime(), nullable=True),
        sa.Column("on_device", sa.Boolean(), nullable=False),
        sa.Column("suspect", sa.Boolean(), nullable=False),
        sa.Column("parents_left", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("variants", sa.JSON(), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=True),
        sa.Column("provenance", sa.JSON(), nullable=True),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("error_message", sa.String(), nullable=True),
        sa.Column("error_retryable", sa.Boolean(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'failed') = (error_code IS NOT NULL)", name=op.f("ck_items_failed_says_why")),
        sa.CheckConstraint("(state = 'leased') = (worker IS NOT NULL)", name=op.f("ck_items_leased_has_worker")),
        sa.CheckConstraint(
            "(state IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)",
            name=op.f("ck_items_final_is_finished"),
        ),
        sa.CheckConstraint("(worker IS NULL) = (lease_expires_at IS NULL)", name=op.f("ck_items_lease_is_whole")),
        sa.CheckConstraint("parents_left >= 0", name=op.f("ck_items_parents_left_is_not_negative")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_items_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("job_id", "position", name=op.f("uq_items_job_id_position")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index(
        "ix_items_ready_key",
        "items",
        ["lane", "batch_key", sa.text("priority DESC"), "fair_rank", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
        sqlite_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_items_ready",
        "items",
        ["lane", sa.text("priority DESC"), "fair_rank", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
        sqlite_where=sa.text("state = 'queued'"),
    )
    with op.batch_alter_table("items") as items:
        items.create_index(
            "ix_items_blocked",
            ["run_at"],
            unique=False,
            postgresql_where=sa.text("state = 'blocked' AND parents_left = 0"),
            sqlite_where=sa.text("state = 'blocked' AND parents_left = 0"),
        )
        items.create_index(
            "ix_items_leased",
            ["worker"],
            unique=False,
            postgresql_where=sa.text("state = 'leased'"),
            sqlite_where=sa.text("state = 'leased'"),
        )

    op.create_table(
        "assets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_assets_item_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_assets_item_id_number")),
    )
    op.create_table(
        "attempts",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=False),
        sa.Column("batch_size", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_attempts_item_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "fence", name=op.f("pk_attempts")),
    )
    op.create_table(
        "item_parents",
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["items.id"], name=op.f("fk_item_parents_child_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["items.id"], name=op.f("fk_item_parents_parent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("parent_id", "child_id", name=op.f("pk_item_parents")),
    )
    with op.batch_alter_table("item_parents") as item_parents:
        item_parents.create_index(item_parents.f("ix_item_parents_child_id"), ["child_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("item_parents") as item_parents:
        item_parents.drop_index(item_parents.f("ix_item_parents_child_id"))

    op.drop_table("item_parents")
    op.drop_table("attempts")
    op.drop_table("assets")
    op.drop_index("ix_items_ready_key", table_name="items")
    op.drop_index("ix_items_ready", table_name="items")
    with op.batch_alter_table("items") as items:
        items.drop_index(
            "ix_items_leased", postgresql_where=sa.text("state = 'leased'"), sqlite_where=sa.text("state = 'leased'")
        )
        items.drop_index(
            "ix_items_blocked",
            postgresql_where=sa.text("state = 'blocked' AND parents_left = 0"),
            sqlite_where=sa.text("state = 'blocked' AND parents_left = 0"),
        )

    op.drop_table("items")
    op.drop_table("feed_products")
    op.drop_table("feed_images")
    op.drop_table("workers")
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_index("ix_jobs_owner_id")
        jobs.drop_index(
            "ix_jobs_cancelling",
            postgresql_where=sa.text("cancelled_at IS NOT NULL AND finished_at IS NULL"),
            sqlite_where=sa.text("cancelled_at IS NOT NULL AND finished_at IS NULL"),
        )

    op.drop_table("jobs")
    with op.batch_alter_table("feeds") as feeds:
        feeds.drop_index(feeds.f("ix_feeds_owner"))

    op.drop_table("feeds")
    op.drop_table("fair_shares")
    op.drop_table("brands")
    with op.batch_alter_table("api_keys") as api_keys:
        api_keys.drop_index(api_keys.f("ix_api_keys_owner"))

    op.drop_table("api_keys")
