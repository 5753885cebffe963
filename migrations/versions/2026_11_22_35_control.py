"""Numbers of campaigns that are kept as people take part; what a review keeps: lessons, and decisions for the next time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_35_control"
down_revision = "2026_11_22_34_compliance"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in _scores():
        op.add_column("participant", column)
    op.create_index("ix_participant_campaign_id_facts", "participant", ["campaign_id", "facts", "fulfilled", "id"])
    op.create_index("ix_participant_campaign_id_joined_at", "participant", ["campaign_id", "joined_at"])
    op.create_index("ix_mission_fact_mission_id_occurred_at", "mission_fact", ["mission_id", "occurred_at"])
    _make_counts()
    _make_changes()
    _make_lessons()
    _make_decisions()


def downgrade() -> None:
    for table in ("campaign_next_time", "campaign_lesson", "campaign_change", "campaign_count"):
        op.drop_table(table)
    op.drop_index("ix_mission_fact_mission_id_occurred_at", table_name="mission_fact")
    op.drop_index("ix_participant_campaign_id_joined_at", table_name="participant")
    op.drop_index("ix_participant_campaign_id_facts", table_name="participant")
    with op.batch_alter_table("participant") as batch_op:
        for column in _scores():
            batch_op.drop_column(column.name)


def _scores() -> list[sa.Column[Any]]:
    """They are filled when the house is prepared the next time (`campaigns.participation.counts.jobs.fill`)."""
    return [
        sa.Column("facts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fulfilled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
    ]


def _make_counts() -> None:
    op.create_table(
        "campaign_count",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("grain", sa.Integer(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_count_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_count")),
        sa.UniqueConstraint(
            "campaign_id",
            "grain",
            "starts_at",
            "measure",
            "subject_id",
            name=op.f("uq_campaign_count_of_a_stretch"),
        ),
    )


def _make_changes() -> None:
    op.create_table(
        "campaign_change",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("minute", MOMENT, nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_change_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_change")),
    )
    op.create_index(op.f("ix_campaign_change_campaign_id"), "campaign_change", ["campaign_id"])


def _make_lessons() -> None:
    op.create_table(
        "campaign_lesson",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_campaign_lesson_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_lesson_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_lesson")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_lesson_public_id")),
    )
    op.create_index(op.f("ix_campaign_lesson_campaign_id"), "campaign_lesson", ["campaign_id"])


def _make_decisions() -> None:
    op.create_table(
        "campaign_next_time",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("decided_by_id", BIG, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by_id", BIG, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_campaign_next_time_done_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_next_time_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_campaign_next_time_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["user_account.id"], name=op.f("fk_campaign_next_time_done_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_next_time")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_next_time_public_id")),
    )
    op.create_index(op.f("ix_campaign_next_time_campaign_id"), "campaign_next_time", ["campaign_id"])
