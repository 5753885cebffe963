"""Posts that come again, feeds of the calendar, imports."""

from __future__ import annotations

revision = "2026_11_22_04_series"
down_revision = "2026_11_22_03_slots"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
