"""More of what an earning rule can say, and what is held for a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_12_earning"
down_revision = "2026_11_22_11_ledger"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("rule_version", schema=None) as batch_op:
        for name in ("cap_per_week", "cap_per_person", "cap_per_pair", "people"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("people_days", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("people_within", sa.Integer(), nullable=False, server_default="30"))
        batch_op.add_column(sa.Column("evidence_caps", JSON, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("only", JSON, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("first_day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("last_day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("segment_id", BIG, nullable=True))
    _suspicions()
    _held()


def downgrade() -> None:
    for table in ("watch_round", "held_earning", "suspicion_fact", "suspicion_member", "suspicion"):
        op.drop_table(table)
    with op.batch_alter_table("rule_version", schema=None) as batch_op:
        for name in ("segment_id", "last_day", "first_day", "only", "evidence_caps", "people_within", "people_days"):
            batch_op.drop_column(name)
        for name in ("people", "cap_per_pair", "cap_per_person", "cap_per_week"):
            batch_op.drop_column(name)


def _suspicions() -> None:
    op.create_table(
        "suspicion",
        sa.Column("sign", sa.String(length=32), nullable=False),
        sa.Column("event_kind", sa.String(length=64), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_suspicion_decided_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspicion")),
        sa.UniqueConstraint("public_id", name=op.f("uq_suspicion_public_id")),
    )
    op.create_index("ix_suspicion_outcome_found_at", "suspicion", ["outcome", "found_at"])
    op.create_table(
        "suspicion_member",
        sa.Column("suspicion_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["suspicion_id"], ["suspicion.id"], name=op.f("fk_suspicion_member_suspicion_id_suspicion")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_suspicion_member_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspicion_member")),
        sa.UniqueConstraint("suspicion_id", "member_id", name=op.f("uq_suspicion_member_suspicion_id_member_id")),
    )
    op.create_index(op.f("ix_suspicion_member_member_id"), "suspicion_member", ["member_id"])
    op.create_table(
        "suspicion_fact",
        sa.Column("suspicion_id", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["suspicion_id"], ["suspicion.id"], name=op.f("fk_suspicion_fact_suspicion_id_suspicion")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_suspicion_fact_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspicion_fact")),
        sa.UniqueConstraint("suspicion_id", "event_id", name=op.f("uq_suspicion_fact_suspicion_id_event_id")),
    )
    op.create_index(op.f("ix_suspicion_fact_event_id"), "suspicion_fact", ["event_id"])


def _held() -> None:
    op.create_table(
        "held_earning",
        sa.Column("suspicion_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("rule_version_id", BIG, nullable=False),
        sa.Column("growth", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("was_paid", sa.Boolean(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("dropped_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["suspicion_id"], ["suspicion.id"], name=op.f("fk_held_earning_suspicion_id_suspicion")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_held_earning_member_id_member")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_held_earning_event_id_event")),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["rule_version.id"], name=op.f("fk_held_earning_rule_version_id_rule_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_earning")),
        sa.UniqueConstraint("event_id", "rule_version_id", name=op.f("uq_held_earning_event_id_rule_version_id")),
    )
    op.create_index("ix_held_earning_suspicion_id", "held_earning", ["suspicion_id"])
    op.create_index("ix_held_earning_member_id", "held_earning", ["member_id"])
    op.create_table(
        "watch_round",
        sa.Column("up_to_event_id", BIG, nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_round")),
    )
    op.create_index(op.f("ix_watch_round_at"), "watch_round", ["at"])
