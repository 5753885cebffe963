"""What campaigns disclose, under which law, and which warnings the team has looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_34_compliance"
down_revision = "2026_11_22_33_insights"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "campaign_disclosure",
        sa.Column("id", BIG, nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("preset", sa.String(length=32), nullable=False),
        sa.Column("organiser", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("changed_by_id", BIG, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_campaign_disclosure_campaign_id_campaign"),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user_account.id"], name="fk_campaign_disclosure_changed_by_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_disclosure"),
        sa.UniqueConstraint("campaign_id", name="uq_campaign_disclosure_campaign_id"),
    )
    op.create_table(
        "compliance_acknowledgement",
        sa.Column("id", BIG, nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name="fk_compliance_acknowledgement_campaign_id_campaign"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name="fk_compliance_acknowledgement_by_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_compliance_acknowledgement"),
        sa.UniqueConstraint("campaign_id", "rule", "mark", name="uq_compliance_acknowledgement_campaign_id_rule_mark"),
    )


def downgrade() -> None:
    op.drop_table("compliance_acknowledgement")
    op.drop_table("campaign_disclosure")
