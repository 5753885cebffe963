"""Channel accounts and posts as they stand there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_21_08_channels"
down_revision = "2026_11_21_07_loyalty"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_account",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=True),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_account")),
        sa.UniqueConstraint("channel", "external_id", name=op.f("uq_channel_account_channel_external_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_channel_account_public_id")),
    )
    op.create_table(
        "channel_post",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link_slug", sa.String(length=64), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_name", sa.String(length=120), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_channel_post_account_id_channel_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_post")),
        sa.UniqueConstraint("account_id", "external_id", name=op.f("uq_channel_post_account_id_external_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_channel_post_public_id")),
    )
    op.create_index(
        "ix_channel_post_account_id_published_at", "channel_post", ["account_id", "published_at", "id"], unique=False
    )
    op.create_index(op.f("ix_channel_post_campaign_id"), "channel_post", ["campaign_id"], unique=False)
    op.create_table(
        "channel_post_picture",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("picture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=1500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"], name=op.f("fk_channel_post_picture_picture_id_picture")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["channel_post.id"], name=op.f("fk_channel_post_picture_post_id_channel_post")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_post_picture")),
        sa.UniqueConstraint("post_id", "position", name=op.f("uq_channel_post_picture_post_id_position")),
    )


def downgrade() -> None:
    op.drop_table("channel_post_picture")
    op.drop_index(op.f("ix_channel_post_campaign_id"), table_name="channel_post")
    op.drop_index("ix_channel_post_account_id_published_at", table_name="channel_post")
    op.drop_table("channel_post")
    op.drop_table("channel_account")
