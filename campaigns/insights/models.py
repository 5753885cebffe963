"""Hold-out groups and who is in them. All other numbers of insights are read from where they stand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Model, Public
from commons.permissions import Permission
from community.members.models import Member
from community.members.segments.models import Segment

SEED_LENGTH = 32


class Holdout(Public, Model):
    """The draw of a campaign's hold-out group, once for each campaign and before it starts; never changed.

    Of the `people` whom it could address (everybody, or those in a segment) at `drawn_at`, `kept_out` were drawn: `share` per
    cent, those with the lowest places (see `drawing`). Whoever has `seed` and the list can draw again and finds the same.
    """

    __tablename__ = "holdout"
    __table_args__ = (
        CheckConstraint("share >= 1 AND share <= 50", name="share_within_half"),
        CheckConstraint("kept_out >= 0 AND kept_out <= people", name="kept_out_of_people"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), unique=True)
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id"))
    share: Mapped[int] = mapped_column(default=10)
    seed: Mapped[str] = mapped_column(String(SEED_LENGTH))
    people: Mapped[int]
    kept_out: Mapped[int] = mapped_column(default=0)
    drawn_at: Mapped[datetime]
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    campaign: Mapped[Campaign] = relationship()
    segment: Mapped[Segment | None] = relationship()
    drawn_by: Mapped[User] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[Holdout]:
        return select(cls) if user.can(Permission.INSIGHTS_READ) else select(cls).where(false())


class HoldoutMember(Model):
    """Somebody among whom was drawn: `is_kept_out`, or addressed as usual."""

    __tablename__ = "holdout_member"
    __table_args__ = (
        UniqueConstraint("holdout_id", "member_id"),
        Index("ix_holdout_member_member_id", "member_id", "is_kept_out"),
    )

    holdout_id: Mapped[int] = mapped_column(ForeignKey("holdout.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    is_kept_out: Mapped[bool]

    holdout: Mapped[Holdout] = relationship()
    member: Mapped[Member] = relationship()
