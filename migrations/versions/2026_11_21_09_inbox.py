"""Interactions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_09_inbox"
down_revision = "2026_11_21_08_channels"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interaction",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("parent_external_id", sa.String(length=128), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_interaction_account_id_channel_account")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["handle.id"], name=op.f("fk_interaction_author_id_handle")),
        sa.ForeignKeyConstraint(["parent_id"], ["interaction.id"], name=op.f("fk_interaction_parent_id_interaction")),
        sa.ForeignKeyConstraint(["post_id"], ["channel_post.id"], name=op.f("fk_interaction_post_id_channel_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
        sa.UniqueConstraint("account_id", "external_id", name=op.f("uq_interaction_account_id_external_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_interaction_public_id")),
    )
    op.create_index(
        "ix_interaction_account_id_parent_external_id",
        "interaction",
        ["account_id", "parent_external_id"],
        unique=False,
        postgresql_where=sa.text("parent_external_id IS NOT NULL"),
        sqlite_where=sa.text("parent_external_id IS NOT NULL"),
    )
    op.create_index("ix_interaction_author_id_occurred_at", "interaction", ["author_id", "occurred_at"], unique=False)
    op.create_index(op.f("ix_interaction_parent_id"), "interaction", ["parent_id"], unique=False)
    op.create_index("ix_interaction_post_id_occurred_at", "interaction", ["post_id", "occurred_at", "id"], unique=False)
    op.create_index("ix_interaction_received_at", "interaction", ["received_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_interaction_received_at", table_name="interaction")
    op.drop_index("ix_interaction_post_id_occurred_at", table_name="interaction")
    op.drop_index(op.f("ix_interaction_parent_id"), table_name="interaction")
    op.drop_index("ix_interaction_author_id_occurred_at", table_name="interaction")
    op.drop_index(
        "ix_interaction_account_id_parent_external_id",
        table_name="interaction",
        postgresql_where=sa.text("parent_external_id IS NOT NULL"),
        sqlite_where=sa.text("parent_external_id IS NOT NULL"),
    )
    op.drop_table("interaction")
