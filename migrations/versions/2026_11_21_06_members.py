"""Members and their handles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_06_members"
down_revision = "2026_11_21_05_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("card_public", sa.Boolean(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_member_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("public_id", name=op.f("uq_member_public_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_member_user_id")),
    )
    op.create_index(op.f("ix_member_joined_at"), "member", ["joined_at"], unique=False)
    op.create_table(
        "handle",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_handle_member_id_member")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_handle_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handle")),
        sa.UniqueConstraint("channel", "external_id", name=op.f("uq_handle_channel_external_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_handle_public_id")),
    )
    op.create_index(op.f("ix_handle_member_id"), "handle", ["member_id"], unique=False)
    op.create_index(op.f("ix_handle_user_id"), "handle", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_handle_user_id"), table_name="handle")
    op.drop_index(op.f("ix_handle_member_id"), table_name="handle")
    op.drop_table("handle")
    op.drop_index(op.f("ix_member_joined_at"), table_name="member")
    op.drop_table("member")
