"""What a fan answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Mission
from commons.db import Model, Public
from community.members.models import Member


class MissionAnswer(Public, Model):
    """A fan's one answer to a mission's question. `choice` is the number of the chosen line, from 1; None for words.

    `is_right` is None where no answer is wrong.
    """

    __tablename__ = "mission_answer"
    __table_args__ = (UniqueConstraint("mission_id", "member_id"),)

    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    choice: Mapped[int | None]
    text: Mapped[str] = mapped_column(String(500), default="")
    is_right: Mapped[bool | None]
    answered_at: Mapped[datetime]

    mission: Mapped[Mission] = relationship()
    member: Mapped[Member] = relationship()
