"""Weekly slots of an account, and what the team has agreed on for its calendar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_03_slots"
down_revision = "2026_11_22_02_composing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planning_rules",
        sa.Column("apart_minutes", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_rules")),
    )
    op.create_table(
        "queue_slot",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_queue_slot_account_id_channel_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_slot")),
        sa.UniqueConstraint("account_id", "weekday", "minute", name=op.f("uq_queue_slot_account_id_weekday_minute")),
    )


def downgrade() -> None:
    op.drop_table("queue_slot")
    op.drop_table("planning_rules")
