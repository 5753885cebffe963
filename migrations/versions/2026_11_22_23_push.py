"""Browsers that take notices."""

from __future__ import annotations

revision = "2026_11_22_23_push"
down_revision = "2026_11_22_22_seed_users"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
