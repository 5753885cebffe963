"""Rewards, penalties and invitation codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_14_shop"
down_revision = "2026_11_22_13_levels"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _rewards()
    _redemptions()
    _penalties()


def downgrade() -> None:
    op.drop_table("penalty_appeal")
    op.drop_table("penalty")
    op.drop_table("reward_code")
    op.drop_table("redemption")
    op.drop_table("reward")


def _rewards() -> None:
    op.create_table(
        "reward",
        sa.Column("name", JSON, nullable=False),
        sa.Column("about", JSON, nullable=False),
        sa.Column("picture_id", BIG, nullable=True),
        sa.Column("picture_alt", sa.String(length=300), nullable=False),
        sa.Column("handing", sa.String(length=32), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("per_fan", sa.Integer(), nullable=True),
        sa.Column("level_id", BIG, nullable=True),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= stock", name=op.f("ck_reward_never_oversold")),
        sa.CheckConstraint("cost > 0", name=op.f("ck_reward_costs_something")),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_reward_picture_id_picture")),
        sa.ForeignKeyConstraint(["level_id"], ["level.id"], name=op.f("fk_reward_level_id_level")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_reward_made_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reward_public_id")),
    )
    op.create_index(op.f("ix_reward_opened_at"), "reward", ["opened_at"])


def _redemptions() -> None:
    op.create_table(
        "redemption",
        sa.Column("reward_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("entry_id", BIG, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_by_id", BIG, nullable=True),
        sa.Column("tracking", sa.String(length=80), nullable=False),
        sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refunded_by_id", BIG, nullable=True),
        sa.Column("refund_note", sa.String(length=200), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "refunded_at IS NULL OR refund_note <> '' OR refunded_by_id IS NULL", name=op.f("ck_redemption_says_why")
        ),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_redemption_reward_id_reward")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_redemption_member_id_member")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_redemption_entry_id_ledger_entry")),
        sa.ForeignKeyConstraint(
            ["handed_by_id"], ["user_account.id"], name=op.f("fk_redemption_handed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["refunded_by_id"], ["user_account.id"], name=op.f("fk_redemption_refunded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_redemption_entry_id")),
        sa.UniqueConstraint("key", name=op.f("uq_redemption_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_redemption_public_id")),
    )
    op.create_index("ix_redemption_member_id_redeemed_at", "redemption", ["member_id", "redeemed_at"])
    op.create_index("ix_redemption_reward_id_redeemed_at", "redemption", ["reward_id", "redeemed_at"])
    op.create_index(op.f("ix_redemption_code"), "redemption", ["code"])
    op.create_index(op.f("ix_redemption_handed_at"), "redemption", ["handed_at"])
    op.create_table(
        "reward_code",
        sa.Column("reward_id", BIG, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("redemption_id", BIG, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_reward_code_reward_id_reward")),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemption.id"], name=op.f("fk_reward_code_redemption_id_redemption")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_code")),
        sa.UniqueConstraint("reward_id", "code", name=op.f("uq_reward_code_reward_id_code")),
        sa.UniqueConstraint("redemption_id", name=op.f("uq_reward_code_redemption_id")),
    )


def _penalties() -> None:
    op.create_table(
        "penalty",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("clause", sa.String(length=12), nullable=False),
        sa.Column("clause_title", JSON, nullable=False),
        sa.Column("standard_version", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("points_entry_id", BIG, nullable=True),
        sa.Column("growth_entry_id", BIG, nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", BIG, nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("(measure = 'warning') = (ends_at IS NULL)", name=op.f("ck_penalty_has_a_term")),
        sa.CheckConstraint("note <> '' AND clause <> ''", name=op.f("ck_penalty_says_why")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_penalty_member_id_member")),
        sa.ForeignKeyConstraint(
            ["points_entry_id"], ["ledger_entry.id"], name=op.f("fk_penalty_points_entry_id_ledger_entry")
        ),
        sa.ForeignKeyConstraint(
            ["growth_entry_id"], ["ledger_entry.id"], name=op.f("fk_penalty_growth_entry_id_ledger_entry")
        ),
        sa.ForeignKeyConstraint(["given_by_id"], ["user_account.id"], name=op.f("fk_penalty_given_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty")),
        sa.UniqueConstraint("public_id", name=op.f("uq_penalty_public_id")),
    )
    op.create_index("ix_penalty_member_id_ends_at", "penalty", ["member_id", "ends_at"])
    op.create_index(op.f("ix_penalty_given_at"), "penalty", ["given_at"])
    op.create_table(
        "penalty_appeal",
        sa.Column("penalty_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("(decided_at IS NULL) = (upheld IS NULL)", name=op.f("ck_penalty_appeal_decided_one_way")),
        sa.CheckConstraint("decided_at IS NULL OR answer <> ''", name=op.f("ck_penalty_appeal_says_why")),
        sa.ForeignKeyConstraint(["penalty_id"], ["penalty.id"], name=op.f("fk_penalty_appeal_penalty_id_penalty")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_penalty_appeal_decided_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_appeal")),
        sa.UniqueConstraint("penalty_id", name=op.f("uq_penalty_appeal_penalty_id")),
    )
    op.create_index(op.f("ix_penalty_appeal_made_at"), "penalty_appeal", ["made_at"])
