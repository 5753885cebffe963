"""That somebody does not count in a campaign, why, who decided so, and what came of an appeal."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, false, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.permissions import Permission
from community.members.models import Member

STANDS = text("lifted_at IS NULL")


class Code(enum.StrEnum):
    """Why somebody is kept out. Draws publish the code, the person reads the sentence that goes with it."""

    SECOND_ACCOUNT = "second_account"
    EMPLOYEE = "employee"
    UNDER_AGE = "under_age"
    FORGED = "forged"
    RULES_BROKEN = "rules_broken"


class Exclusion(Public, Model):
    """A member does not count in a campaign, from `at` until it is lifted. The person may appeal once."""

    __tablename__ = "campaign_exclusion"
    __table_args__ = (
        Index(
            "uq_campaign_exclusion_standing",
            "campaign_id",
            "member_id",
            unique=True,
            postgresql_where=STANDS,
            sqlite_where=STANDS,
        ),
        CheckConstraint("sentence <> ''", name="says_why"),
        CheckConstraint("(answered_at IS NULL) = (upheld IS NULL)", name="answered_one_way"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    code: Mapped[Code] = mapped_column(word_enum(Code))
    sentence: Mapped[str] = mapped_column(String(300))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    appeal: Mapped[str] = mapped_column(Text, default="")
    appealed_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(String(500), default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    campaign: Mapped[Campaign] = relationship()
    member: Mapped[Member] = relationship()
    by: Mapped[User] = relationship(foreign_keys=[by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])

    @property
    def url(self) -> str:
        return f"/participation/exclusions/{self.public_id}"

    @property
    def waits(self) -> bool:
        """Whether an appeal waits for an answer."""
        return self.appealed_at is not None and self.answered_at is None and self.lifted_at is None

    @classmethod
    def visible_to(cls, user: User) -> Select[Exclusion]:
        """Those who may read campaigns see all, a fan those that are about him."""
        if not user.is_authenticated:
            return select(cls).where(false())
        if user.can(Permission.CAMPAIGN_READ):
            return select(cls)
        return select(cls).join(Member, Member.id == cls.member_id).where(Member.user_id == user.id)
