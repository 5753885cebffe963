"""Tracked links and visits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_12_links"
down_revision = "2026_11_21_11_participation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=2000), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("utm_source", sa.String(length=64), nullable=False),
        sa.Column("utm_medium", sa.String(length=64), nullable=False),
        sa.Column("utm_campaign", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_link_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_link_made_by_id_user_account")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_link_member_id_member")),
        sa.ForeignKeyConstraint(["post_id"], ["channel_post.id"], name=op.f("fk_link_post_id_channel_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("member_id", "target", name=op.f("uq_link_member_id_target")),
        sa.UniqueConstraint("public_id", name=op.f("uq_link_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_link_slug")),
    )
    op.create_index(op.f("ix_link_campaign_id"), "link", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_link_post_id"), "link", ["post_id"], unique=False)
    op.create_table(
        "hit",
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("visitor", sa.String(length=32), nullable=False),
        sa.Column("referrer", sa.String(length=255), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_hit_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hit")),
        sa.UniqueConstraint("uid", name=op.f("uq_hit_uid")),
    )
    op.create_index("ix_hit_link_id_occurred_at", "hit", ["link_id", "occurred_at"], unique=False)
    op.create_table(
        "sign_up_origin",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_sign_up_origin_link_id_link")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sign_up_origin_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up_origin")),
        sa.UniqueConstraint("user_id", name=op.f("uq_sign_up_origin_user_id")),
    )
    op.create_index(op.f("ix_sign_up_origin_link_id"), "sign_up_origin", ["link_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_sign_up_origin_link_id"), table_name="sign_up_origin")
    op.drop_table("sign_up_origin")
    op.drop_index("ix_hit_link_id_occurred_at", table_name="hit")
    op.drop_table("hit")
    op.drop_index(op.f("ix_link_post_id"), table_name="link")
    op.drop_index(op.f("ix_link_campaign_id"), table_name="link")
    op.drop_table("link")
