"""Words staff put on members, and lists of members brought in."""

from __future__ import annotations

revision = "2026_11_22_19_tags"
down_revision = "2026_11_22_18_profiles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
