"""Seed users and their invitation codes; appeals against what was refused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_22_seed_users"
down_revision = "2026_11_22_21_merging"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
RUNNING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    _seed_users()
    _codes()
    _arrivals()
    op.create_table(
        "retention_count",
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("cohorts", JSON, nullable=False),
        _moment("counted_at"),
        *_key("retention_count"),
        sa.UniqueConstraint("unit", name=op.f("uq_retention_count_unit")),
    )

    _appeals()


def downgrade() -> None:
    op.drop_table("suspicion_appeal")
    op.drop_table("retention_count")
    op.drop_table("invitation_acceptance")
    op.drop_table("invitation_claim")
    op.drop_table("invitation_code")
    op.drop_table("seed_field")
    op.drop_table("seed_user")


def _seed_users() -> None:
    op.create_table(
        "seed_user",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        _moment("named_at"),
        sa.Column("named_by_id", BIG, nullable=False),
        _moment("ended_at", nullable=True),
        sa.Column("ended_by_id", BIG, nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        _points("seed_user", "member_id", "member"),
        _points("seed_user", "named_by_id", "user_account"),
        _points("seed_user", "ended_by_id", "user_account"),
        *_key("seed_user"),
        sa.UniqueConstraint("public_id", name=op.f("uq_seed_user_public_id")),
    )
    op.create_index(
        "uq_seed_user_member_id_running", "seed_user", ["member_id"], unique=True, postgresql_where=RUNNING,
        sqlite_where=RUNNING,
    )  # fmt: skip
    op.create_index("ix_seed_user_member_id", "seed_user", ["member_id"])
    op.create_table(
        "seed_field",
        sa.Column("seed_user_id", BIG, nullable=False),
        sa.Column("word", sa.String(length=24), nullable=False),
        _points("seed_field", "seed_user_id", "seed_user"),
        *_key("seed_field"),
        sa.UniqueConstraint("seed_user_id", "word", name=op.f("uq_seed_field_seed_user_id_word")),
    )
    op.create_index("ix_seed_field_word", "seed_field", ["word"])


def _codes() -> None:
    op.create_table(
        "invitation_code",
        sa.Column("seed_user_id", BIG, nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        _moment("expires_at", nullable=True),
        _moment("made_at"),
        sa.Column("made_by_id", BIG, nullable=False),
        _moment("revoked_at", nullable=True),
        sa.Column("revoked_by_id", BIG, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.CheckConstraint("used >= 0 AND used <= most", name=op.f("ck_invitation_code_never_overused")),
        _points("invitation_code", "seed_user_id", "seed_user"),
        _points("invitation_code", "made_by_id", "user_account"),
        _points("invitation_code", "revoked_by_id", "user_account"),
        *_key("invitation_code"),
        sa.UniqueConstraint("code", name=op.f("uq_invitation_code_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_code_public_id")),
    )
    op.create_index("ix_invitation_code_seed_user_id", "invitation_code", ["seed_user_id"])


def _arrivals() -> None:
    op.create_table(
        "invitation_claim",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("code_id", BIG, nullable=False),
        _moment("claimed_at"),
        _points("invitation_claim", "user_id", "user_account"),
        _points("invitation_claim", "code_id", "invitation_code"),
        *_key("invitation_claim"),
        sa.UniqueConstraint("user_id", name=op.f("uq_invitation_claim_user_id")),
    )
    op.create_table(
        "invitation_acceptance",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("inviter_id", BIG, nullable=False),
        sa.Column("code_id", BIG, nullable=False),
        sa.Column("name_shown", sa.Boolean(), nullable=False),
        _moment("accepted_at"),
        _points("invitation_acceptance", "member_id", "member"),
        _points("invitation_acceptance", "inviter_id", "member"),
        _points("invitation_acceptance", "code_id", "invitation_code"),
        *_key("invitation_acceptance"),
        sa.UniqueConstraint("member_id", name=op.f("uq_invitation_acceptance_member_id")),
    )
    op.create_index(op.f("ix_invitation_acceptance_code_id"), "invitation_acceptance", ["code_id"])
    op.create_index(
        "ix_invitation_acceptance_inviter_id_accepted_at", "invitation_acceptance", ["inviter_id", "accepted_at"]
    )


def _appeals() -> None:
    op.create_table(
        "suspicion_appeal",
        sa.Column("suspicion_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _moment("made_at"),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        _moment("decided_at", nullable=True),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (upheld IS NULL)", name=op.f("ck_suspicion_appeal_decided_one_way")),
        _points("suspicion_appeal", "suspicion_id", "suspicion"),
        _points("suspicion_appeal", "member_id", "member"),
        _points("suspicion_appeal", "decided_by_id", "user_account"),
        *_key("suspicion_appeal"),
        sa.UniqueConstraint("suspicion_id", "member_id", name=op.f("uq_suspicion_appeal_suspicion_id_member_id")),
    )
    op.create_index(op.f("ix_suspicion_appeal_member_id"), "suspicion_appeal", ["member_id"])
    op.create_index("ix_suspicion_appeal_decided_at", "suspicion_appeal", ["decided_at", "made_at"])


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _key(table: str) -> tuple[sa.Column[object] | sa.PrimaryKeyConstraint, ...]:
    return (
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
