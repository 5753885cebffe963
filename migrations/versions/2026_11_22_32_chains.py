"""Who brought whom into the circle and into campaigns, and how far a reward for it reaches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_32_chains"
down_revision = "2026_11_22_31_refusals"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bringing",
        sa.Column("id", BIG, nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", BIG, nullable=True),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("by_member_id", BIG, nullable=False),
        sa.Column("way", sa.String(length=32), nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("brought_at", MOMENT, nullable=False),
        sa.CheckConstraint("member_id <> by_member_id", name=op.f("ck_bringing_nobody_brings_himself")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_bringing_campaign_id_campaign"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_bringing_member_id_member"),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name="fk_bringing_by_member_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_bringing"),
        sa.UniqueConstraint("scope", "member_id", name="uq_bringing_scope_member_id"),
    )
    op.create_index("ix_bringing_member_id", "bringing", ["member_id"])
    op.create_index("ix_bringing_by_member_id_scope", "bringing", ["by_member_id", "scope"])
    op.create_table(
        "chain_reward_depth",
        sa.Column("id", BIG, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by_id", BIG, nullable=False),
        sa.CheckConstraint("depth BETWEEN 1 AND 3", name=op.f("ck_chain_reward_depth_depth_allowed")),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["user_account.id"], name="fk_chain_reward_depth_set_by_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_chain_reward_depth"),
    )


def downgrade() -> None:
    op.drop_table("chain_reward_depth")
    op.drop_table("bringing")
