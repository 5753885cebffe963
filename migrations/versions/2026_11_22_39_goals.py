"""Goals say since when they are kept; the list of a hold-out group is written piece by piece before its lot is cast."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_39_goals"
down_revision = "2026_11_22_38_doubles"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("campaign_goal", sa.Column("counted_at", MOMENT, nullable=True))
    with op.batch_alter_table("holdout") as batch_op:
        batch_op.add_column(sa.Column("wanted", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("up_to", BIG, nullable=True))
        batch_op.add_column(sa.Column("asked_at", MOMENT, nullable=True))
    op.execute("UPDATE holdout SET wanted = people, up_to = 0, asked_at = drawn_at")
    with op.batch_alter_table("holdout") as batch_op:
        batch_op.alter_column("wanted", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("up_to", existing_type=BIG, nullable=False)
        batch_op.alter_column("asked_at", existing_type=MOMENT, nullable=False)
        batch_op.alter_column("drawn_at", existing_type=MOMENT, nullable=True)


def downgrade() -> None:
    """A lot that is not cast yet is forgotten: it can be cast again."""
    op.execute("DELETE FROM holdout_member WHERE holdout_id IN (SELECT id FROM holdout WHERE drawn_at IS NULL)")
    op.execute("DELETE FROM holdout WHERE drawn_at IS NULL")
    with op.batch_alter_table("holdout") as batch_op:
        batch_op.alter_column("drawn_at", existing_type=MOMENT, nullable=False)
        for name in ("asked_at", "up_to", "wanted"):
            batch_op.drop_column(name)
    with op.batch_alter_table("campaign_goal") as batch_op:
        batch_op.drop_column("counted_at")
