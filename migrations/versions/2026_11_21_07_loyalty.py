"""Ledger, earning rules, levels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_21_07_loyalty"
down_revision = "2026_11_21_06_members"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earning_rule",
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("event_kind", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earning_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_earning_rule_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_earning_rule_public_id")),
    )
    op.create_index(op.f("ix_earning_rule_event_kind"), "earning_rule", ["event_kind"], unique=False)
    op.create_table(
        "level",
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("perks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level")),
        sa.UniqueConstraint("public_id", name=op.f("uq_level_public_id")),
        sa.UniqueConstraint("rank", name=op.f("uq_level_rank")),
    )
    op.create_table(
        "reconciliation",
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("differences", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
    )
    op.create_index(op.f("ix_reconciliation_checked_at"), "reconciliation", ["checked_at"], unique=False)
    op.create_table(
        "rule_version",
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("growth", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("cap_per_day", sa.Integer(), nullable=True),
        sa.Column("cooldown", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=32), nullable=False),
        sa.Column("points_last_days", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_rule_version_made_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["rule_id"], ["earning_rule.id"], name=op.f("fk_rule_version_rule_id_earning_rule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version")),
        sa.UniqueConstraint("rule_id", "number", name=op.f("uq_rule_version_rule_id_number")),
    )
    op.create_table(
        "ledger_account",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=32), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_ledger_account_not_negative")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_ledger_account_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_account")),
        sa.UniqueConstraint("member_id", "currency", name=op.f("uq_ledger_account_member_id_currency")),
    )
    op.create_index("ix_ledger_account_currency_balance", "ledger_account", ["currency", "balance"], unique=False)
    op.create_table(
        "ledger_entry",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rule_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("shortfall", sa.Integer(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.CheckConstraint("amount <> 0 OR kind = 'reverse'", name=op.f("ck_ledger_entry_moves_something")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_account.id"], name=op.f("fk_ledger_entry_account_id_ledger_account")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_ledger_entry_actor_id_user_account")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_ledger_entry_event_id_event")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_reverses_id_ledger_entry")
        ),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["rule_version.id"], name=op.f("fk_ledger_entry_rule_version_id_rule_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_entry_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ledger_entry_public_id")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_entry_reverses_id")),
    )
    op.create_index(
        "ix_ledger_entry_account_id_occurred_at", "ledger_entry", ["account_id", "occurred_at", "id"], unique=False
    )
    op.create_index(op.f("ix_ledger_entry_event_id"), "ledger_entry", ["event_id"], unique=False)
    op.create_index(op.f("ix_ledger_entry_rule_version_id"), "ledger_entry", ["rule_version_id"], unique=False)
    op.create_table(
        "level_change",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_level_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_level_change_entry_id_ledger_entry")),
        sa.ForeignKeyConstraint(["from_level_id"], ["level.id"], name=op.f("fk_level_change_from_level_id_level")),
        sa.ForeignKeyConstraint(["level_id"], ["level.id"], name=op.f("fk_level_change_level_id_level")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_level_change_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_change")),
        sa.UniqueConstraint("member_id", "entry_id", name=op.f("uq_level_change_member_id_entry_id")),
    )
    op.create_index("ix_level_change_member_id_id", "level_change", ["member_id", "id"], unique=False)
    op.create_table(
        "lot",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.CheckConstraint("remaining >= 0 AND remaining <= amount", name=op.f("ck_lot_remaining_within_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["ledger_account.id"], name=op.f("fk_lot_account_id_ledger_account")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_lot_entry_id_ledger_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_lot_entry_id")),
    )
    op.create_index("ix_lot_account_id_expires_at", "lot", ["account_id", "expires_at", "id"], unique=False)
    op.create_index(op.f("ix_lot_expires_at"), "lot", ["expires_at"], unique=False)
    op.create_table(
        "allocation",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_allocation_entry_id_ledger_entry")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_allocation_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("entry_id", "lot_id", name=op.f("uq_allocation_entry_id_lot_id")),
    )
    op.create_index(op.f("ix_allocation_lot_id"), "allocation", ["lot_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_allocation_lot_id"), table_name="allocation")
    op.drop_table("allocation")
    op.drop_index(op.f("ix_lot_expires_at"), table_name="lot")
    op.drop_index("ix_lot_account_id_expires_at", table_name="lot")
    op.drop_table("lot")
    op.drop_index("ix_level_change_member_id_id", table_name="level_change")
    op.drop_table("level_change")
    op.drop_index(op.f("ix_ledger_entry_rule_version_id"), table_name="ledger_entry")
    op.drop_index(op.f("ix_ledger_entry_event_id"), table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_account_id_occurred_at", table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_index("ix_ledger_account_currency_balance", table_name="ledger_account")
    op.drop_table("ledger_account")
    op.drop_table("rule_version")
    op.drop_index(op.f("ix_reconciliation_checked_at"), table_name="reconciliation")
    op.drop_table("reconciliation")
    op.drop_table("level")
    op.drop_index(op.f("ix_earning_rule_event_kind"), table_name="earning_rule")
    op.drop_table("earning_rule")
