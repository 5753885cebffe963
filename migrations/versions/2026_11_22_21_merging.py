"""Members who turned out to be one person."""

from __future__ import annotations

revision = "2026_11_22_21_merging"
down_revision = "2026_11_22_20_identities"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
