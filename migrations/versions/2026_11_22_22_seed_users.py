"""Seed users and their invitation codes."""

from __future__ import annotations

revision = "2026_11_22_22_seed_users"
down_revision = "2026_11_22_21_merging"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
