"""Points that are pending, transfers, and accounts that may go below zero."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_11_ledger"
down_revision = "2026_11_22_10_segments"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

WITHIN = "(amount >= 0 AND remaining BETWEEN 0 AND amount) OR (amount < 0 AND remaining BETWEEN amount AND 0)"
WAITING = sa.text("available_at IS NOT NULL AND opened_at IS NULL AND remaining > 0")
# What a fact proves is as good as the fact; a person's own entry is as good as the team's word.
EVIDENCE = """
UPDATE ledger_entry SET evidence = coalesce(
    (SELECT event.evidence FROM event WHERE event.id = ledger_entry.event_id),
    CASE WHEN actor_id IS NOT NULL THEN 'staff' ELSE 'network' END
)
"""
UNEXPLAINED = "UPDATE ledger_entry SET note = '—' WHERE kind = 'adjust' AND note = ''"


def upgrade() -> None:
    with op.batch_alter_table("ledger_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pending", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("owed", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_constraint(batch_op.f("ck_ledger_account_not_negative"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_ledger_account_not_negative"), "balance + owed >= 0")
        batch_op.create_check_constraint(batch_op.f("ck_ledger_account_pending_and_owed"), "pending >= 0 AND owed >= 0")

    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("evidence", sa.String(length=32), nullable=False, server_default="network"))
        batch_op.drop_constraint(batch_op.f("ck_ledger_entry_moves_something"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_ledger_entry_moves_something"), "amount <> 0 OR kind IN ('reverse', 'transfer')"
        )
    op.execute(EVIDENCE)
    op.execute(UNEXPLAINED)
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_ledger_entry_says_who_and_why"),
            "kind <> 'adjust' OR (actor_id IS NOT NULL AND note <> '')",
        )

    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("available_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("proof_id", BIG, nullable=True))
        batch_op.add_column(sa.Column("opened_by_id", BIG, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_lot_proof_id_event"), "event", ["proof_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_lot_opened_by_id_user_account"), "user_account", ["opened_by_id"], ["id"]
        )
        batch_op.drop_constraint(batch_op.f("ck_lot_remaining_within_amount"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_lot_remaining_within_amount"), WITHIN)
        batch_op.create_index("ix_lot_pending", ["available_at"], postgresql_where=WAITING, sqlite_where=WAITING)

    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_allocation_entry_id_lot_id"), type_="unique")
        batch_op.create_index(batch_op.f("ix_allocation_entry_id"), ["entry_id"])

    with op.batch_alter_table("rule_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("available_after_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("allow_negative", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entries", BIG, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("lots", BIG, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("totals", JSON, nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.drop_column("totals")
        batch_op.drop_column("lots")
        batch_op.drop_column("entries")

    with op.batch_alter_table("rule_version", schema=None) as batch_op:
        batch_op.drop_column("allow_negative")
        batch_op.drop_column("available_after_days")

    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_entry_id"))
        batch_op.create_unique_constraint(batch_op.f("uq_allocation_entry_id_lot_id"), ["entry_id", "lot_id"])

    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_index("ix_lot_pending")
        batch_op.drop_constraint(batch_op.f("ck_lot_remaining_within_amount"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_lot_remaining_within_amount"), "remaining >= 0 AND remaining <= amount"
        )
        batch_op.drop_constraint(batch_op.f("fk_lot_opened_by_id_user_account"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_lot_proof_id_event"), type_="foreignkey")
        batch_op.drop_column("opened_by_id")
        batch_op.drop_column("proof_id")
        batch_op.drop_column("opened_at")
        batch_op.drop_column("available_at")

    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_ledger_entry_says_who_and_why"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_ledger_entry_moves_something"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_ledger_entry_moves_something"), "amount <> 0 OR kind = 'reverse'"
        )
        batch_op.drop_column("evidence")

    with op.batch_alter_table("ledger_account", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_ledger_account_pending_and_owed"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_ledger_account_not_negative"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_ledger_account_not_negative"), "balance >= 0")
        batch_op.drop_column("owed")
        batch_op.drop_column("pending")
