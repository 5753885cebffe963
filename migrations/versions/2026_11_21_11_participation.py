"""Participants, mission facts, fulfilments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_11_participation"
down_revision = "2026_11_21_10_planning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "participant",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_participant_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_participant_event_id_event")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_participant_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("campaign_id", "member_id", name=op.f("uq_participant_campaign_id_member_id")),
    )
    op.create_index(op.f("ix_participant_member_id"), "participant", ["member_id"], unique=False)
    op.create_table(
        "fulfilment",
        sa.Column("mission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fulfilled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_fulfilment_event_id_event")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_fulfilment_member_id_member")),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_fulfilment_mission_id_mission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilment")),
        sa.UniqueConstraint("mission_id", "member_id", name=op.f("uq_fulfilment_mission_id_member_id")),
    )
    op.create_index(op.f("ix_fulfilment_member_id"), "fulfilment", ["member_id"], unique=False)
    op.create_table(
        "mission_fact",
        sa.Column("mission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_mission_fact_event_id_event")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_mission_fact_member_id_member")),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_mission_fact_mission_id_mission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_fact")),
        sa.UniqueConstraint("mission_id", "event_id", name=op.f("uq_mission_fact_mission_id_event_id")),
    )
    op.create_index("ix_mission_fact_member_id_mission_id", "mission_fact", ["member_id", "mission_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_mission_fact_member_id_mission_id", table_name="mission_fact")
    op.drop_table("mission_fact")
    op.drop_index(op.f("ix_fulfilment_member_id"), table_name="fulfilment")
    op.drop_table("fulfilment")
    op.drop_index(op.f("ix_participant_member_id"), table_name="participant")
    op.drop_table("participant")
