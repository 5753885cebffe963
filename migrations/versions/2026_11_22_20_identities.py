"""Ways to sign in beside the password, and handles joined by proof."""

from __future__ import annotations

revision = "2026_11_22_20_identities"
down_revision = "2026_11_22_19_tags"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
