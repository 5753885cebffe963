"""The real-time lane: ideas and their stopwatch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_06_lane"
down_revision = "2026_11_22_05_approval"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hot_topic",
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=2000), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("dropped_reason", sa.String(length=300), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["dropped_by_id"], ["user_account.id"], name=op.f("fk_hot_topic_dropped_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["seen_by_id"], ["user_account.id"], name=op.f("fk_hot_topic_seen_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hot_topic")),
        sa.UniqueConstraint("public_id", name=op.f("uq_hot_topic_public_id")),
    )
    with op.batch_alter_table("hot_topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hot_topic_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "lane_idea",
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["user_account.id"], name=op.f("fk_lane_idea_drawn_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["brand_post.id"], name=op.f("fk_lane_idea_post_id_brand_post")),
        sa.ForeignKeyConstraint(["topic_id"], ["hot_topic.id"], name=op.f("fk_lane_idea_topic_id_hot_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane_idea")),
        sa.UniqueConstraint("post_id", name=op.f("uq_lane_idea_post_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lane_idea_public_id")),
    )
    with op.batch_alter_table("lane_idea", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lane_idea_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "lane_target",
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["set_by_id"], ["user_account.id"], name=op.f("fk_lane_target_set_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane_target")),
    )


def downgrade() -> None:
    op.drop_table("lane_target")
    op.drop_table("lane_idea")
    op.drop_table("hot_topic")
