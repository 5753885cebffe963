"""Browsers that take notices, and profiles that everybody may see."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_23_push"
down_revision = "2026_11_22_22_seed_users"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("notice") as batch_op:
        batch_op.add_column(sa.Column("sent_by", sa.String(length=32), nullable=True))
    op.execute("UPDATE notice SET sent_by = 'mail' WHERE sent_at IS NOT NULL")
    with op.batch_alter_table("notice_wish") as batch_op:
        batch_op.add_column(sa.Column("push_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("by_push", JSON, nullable=False, server_default="[]"))
    _push()
    _profiles()


def downgrade() -> None:
    for table in ("profile_report", "public_profile", "push_browser", "push_key"):
        op.drop_table(table)
    with op.batch_alter_table("notice_wish") as batch_op:
        batch_op.drop_column("by_push")
        batch_op.drop_column("push_since")
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_column("sent_by")


def _push() -> None:
    op.create_table(
        "push_key",
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        *_key("push_key"),
        _once("push_key", "purpose"),
    )
    op.create_table(
        "push_browser",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("sign_in_id", BIG, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        *_public(),
        *_key("push_browser"),
        _of("push_browser", "member_id", "member"),
        sa.ForeignKeyConstraint(
            ["sign_in_id"], ["sign_in.id"], name=op.f("fk_push_browser_sign_in_id_sign_in"), ondelete="CASCADE"
        ),
        _once("push_browser", "mark"),
        _once("push_browser", "public_id"),
    )
    op.create_index("ix_push_browser_member_id", "push_browser", ["member_id"])
    op.create_index("ix_push_browser_sign_in_id", "push_browser", ["sign_in_id"])


def _profiles() -> None:
    op.create_table(
        "public_profile",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("shown_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parts", JSON, nullable=False),
        sa.Column("findable", sa.Boolean(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by_id", BIG, nullable=True),
        sa.Column("hidden_words", sa.String(length=500), nullable=False),
        sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True),
        *_key("public_profile"),
        _of("public_profile", "member_id", "member"),
        _of("public_profile", "hidden_by_id", "user_account"),
        _once("public_profile", "member_id"),
    )
    op.create_table(
        "profile_report",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("reporter_id", BIG, nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        *_key("profile_report"),
        _of("profile_report", "member_id", "member"),
        _of("profile_report", "reporter_id", "member"),
        _once("profile_report", "member_id", "reporter_id"),
    )
    op.create_index("ix_profile_report_settled_at", "profile_report", ["settled_at"])
    op.create_index("ix_profile_report_reporter_id", "profile_report", ["reporter_id"])


def _public() -> tuple[sa.Column[str]]:
    return (sa.Column("public_id", sa.String(length=12), nullable=False),)


def _key(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return (
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))
