"""Connecting accounts, and handing posts over to people."""

from __future__ import annotations

revision = "2026_11_22_08_connecting"
down_revision = "2026_11_22_07_holding"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
