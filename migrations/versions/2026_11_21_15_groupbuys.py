"""Group buys and seats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_15_groupbuys"
down_revision = "2026_11_21_14_publishing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_buy",
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("picture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("picture_alt", sa.String(length=300), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("usual_price_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.CheckConstraint("needed >= 1 AND needed <= seats", name=op.f("ck_group_buy_needed_within_seats")),
        sa.CheckConstraint("taken >= 0 AND taken <= seats", name=op.f("ck_group_buy_never_oversold")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_group_buy_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_group_buy_made_by_id_user_account")),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_group_buy_picture_id_picture")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_buy")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_buy_public_id")),
    )
    op.create_index(op.f("ix_group_buy_campaign_id"), "group_buy", ["campaign_id"], unique=False)
    op.create_index("ix_group_buy_state_deadline_at", "group_buy", ["state", "deadline_at"], unique=False)
    op.create_table(
        "seat",
        sa.Column("group_buy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["group_buy_id"], ["group_buy.id"], name=op.f("fk_seat_group_buy_id_group_buy")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_seat_link_id_link")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_seat_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("group_buy_id", "member_id", name=op.f("uq_seat_group_buy_id_member_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_seat_public_id")),
    )
    op.create_index(op.f("ix_seat_link_id"), "seat", ["link_id"], unique=False)
    op.create_index(op.f("ix_seat_member_id"), "seat", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_seat_member_id"), table_name="seat")
    op.drop_index(op.f("ix_seat_link_id"), table_name="seat")
    op.drop_table("seat")
    op.drop_index("ix_group_buy_state_deadline_at", table_name="group_buy")
    op.drop_index(op.f("ix_group_buy_campaign_id"), table_name="group_buy")
    op.drop_table("group_buy")
