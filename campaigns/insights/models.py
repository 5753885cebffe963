"""Hold-out groups and who is in them. All other numbers of insights are read from where they stand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import BigId, Model, Public
from commons.permissions import Permission
from community.members.models import Member
from community.members.segments.models import Segment

SEED_LENGTH = 32


class Holdout(Public, Model):
    """The draw of a campaign's hold-out group, once for each campaign and before it starts; never changed.

    Of the `people` whom it could address (everybody, or those in a segment), `kept_out` were drawn at `drawn_at`: `share` per
    cent, those with the lowest places (see `drawing`). Whoever has `seed` and the list can draw again and finds the same.
    Until it is drawn the list is written, piece by piece: `people` of about `wanted` so far, up to the member `up_to`.
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
    wanted: Mapped[int]
    people: Mapped[int] = mapped_column(default=0)
    up_to: Mapped[int] = mapped_column(BigId, default=0)
    kept_out: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    drawn_at: Mapped[datetime | None]
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    campaign: Mapped[Campaign] = relationship()
    segment: Mapped[Segment | None] = relationship()
    drawn_by: Mapped[User] = relationship()

    def is_too_late(self, at: datetime) -> bool:
        """Whether the campaign began, or was called off, before the lot was cast: nobody is kept out of it."""
        return self.drawn_at is None and (self.campaign.starts_at <= at or self.campaign.cancelled_at is not None)

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
