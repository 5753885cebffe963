"""Posts of the brand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_13_posts"
down_revision = "2026_11_21_12_links"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brand_post",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ad", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_brand_post_author_id_user_account")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_brand_post_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_brand_post_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_post")),
        sa.UniqueConstraint("public_id", name=op.f("uq_brand_post_public_id")),
    )
    op.create_index(op.f("ix_brand_post_campaign_id"), "brand_post", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_brand_post_changed_at"), "brand_post", ["changed_at"], unique=False)
    op.create_table(
        "post_picture",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("picture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=1500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_post_picture_picture_id_picture")),
        sa.ForeignKeyConstraint(["post_id"], ["brand_post.id"], name=op.f("fk_post_picture_post_id_brand_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_picture")),
        sa.UniqueConstraint("post_id", "picture_id", name=op.f("uq_post_picture_post_id_picture_id")),
    )


def downgrade() -> None:
    op.drop_table("post_picture")
    op.drop_index(op.f("ix_brand_post_changed_at"), table_name="brand_post")
    op.drop_index(op.f("ix_brand_post_campaign_id"), table_name="brand_post")
    op.drop_table("brand_post")
