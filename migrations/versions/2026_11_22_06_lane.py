"""The real-time lane: ideas and their stopwatch."""

from __future__ import annotations

revision = "2026_11_22_06_lane"
down_revision = "2026_11_22_05_approval"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
