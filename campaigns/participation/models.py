"""Who takes part, with which facts, and which missions are fulfilled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign, Mission
from commons.db import Model
from commons.events import Event
from community.members.models import Member


class Participant(Model):
    """A member in a campaign, since the first fact that counted.

    How far he is stands here too, as his facts say it (see `counts.scoring`): `facts` that count towards missions,
    missions `fulfilled`, when the first of these was and, once all of them are, the last.
    """

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("campaign_id", "member_id"),
        Index("ix_participant_campaign_id_joined_at", "campaign_id", "joined_at"),
        Index("ix_participant_campaign_id_facts", "campaign_id", "facts", "fulfilled", "id"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    joined_at: Mapped[datetime]
    facts: Mapped[int] = mapped_column(default=0, server_default="0")
    fulfilled: Mapped[int] = mapped_column(default=0, server_default="0")
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship()
    member: Mapped[Member] = relationship()


class MissionFact(Model):
    """One fact that counts towards one mission of one member: the same fact never counts twice, nor again once taken back."""

    __tablename__ = "mission_fact"
    __table_args__ = (
        UniqueConstraint("mission_id", "event_id"),
        Index("ix_mission_fact_member_id_mission_id", "member_id", "mission_id"),
        Index("ix_mission_fact_mission_id_occurred_at", "mission_id", "occurred_at"),
    )

    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    occurred_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class Fulfilment(Model):
    """A mission fulfilled by a member, once."""

    __tablename__ = "fulfilment"
    __table_args__ = (UniqueConstraint("mission_id", "member_id"),)

    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    fulfilled_at: Mapped[datetime]

    mission: Mapped[Mission] = relationship()
    member: Mapped[Member] = relationship()
    event: Mapped[Event] = relationship()
