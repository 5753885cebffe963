"""Levels over a rolling period and on breadth, time of grace, locks, and badges."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_13_levels"
down_revision = "2026_11_22_12_earning"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CAUSES = ("growth", "thresholds", "period", "lock")
OPEN_GRACE = sa.text("closed_at IS NULL")
OPEN_LOCK = sa.text("ended_at IS NULL")
GRADES = ("network", "tracked_link", "staff", "self_declared")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _versions()
    _steps()
    _graces()
    _locks()
    _badges()
    _awards()


def downgrade() -> None:
    op.drop_table("badge_award")
    op.drop_table("badge")
    op.drop_table("level_lock")
    op.drop_table("level_grace")
    with op.batch_alter_table("level_change", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_level_change_version_id_ladder_version"), type_="foreignkey")
        batch_op.drop_column("note")
        batch_op.drop_column("cause")
        batch_op.drop_column("version_id")
    with op.batch_alter_table("level", schema=None) as batch_op:
        batch_op.drop_column("breadth")
    op.drop_table("ladder_version")


def _versions() -> None:
    """What levels take has versions; what held until now becomes the first, and counts growth for ever."""
    op.create_table(
        "ladder_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("period_days", sa.Integer(), nullable=True),
        sa.Column("rungs", JSON, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", BIG, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_ladder_version_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_version")),
        sa.UniqueConstraint("number", name=op.f("uq_ladder_version_number")),
    )
    with op.batch_alter_table("level", schema=None) as batch_op:
        batch_op.add_column(sa.Column("breadth", sa.Integer(), nullable=False, server_default="0"))
    known = op.get_bind().execute(sa.text("SELECT rank, threshold FROM level ORDER BY rank")).all()
    if known:
        version = sa.table(
            "ladder_version",
            sa.column("number", sa.Integer),
            sa.column("rungs", JSON),
            sa.column("starts_at", sa.DateTime(timezone=True)),
        )
        rungs = [{"rank": rank, "threshold": threshold, "breadth": 0} for rank, threshold in known]
        op.execute(version.insert().values(number=1, rungs=rungs, starts_at=datetime(2000, 1, 1, tzinfo=UTC)))


def _steps() -> None:
    """Every step so far was given under the first version."""
    with op.batch_alter_table("level_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version_id", BIG, nullable=True))
        batch_op.add_column(
            sa.Column(
                "cause",
                sa.Enum(*CAUSES, name="cause", native_enum=False, length=32),
                nullable=False,
                server_default="growth",
            )
        )
        batch_op.add_column(sa.Column("note", sa.String(length=200), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_level_change_version_id_ladder_version"), "ladder_version", ["version_id"], ["id"]
        )
    op.execute("UPDATE level_change SET version_id = (SELECT id FROM ladder_version WHERE number = 1)")
    op.execute("UPDATE level_change SET cause = 'thresholds' WHERE entry_id IS NULL")


def _graces() -> None:
    op.create_table(
        "level_grace",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("level_id", BIG, nullable=False),
        sa.Column("to_level_id", BIG, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fell", sa.Boolean(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_level_grace_member_id_member")),
        sa.ForeignKeyConstraint(["level_id"], ["level.id"], name=op.f("fk_level_grace_level_id_level")),
        sa.ForeignKeyConstraint(["to_level_id"], ["level.id"], name=op.f("fk_level_grace_to_level_id_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_grace")),
    )
    op.create_index(
        "ix_level_grace_open", "level_grace", ["member_id"], unique=True, postgresql_where=OPEN_GRACE,
        sqlite_where=OPEN_GRACE,
    )  # fmt: skip
    op.create_index(
        "ix_level_grace_ends_at", "level_grace", ["ends_at"], postgresql_where=OPEN_GRACE, sqlite_where=OPEN_GRACE
    )


def _locks() -> None:
    op.create_table(
        "level_lock",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("level_id", BIG, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", BIG, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_level_lock_member_id_member")),
        sa.ForeignKeyConstraint(["level_id"], ["level.id"], name=op.f("fk_level_lock_level_id_level")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_level_lock_made_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["user_account.id"], name=op.f("fk_level_lock_ended_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_lock")),
        sa.UniqueConstraint("public_id", name=op.f("uq_level_lock_public_id")),
    )
    op.create_index(
        "ix_level_lock_open", "level_lock", ["member_id"], unique=True, postgresql_where=OPEN_LOCK,
        sqlite_where=OPEN_LOCK,
    )  # fmt: skip


def _badges() -> None:
    op.create_table(
        "badge",
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("words", JSON, nullable=False),
        sa.Column("motif", sa.String(length=24), nullable=False),
        sa.Column("tone", sa.String(length=24), nullable=False),
        sa.Column("event_kind", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("in_a_row", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Enum(*GRADES, name="evidence", native_enum=False, length=32), nullable=False),
        sa.Column("only", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by_id", BIG, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_badge_made_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge")),
        sa.UniqueConstraint("code", name=op.f("uq_badge_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_badge_public_id")),
    )
    op.create_index(op.f("ix_badge_event_kind"), "badge", ["event_kind"])


def _awards() -> None:
    op.create_table(
        "badge_award",
        sa.Column("badge_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times_granted", sa.Integer(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["badge_id"], ["badge.id"], name=op.f("fk_badge_award_badge_id_badge")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_badge_award_event_id_event")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_badge_award_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_award")),
        sa.UniqueConstraint("badge_id", "member_id", name=op.f("uq_badge_award_badge_id_member_id")),
    )
    op.create_index(op.f("ix_badge_award_member_id"), "badge_award", ["member_id"])
