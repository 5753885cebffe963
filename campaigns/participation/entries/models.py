"""A work that was handed in for a mission."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, false, select
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from campaigns.planning.models import Mission
from commons.accounts.models import User
from commons.db import Model, Public
from commons.permissions import Permission
from community.members.models import Member
from community.reviews.models import State, Submission


class MissionEntry(Public, Model):
    """One work. Its words, pictures and what was decided about it are those of its submission, whose subject it is.

    `featured_at`: it stands in the campaign's gallery since then.
    """

    __tablename__ = "mission_entry"
    __table_args__ = (Index("ix_mission_entry_mission_id_id", "mission_id", "id"),)

    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    handed_in_at: Mapped[datetime]
    featured_at: Mapped[datetime | None]
    featured_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    mission: Mapped[Mission] = relationship()
    member: Mapped[Member] = relationship()
    featured_by: Mapped[User | None] = relationship()
    submission: Mapped[Submission] = relationship(
        primaryjoin=lambda: (
            (foreign(Submission.subject_id) == MissionEntry.id)
            & (Submission.subject_type == MissionEntry.__tablename__)
        ),
        viewonly=True,
        uselist=False,
    )

    @property
    def is_featured(self) -> bool:
        return self.featured_at is not None and self.submission.state is State.PUBLISHED

    @classmethod
    def visible_to(cls, user: User) -> Select[MissionEntry]:
        """Those who may read campaigns see all of them; what is published is read as its submission."""
        may = user.is_authenticated and user.can(Permission.CAMPAIGN_READ)
        return select(cls) if may else select(cls).where(false())
