"""Pictures that fans hand in are private until they are published, and those that prove a share for good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_41_shown"
down_revision = "2026_11_22_40_deliveries"
branch_labels = None
depends_on = None

picture = sa.table("picture", sa.column("id"), sa.column("is_private"), sa.column("uploaded_by_id"))
member = sa.table("member", sa.column("id"), sa.column("user_id"))
proof = sa.table("share_proof", sa.column("picture_id"))
submission = sa.table("submission", sa.column("id"), sa.column("state"), sa.column("member_id"))
shown = sa.table("submission_picture", sa.column("submission_id"), sa.column("picture_id"))


def upgrade() -> None:
    op.execute(sa.update(picture).where(picture.c.id.in_(_of_fans())).values(is_private=sa.true()))


def downgrade() -> None:
    op.execute(sa.update(picture).where(picture.c.id.in_(_of_fans())).values(is_private=sa.false()))


def _of_fans() -> sa.CompoundSelect[tuple[int]]:
    """What is not published, as far as its author uploaded it: a picture of the team may stand elsewhere, too."""
    not_out = sa.select(shown.c.picture_id).join(submission, submission.c.id == shown.c.submission_id)
    not_out = not_out.join(member, member.c.id == submission.c.member_id)
    not_out = not_out.join(picture, picture.c.id == shown.c.picture_id)
    not_out = not_out.where(picture.c.uploaded_by_id == member.c.user_id)
    proofs = sa.select(proof.c.picture_id).where(proof.c.picture_id.is_not(None))
    return sa.union(not_out.where(submission.c.state != "published"), proofs)
