"""What members are told, and where they want to be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_09_notices"
down_revision = "2026_11_22_08_connecting"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_notice_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notice_public_id")),
    )
    op.create_index("ix_notice_member_id_at", "notice", ["member_id", "at", "id"])
    op.create_table(
        "notice_wish",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("mail_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("without", JSON, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_notice_wish_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_wish")),
        sa.UniqueConstraint("member_id", name=op.f("uq_notice_wish_member_id")),
    )
    filled = sa.text("due_at IS NOT NULL")
    op.create_index("ix_notice_wish_due_at", "notice_wish", ["due_at"], postgresql_where=filled, sqlite_where=filled)
    op.create_table(
        "outgoing_message",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_outgoing_message_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_message")),
        sa.UniqueConstraint("member_id", "month", "number", name=op.f("uq_outgoing_message_member_id_month_number")),
    )


def downgrade() -> None:
    op.drop_table("outgoing_message")
    op.drop_table("notice_wish")
    op.drop_table("notice")
