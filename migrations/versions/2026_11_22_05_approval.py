"""Approval: routes, requests, decisions, links for reviewers outside."""

from __future__ import annotations

revision = "2026_11_22_05_approval"
down_revision = "2026_11_22_04_series"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
