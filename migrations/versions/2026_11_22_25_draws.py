"""Draws: rules, prizes, exclusions, frozen lists and prizes on their way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_25_draws"
down_revision = "2026_11_22_24_speed"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STANDING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    _draws()
    _prizes()
    _exclusions()
    _entries()
    _awards()


def downgrade() -> None:
    for table in ("draw_award", "draw_entry", "draw_exclusion", "draw_prize", "draw"):
        op.drop_table(table)


def _draws() -> None:
    op.create_table(
        "draw",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("organiser", sa.String(length=120), nullable=False),
        *(_word(name) for name in ("eligibility", "jurisdiction", "source")),
        _moment("closes_at"),
        _moment("reveals_at"),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("claim_days", sa.Integer(), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        _moment("created_at"),
        _moment("launched_at", nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("rules", sa.Text(), nullable=False),
        _hash("rules_hash"),
        _moment("frozen_at", nullable=True),
        _moment("missed_at", nullable=True),
        sa.Column("entrants", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Integer(), nullable=False),
        _hash("root"),
        _hash("exclusions_hash"),
        sa.Column("subtrees", sa.LargeBinary(), nullable=True),
        _moment("drawn_at", nullable=True),
        sa.Column("signature", sa.String(length=96), nullable=True),
        _hash("randomness"),
        _hash("seed"),
        sa.Column("ranks_used", sa.Integer(), nullable=False),
        _public_id(),
        _points("draw", "campaign_id", "campaign"),
        _points("draw", "made_by_id", "user_account"),
        *_key("draw"),
        sa.UniqueConstraint("public_id", name=op.f("uq_draw_public_id")),
        _check("draw", "launched_with_rules", "launched_at IS NULL OR rules_hash IS NOT NULL"),
        _check("draw", "frozen_with_root", "frozen_at IS NULL OR root IS NOT NULL"),
        _check("draw", "drawn_with_seed", "drawn_at IS NULL OR seed IS NOT NULL"),
        _check("draw", "frozen_in_time", "frozen_at IS NULL OR frozen_at < reveals_at"),
        _check("draw", "ranks_within_list", "ranks_used <= entrants"),
    )
    for column in ("campaign_id", "closes_at", "reveals_at"):
        op.create_index(f"ix_draw_{column}", "draw", [column])


def _prizes() -> None:
    op.create_table(
        "draw_prize",
        sa.Column("draw_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("value_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("by_post", sa.Boolean(), nullable=False),
        _points("draw_prize", "draw_id", "draw"),
        *_key("draw_prize"),
        sa.UniqueConstraint("draw_id", "position", name=op.f("uq_draw_prize_draw_id_position")),
        _check("draw_prize", "at_least_one", "quantity >= 1"),
        _check("draw_prize", "worth_something", "value_minor > 0"),
    )


def _exclusions() -> None:
    op.create_table(
        "draw_exclusion",
        sa.Column("draw_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        _word("reason"),
        sa.Column("by_id", BIG, nullable=False),
        _moment("at"),
        _points("draw_exclusion", "draw_id", "draw"),
        _points("draw_exclusion", "member_id", "member"),
        _points("draw_exclusion", "by_id", "user_account"),
        *_key("draw_exclusion"),
        sa.UniqueConstraint("draw_id", "member_id", name=op.f("uq_draw_exclusion_draw_id_member_id")),
    )
    op.create_index("ix_draw_exclusion_member_id", "draw_exclusion", ["member_id"])


def _entries() -> None:
    op.create_table(
        "draw_entry",
        sa.Column("draw_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("entry", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        _word("reason", nullable=True),
        _points("draw_entry", "draw_id", "draw"),
        _points("draw_entry", "member_id", "member"),
        *_key("draw_entry"),
        sa.UniqueConstraint("draw_id", "position", name=op.f("uq_draw_entry_draw_id_position")),
        _check("draw_entry", "listed_or_excluded", "(position IS NULL) <> (reason IS NULL)"),
    )
    op.create_index("uq_draw_entry_member_id_draw_id", "draw_entry", ["member_id", "draw_id"], unique=True)


def _awards() -> None:
    op.create_table(
        "draw_award",
        sa.Column("draw_id", BIG, nullable=False),
        sa.Column("prize_id", BIG, nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("entry_id", BIG, nullable=False),
        _moment("offered_at"),
        _moment("claim_until"),
        *(_moment(name, nullable=True) for name in ("claimed_at", "ended_at")),
        _word("ending", nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        *(_moment(name, nullable=True) for name in ("address_at", "sent_at")),
        sa.Column("sent_by_id", BIG, nullable=True),
        sa.Column("tracking", sa.String(length=80), nullable=False),
        _public_id(),
        _points("draw_award", "draw_id", "draw"),
        _points("draw_award", "prize_id", "draw_prize"),
        _points("draw_award", "entry_id", "draw_entry"),
        _points("draw_award", "sent_by_id", "user_account"),
        *_key("draw_award"),
        sa.UniqueConstraint("public_id", name=op.f("uq_draw_award_public_id")),
        sa.UniqueConstraint("draw_id", "rank", name=op.f("uq_draw_award_draw_id_rank")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_draw_award_entry_id")),
        _check("draw_award", "says_how_it_ended", "(ended_at IS NULL) = (ending IS NULL)"),
        _check("draw_award", "claimed_before_sent", "sent_at IS NULL OR claimed_at IS NOT NULL"),
    )
    op.create_index("ix_draw_award_claim_until", "draw_award", ["claim_until"])
    op.create_index(
        "uq_draw_award_prize_id_unit_standing", "draw_award", ["prize_id", "unit"], unique=True,
        postgresql_where=STANDING, sqlite_where=STANDING,
    )  # fmt: skip


def _key(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return (
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _public_id() -> sa.Column[str]:
    return sa.Column("public_id", sa.String(length=12), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _hash(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=True)


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))
