"""The rules by which somebody may take part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Model


class EligibilityRules(Model):
    """Who may take part in a campaign (`rules.Rules` as JSON). Nothing of it changes once the campaign has begun."""

    __tablename__ = "campaign_eligibility"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), unique=True)
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    published_at: Mapped[datetime | None]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    campaign: Mapped[Campaign] = relationship()
    written_by: Mapped[User] = relationship()
