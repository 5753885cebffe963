"""Which law a campaign is held against, what it discloses, and which warnings the team has looked at."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Model, word_enum
from commons.i18n import Words, WordsColumn


class Preset(enum.StrEnum):
    """The body of law by which the checks weigh what they find."""

    CHINA = "china"
    EU_US = "eu_us"


class Disclosure(Model):
    """What a campaign says of itself: who runs it, how to reach them, and on which terms. `preset` is the law it is under."""

    __tablename__ = "campaign_disclosure"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), unique=True)
    preset: Mapped[Preset] = mapped_column(word_enum(Preset))
    organiser: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    terms: Mapped[Words] = mapped_column(WordsColumn, default=lambda: Words("", ""))
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]

    campaign: Mapped[Campaign] = relationship()
    changed_by: Mapped[User] = relationship()


class Acknowledgement(Model):
    """Somebody looked at a warning and says why the campaign may go on. It holds for exactly what was found (`mark`)."""

    __tablename__ = "compliance_acknowledgement"
    __table_args__ = (UniqueConstraint("campaign_id", "rule", "mark"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    rule: Mapped[str] = mapped_column(String(40))
    mark: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]

    campaign: Mapped[Campaign] = relationship()
    by: Mapped[User] = relationship()
