"""Group buys with price tiers, teams, payment, regions and marketplaces; seats with states."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_28_groupbuys"
down_revision = "2026_11_22_27_payments"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _extend_offers()
    _make_tiers_and_teams()
    _extend_seats()
    op.create_table(
        "group_buy_fill",
        sa.Column("group_buy_id", BIG, nullable=False),
        sa.Column("team_id", BIG, nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_group_buy_fill_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["group_buy_id"], ["group_buy.id"], name=op.f("fk_group_buy_fill_group_buy_id_group_buy")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["group_buy_team.id"], name=op.f("fk_group_buy_fill_team_id_group_buy_team")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_buy_fill")),
    )
    op.create_index(op.f("ix_group_buy_fill_group_buy_id"), "group_buy_fill", ["group_buy_id"])


def downgrade() -> None:
    op.drop_table("group_buy_fill")
    _shorten_seats()
    op.drop_table("group_buy_team")
    op.drop_table("group_buy_tier")
    op.drop_index("ix_group_buy_market_link_id", table_name="group_buy")
    with op.batch_alter_table("group_buy") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_group_buy_counts_are_counts"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_group_buy_follows_id_group_buy"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_group_buy_market_link_id_link"), type_="foreignkey")
        for column in _offer_columns():
            batch_op.drop_column(column.name)


def _extend_offers() -> None:
    with op.batch_alter_table("group_buy") as batch_op:
        for column in _offer_columns():
            batch_op.add_column(column)
        batch_op.create_foreign_key(batch_op.f("fk_group_buy_market_link_id_link"), "link", ["market_link_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_group_buy_follows_id_group_buy"), "group_buy", ["follows_id"], ["id"]
        )
        batch_op.create_check_constraint(batch_op.f("ck_group_buy_counts_are_counts"), "people >= 0 AND filled >= 0")
    _index("ix_group_buy_market_link_id", "group_buy", "market_link_id")
    op.execute("UPDATE group_buy SET people = taken")
    op.execute("UPDATE group_buy SET final_price_minor = price_minor WHERE state = 'succeeded'")


def _make_tiers_and_teams() -> None:
    op.create_table(
        "group_buy_tier",
        sa.Column("group_buy_id", BIG, nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_buy_id"], ["group_buy.id"], name=op.f("fk_group_buy_tier_group_buy_id_group_buy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_buy_tier")),
        sa.UniqueConstraint("group_buy_id", "reached", name=op.f("uq_group_buy_tier_group_buy_id_reached")),
    )
    op.create_table(
        "group_buy_team",
        sa.Column("group_buy_id", BIG, nullable=False),
        sa.Column("leader_id", BIG, nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("final_price_minor", sa.Integer(), nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= seats", name=op.f("ck_group_buy_team_never_oversold")),
        sa.CheckConstraint("people >= 0 AND filled >= 0", name=op.f("ck_group_buy_team_counts_are_counts")),
        sa.ForeignKeyConstraint(
            ["group_buy_id"], ["group_buy.id"], name=op.f("fk_group_buy_team_group_buy_id_group_buy")
        ),
        sa.ForeignKeyConstraint(["leader_id"], ["member.id"], name=op.f("fk_group_buy_team_leader_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_buy_team")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_buy_team_public_id")),
    )
    op.create_index(op.f("ix_group_buy_team_group_buy_id"), "group_buy_team", ["group_buy_id"])
    op.create_index(op.f("ix_group_buy_team_leader_id"), "group_buy_team", ["leader_id"])


def _extend_seats() -> None:
    with op.batch_alter_table("seat") as batch_op:
        for column in _seat_columns():
            batch_op.add_column(column)
        for name, (table, column_name) in FOREIGN.items():
            batch_op.create_foreign_key(batch_op.f(name), table, [column_name], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_seat_at_least_one"), "quantity >= 1")
    _say_states()
    with op.batch_alter_table("seat") as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_seat_left_when_not_standing"),
            "(left_at IS NULL) = (state IN ('held', 'paid', 'late_paid', 'confirmed'))",
        )
    op.create_index("ix_seat_group_buy_id_state", "seat", ["group_buy_id", "state"])
    _index("ix_seat_team_id", "seat", "team_id")
    _index("ix_seat_payment_id", "seat", "payment_id")


def _say_states() -> None:
    """Seats so far were promises: certain where the group came about, given back where it did not."""
    mine = "group_buy WHERE group_buy.id = seat.group_buy_id"
    op.execute(f"UPDATE seat SET price_minor = (SELECT price_minor FROM {mine})")  # noqa: S608 (no words of anybody)
    op.execute("UPDATE seat SET state = 'released', left_why = 'left' WHERE left_at IS NOT NULL")
    for state, becomes in (
        ("succeeded", "state = 'confirmed'"),
        ("void", _GONE % "void"),
        ("cancelled", _GONE % "called_off"),
    ):
        ended = f"left_at IS NULL AND group_buy_id IN (SELECT id FROM group_buy WHERE state = '{state}')"  # noqa: S608
        op.execute(f"UPDATE seat SET {becomes} WHERE {ended}")  # noqa: S608


_GONE = """state = 'released', left_why = '%s', left_at =
    (SELECT coalesce(settled_at, deadline_at) FROM group_buy WHERE group_buy.id = seat.group_buy_id)"""


def _shorten_seats() -> None:
    for name in ("ix_seat_payment_id", "ix_seat_team_id", "ix_seat_group_buy_id_state"):
        op.drop_index(name, table_name="seat")
    with op.batch_alter_table("seat") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_seat_left_when_not_standing"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_seat_at_least_one"), type_="check")
        for name in FOREIGN:
            batch_op.drop_constraint(batch_op.f(name), type_="foreignkey")
        for column in _seat_columns():
            batch_op.drop_column(column.name)


def _index(name: str, table: str, column: str) -> None:
    filled = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], postgresql_where=filled, sqlite_where=filled)


FOREIGN = {
    "fk_seat_team_id_group_buy_team": ("group_buy_team", "team_id"),
    "fk_seat_payment_id_payment": ("payment", "payment_id"),
    "fk_seat_receipt_id_payment_receipt": ("payment_receipt", "receipt_id"),
}


def _offer_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("kind", sa.String(length=32), server_default="open", nullable=False),
        sa.Column("final_price_minor", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), server_default="0", nullable=False),
        sa.Column("filled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.Column("stock_why", sa.String(length=120), server_default="", nullable=False),
        sa.Column("team_seats", sa.Integer(), nullable=True),
        sa.Column("most_each", sa.Integer(), server_default="1", nullable=False),
        sa.Column("regions", JSON, server_default="[]", nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=True),
        sa.Column("hold_minutes", sa.Integer(), server_default="30", nullable=False),
        sa.Column("market_link_id", BIG, nullable=True),
        sa.Column("follows_id", BIG, nullable=True),
    ]


def _seat_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("team_id", BIG, nullable=True),
        sa.Column("state", sa.String(length=32), server_default="held", nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="1", nullable=False),
        sa.Column("price_minor", sa.Integer(), server_default="0", nullable=False),
        sa.Column("left_why", sa.String(length=32), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("payment_id", BIG, nullable=True),
        sa.Column("receipt_id", BIG, nullable=True),
    ]
