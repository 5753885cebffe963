"""Counts from which an exact rank is read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_17_ranking"
down_revision = "2026_11_22_16_standard"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "growth_count",
        sa.Column("board", sa.String(length=8), nullable=False),
        sa.Column("node", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_count")),
        sa.UniqueConstraint("board", "node", name=op.f("uq_growth_count_board_node")),
    )
    op.create_table(
        "growth_change",
        sa.Column("board", sa.String(length=8), nullable=False),
        sa.Column("growth", sa.Integer(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_change")),
    )
    op.create_index("ix_growth_change_board_growth", "growth_change", ["board", "growth"])
    op.create_table(
        "board_score",
        sa.Column("board", sa.String(length=8), nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_board_score_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_score")),
        sa.UniqueConstraint("board", "member_id", name=op.f("uq_board_score_board_member_id")),
    )
    op.create_index("ix_board_score_board_score", "board_score", ["board", "score"])
    op.create_table(
        "board_absence",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_board_absence_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_absence")),
        sa.UniqueConstraint("member_id", name=op.f("uq_board_absence_member_id")),
    )
    # Growth that members have already: one change for each amount, folded into the tree by the first job.
    op.execute(
        "INSERT INTO growth_change (board, growth, change) SELECT 'all', balance, count(*) FROM ledger_account"
        " WHERE currency = 'growth' AND balance > 0 GROUP BY balance"
    )


def downgrade() -> None:
    for name in ("board_absence", "board_score", "growth_change", "growth_count"):
        op.drop_table(name)
