"""What fans tell about themselves, each with consent and source."""

from __future__ import annotations

revision = "2026_11_22_18_profiles"
down_revision = "2026_11_22_17_ranking"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
