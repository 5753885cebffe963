"""Labels, templates, versions of a post, and who is in it."""

from __future__ import annotations

revision = "2026_11_22_02_composing"
down_revision = "2026_11_22_01_many_channels"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
