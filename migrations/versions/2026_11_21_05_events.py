"""The stream of facts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_21_05_events"
down_revision = "2026_11_21_04_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject_type", sa.String(length=32), nullable=True),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("evidence", sa.String(length=32), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("key", name=op.f("uq_event_key")),
    )
    op.create_index("ix_event_actor_id_occurred_at", "event", ["actor_id", "occurred_at"], unique=False)
    op.create_index("ix_event_campaign_id_occurred_at", "event", ["campaign_id", "occurred_at"], unique=False)
    op.create_index("ix_event_member_id_kind_occurred_at", "event", ["member_id", "kind", "occurred_at"], unique=False)
    op.create_index("ix_event_subject_type_subject_id", "event", ["subject_type", "subject_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_event_subject_type_subject_id", table_name="event")
    op.drop_index("ix_event_member_id_kind_occurred_at", table_name="event")
    op.drop_index("ix_event_campaign_id_occurred_at", table_name="event")
    op.drop_index("ix_event_actor_id_occurred_at", table_name="event")
    op.drop_table("event")
