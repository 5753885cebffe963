"""Weekly slots of an account."""

from __future__ import annotations

revision = "2026_11_22_03_slots"
down_revision = "2026_11_22_02_composing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
