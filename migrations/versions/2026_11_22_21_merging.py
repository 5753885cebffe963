"""Members who turned out to be one person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_21_merging"
down_revision = "2026_11_22_20_identities"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
PROOFS = ("network", "code", "both_accounts", "staff")
OPEN = sa.text("split_at IS NULL")
LEADS = ("member", "merged_into_id"), ("user_account", "leads_to_id")


def upgrade() -> None:
    for table, column in LEADS:
        _lead(table, column)
    _merges()
    _rows()
    _asks()


def downgrade() -> None:
    op.drop_table("merge_ask")
    op.drop_table("merged_row")
    op.drop_table("member_merge")
    for table, column in reversed(LEADS):
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_{column}_{table}"), type_="foreignkey")
            batch_op.drop_column(column)


def _lead(table: str, column: str) -> None:
    """From a member, or an account, to the one of the same person that took its place."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.add_column(sa.Column(column, BIG, nullable=True))
        batch_op.create_foreign_key(batch_op.f(f"fk_{table}_{column}_{table}"), table, [column], ["id"])
    filled = sa.text(f"{column} IS NOT NULL")
    op.create_index(f"ix_{table}_{column}", table, [column], postgresql_where=filled, sqlite_where=filled)


def _merges() -> None:
    op.create_table(
        "member_merge",
        sa.Column("kept_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=False),
        sa.Column("proof", sa.Enum(*PROOFS, name="proof", native_enum=False, length=32), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by_id", BIG, nullable=False),
        sa.Column("split_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("split_by_id", BIG, nullable=True),
        sa.Column("split_reason", sa.String(length=200), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("kept_id <> other_id", name=op.f("ck_member_merge_two_members")),
        sa.CheckConstraint("proof <> 'staff' OR reason <> ''", name=op.f("ck_member_merge_says_why")),
        sa.ForeignKeyConstraint(["kept_id"], ["member.id"], name=op.f("fk_member_merge_kept_id_member")),
        sa.ForeignKeyConstraint(["other_id"], ["member.id"], name=op.f("fk_member_merge_other_id_member")),
        sa.ForeignKeyConstraint(
            ["merged_by_id"], ["user_account.id"], name=op.f("fk_member_merge_merged_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["split_by_id"], ["user_account.id"], name=op.f("fk_member_merge_split_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_merge")),
        sa.UniqueConstraint("public_id", name=op.f("uq_member_merge_public_id")),
    )
    op.create_index(op.f("ix_member_merge_kept_id"), "member_merge", ["kept_id"])
    op.create_index(
        "uq_member_merge_open", "member_merge", ["other_id"], unique=True, postgresql_where=OPEN, sqlite_where=OPEN
    )


def _rows() -> None:
    op.create_table(
        "merged_row",
        sa.Column("merge_id", BIG, nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("row_id", BIG, nullable=False),
        sa.Column("went", sa.Boolean(), nullable=False),
        sa.Column("was", JSON, nullable=False),
        sa.Column("became", JSON, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["member_merge.id"], name=op.f("fk_merged_row_merge_id_member_merge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged_row")),
        sa.UniqueConstraint("merge_id", "table_name", "row_id", name=op.f("uq_merged_row_merge_id_table_name_row_id")),
    )


def _asks() -> None:
    op.create_table(
        "merge_ask",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_merge_ask_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_ask")),
        sa.UniqueConstraint("public_id", name=op.f("uq_merge_ask_public_id")),
    )
    op.create_index(op.f("ix_merge_ask_member_id"), "merge_ask", ["member_id"])
