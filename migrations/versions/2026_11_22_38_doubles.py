"""Pictures that only some may see: the slips that prove payments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_38_doubles"
down_revision = "2026_11_22_36_participation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("picture", sa.Column("is_private", sa.Boolean(), server_default=sa.false(), nullable=False))
    picture, receipt = (
        sa.table("picture", sa.column("id"), sa.column("is_private")),
        sa.table("payment_receipt", sa.column("proof_picture_id")),
    )
    slips = sa.select(receipt.c.proof_picture_id).where(receipt.c.proof_picture_id.is_not(None))
    op.execute(sa.update(picture).where(picture.c.id.in_(slips)).values(is_private=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("picture") as batch_op:
        batch_op.drop_column("is_private")
