"""Plans of campaigns: drafts that are launched, goals, phases, tasks, budget, risks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_29_planning"
down_revision = "2026_11_22_28_groupbuys"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in _campaign_columns():
        op.add_column("campaign", column)
    _keep_launched()
    _make_goals()
    _make_phases()
    _make_tasks()
    _make_budget()
    _make_risks()


def downgrade() -> None:
    for table in ("campaign_risk", "campaign_budget_line", "campaign_task", "campaign_phase"):
        op.drop_table(table)
    _take_goals_back()
    op.drop_table("campaign_goal")
    with op.batch_alter_table("campaign") as batch_op:
        for column in _campaign_columns():
            batch_op.drop_column(column.name)


def _campaign_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("currency", sa.String(length=3), server_default="CNY", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("launched_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("planned_end_at", MOMENT, nullable=True),
    ]


def _keep_launched() -> None:
    """What was there had been launched when it was made: there were no drafts. What is over has ended."""
    op.execute("UPDATE campaign SET launched_at = CASE WHEN created_at < starts_at THEN created_at ELSE starts_at END")
    op.execute("UPDATE campaign SET ended_at = ends_at WHERE cancelled_at IS NULL AND ends_at <= CURRENT_TIMESTAMP")


def _make_goals() -> None:
    """How many people a campaign wants is one goal among others from now on."""
    _make_part(
        "campaign_goal",
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.CheckConstraint("target >= 1", name=op.f("ck_campaign_goal_wants_something")),
        sa.UniqueConstraint("campaign_id", "measure", name=op.f("uq_campaign_goal_campaign_id_measure")),
    )
    op.execute(
        "INSERT INTO campaign_goal (measure, target, public_id, campaign_id, revision) "
        "SELECT 'participants', CASE WHEN goal_participants < 1 THEN 1 ELSE goal_participants END, public_id, id, 0 "
        "FROM campaign"
    )
    with op.batch_alter_table("campaign") as batch_op:
        batch_op.drop_column("goal_participants")


def _take_goals_back() -> None:
    with op.batch_alter_table("campaign") as batch_op:
        batch_op.add_column(sa.Column("goal_participants", sa.Integer(), server_default="1", nullable=False))
    op.execute(
        "UPDATE campaign SET goal_participants = coalesce((SELECT target FROM campaign_goal "
        "WHERE campaign_goal.campaign_id = campaign.id AND measure = 'participants'), 1)"
    )
    with op.batch_alter_table("campaign") as batch_op:
        batch_op.alter_column("goal_participants", server_default=None)


def _make_phases() -> None:
    _make_part(
        "campaign_phase",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("is_teaser", sa.Boolean(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_campaign_phase_takes_time")),
    )
    op.create_index(op.f("ix_campaign_phase_starts_at"), "campaign_phase", ["starts_at"])


def _make_tasks() -> None:
    _make_part(
        "campaign_task",
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by_id", BIG, nullable=True),
        sa.CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_campaign_task_done_by_somebody")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_campaign_task_owner_id_user_account")),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["user_account.id"], name=op.f("fk_campaign_task_done_by_id_user_account")
        ),
    )
    op.create_index(op.f("ix_campaign_task_due_at"), "campaign_task", ["due_at"])
    op.create_index(op.f("ix_campaign_task_owner_id"), "campaign_task", ["owner_id"])


def _make_budget() -> None:
    _make_part(
        "campaign_budget_line",
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("planned_minor", sa.Integer(), nullable=False),
        sa.Column("spent_minor", sa.Integer(), nullable=False),
        sa.CheckConstraint("planned_minor >= 0", name=op.f("ck_campaign_budget_line_planned_not_negative")),
        sa.CheckConstraint("spent_minor >= 0", name=op.f("ck_campaign_budget_line_spent_not_negative")),
    )


def _make_risks() -> None:
    _make_part(
        "campaign_risk",
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("likelihood", sa.String(length=32), nullable=False),
        sa.Column("impact", sa.String(length=32), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_campaign_risk_owner_id_user_account")),
    )


def _make_part(table: str, *own: sa.schema.SchemaItem) -> None:
    """A table of parts of a plan: its own columns, and what all parts have."""
    op.create_table(
        table,
        *own,
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f(f"fk_{table}_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )
    op.create_index(op.f(f"ix_{table}_campaign_id"), table, ["campaign_id"])
