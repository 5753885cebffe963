"""Holds, and what the checks before publishing found."""

from __future__ import annotations

revision = "2026_11_22_07_holding"
down_revision = "2026_11_22_06_lane"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
