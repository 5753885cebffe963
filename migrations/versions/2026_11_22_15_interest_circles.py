"""Circles by interest and what is written in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_15_interest_circles"
down_revision = "2026_11_22_14_shop"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "interest_circle",
        sa.Column("name", JSON, nullable=False),
        sa.Column("about", JSON, nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_public(),
        *_key("interest_circle"),
        _once("interest_circle", "public_id"),
    )
    op.create_table(
        "circle_membership",
        sa.Column("circle_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("host_since", sa.DateTime(timezone=True), nullable=True),
        *_key("circle_membership"),
        _of("circle_membership", "circle_id", "interest_circle"),
        _of("circle_membership", "member_id", "member"),
        _once("circle_membership", "circle_id", "member_id"),
    )
    op.create_index("ix_circle_membership_member_id", "circle_membership", ["member_id"])
    op.create_table(
        "circle_post",
        sa.Column("circle_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("parent_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stands_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("featured_at", sa.DateTime(timezone=True), nullable=True),
        *_public(),
        *_key("circle_post"),
        _of("circle_post", "circle_id", "interest_circle"),
        _of("circle_post", "author_id", "handle"),
        _of("circle_post", "parent_id", "circle_post"),
        _once("circle_post", "key"),
        _once("circle_post", "public_id"),
    )
    op.create_index("ix_circle_post_circle_id_said_at", "circle_post", ["circle_id", "said_at", "id"])
    op.create_index("ix_circle_post_author_id_said_at", "circle_post", ["author_id", "said_at"])
    op.create_index("ix_circle_post_parent_id_said_at", "circle_post", ["parent_id", "said_at"])
    op.create_table(
        "circle_report",
        sa.Column("post_id", BIG, nullable=False),
        sa.Column("reporter_id", BIG, nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", BIG, nullable=True),
        sa.Column("settled", sa.String(length=32), nullable=True),
        *_public(),
        *_key("circle_report"),
        _of("circle_report", "post_id", "circle_post"),
        _of("circle_report", "reporter_id", "member"),
        _of("circle_report", "settled_by_id", "handle"),
        _once("circle_report", "post_id", "reporter_id"),
        _once("circle_report", "public_id"),
    )
    op.create_index("ix_circle_report_settled_at", "circle_report", ["settled_at"])
    op.create_table(
        "circle_measure",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("circle_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("post_id", BIG, nullable=True),
        sa.Column("rule_number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        *_public(),
        *_key("circle_measure"),
        _of("circle_measure", "circle_id", "interest_circle"),
        _of("circle_measure", "member_id", "member"),
        _of("circle_measure", "post_id", "circle_post"),
        _of("circle_measure", "by_id", "handle"),
        _of("circle_measure", "decided_by_id", "handle"),
        _once("circle_measure", "public_id"),
    )
    op.create_index("ix_circle_measure_circle_id_member_id", "circle_measure", ["circle_id", "member_id"])
    op.create_index("ix_circle_measure_member_id", "circle_measure", ["member_id"])
    op.create_table(
        "circle_mood",
        sa.Column("circle_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        *_key("circle_mood"),
        _of("circle_mood", "circle_id", "interest_circle"),
        _of("circle_mood", "member_id", "member"),
        _once("circle_mood", "circle_id", "member_id", "week"),
    )
    op.create_index("ix_circle_mood_member_id", "circle_mood", ["member_id"])
    op.create_table(
        "circle_mediation",
        sa.Column("circle_id", BIG, nullable=False),
        sa.Column("post_id", BIG, nullable=True),
        sa.Column("asker_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mediator_id", BIG, nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("outcome_words", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_public(),
        *_key("circle_mediation"),
        _of("circle_mediation", "circle_id", "interest_circle"),
        _of("circle_mediation", "post_id", "circle_post"),
        _of("circle_mediation", "asker_id", "handle"),
        _of("circle_mediation", "other_id", "handle"),
        _of("circle_mediation", "mediator_id", "handle"),
        _once("circle_mediation", "public_id"),
    )
    op.create_index("ix_circle_mediation_circle_id_closed_at", "circle_mediation", ["circle_id", "closed_at"])
    op.create_index("ix_circle_mediation_asker_id", "circle_mediation", ["asker_id"])
    op.create_index("ix_circle_mediation_other_id", "circle_mediation", ["other_id"])
    op.create_table(
        "circle_mediation_word",
        sa.Column("mediation_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        *_key("circle_mediation_word"),
        _of("circle_mediation_word", "mediation_id", "circle_mediation"),
        _of("circle_mediation_word", "author_id", "handle"),
        _once("circle_mediation_word", "key"),
    )
    op.create_index("ix_circle_mediation_word_mediation_id", "circle_mediation_word", ["mediation_id"])
    op.create_index("ix_circle_mediation_word_author_id", "circle_mediation_word", ["author_id"])


def downgrade() -> None:
    for table in (
        "circle_mediation_word", "circle_mediation", "circle_mood", "circle_measure", "circle_report", "circle_post",
        "circle_membership", "interest_circle",
    ):  # fmt: skip
        op.drop_table(table)


def _key(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return (
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _public() -> tuple[sa.Column[str]]:
    return (sa.Column("public_id", sa.String(length=12), nullable=False),)


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))
