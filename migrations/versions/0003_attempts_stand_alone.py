"""Let attempts stand alone: to look every item up again makes recording dearer and protects nothing.

They are written in the transaction that changes their item, whose row it has locked; nothing else writes them.
Processes of the previous release notice nothing.
"""

from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    with op.batch_alter_table("attempts") as attempts:
        attempts.drop_constraint("fk_attempts_item_id", type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("attempts") as attempts:
        attempts.create_foreign_key("fk_attempts_item_id", "items", ["item_id"], ["id"], ondelete="CASCADE")
