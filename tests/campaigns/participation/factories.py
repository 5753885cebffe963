"""What the tests of taking part share: a campaign with one mission, and how often it is fulfilled."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from campaigns.participation.models import Fulfilment, MissionFact, Participant
from campaigns.planning.models import Campaign, Mission, MissionKind
from commons.db import db
from community.members.models import Member
from tests.campaigns.factories import make_campaign, mission


def a_mission(kind: MissionKind, needed: int = 1, **changes: Any) -> Mission:
    """The one mission of a campaign that runs."""
    return make_campaign(mission(kind, needed, **changes)).missions[0]


def counted(one: Mission, fan: Member) -> int:
    """How many facts of the fan count towards the mission."""
    mine = (MissionFact.mission_id == one.id, MissionFact.member_id == fan.id, MissionFact.taken_back_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(MissionFact).where(*mine)) or 0


def is_fulfilled(one: Mission, fan: Member) -> bool:
    query = select(Fulfilment.id).where(Fulfilment.mission_id == one.id, Fulfilment.member_id == fan.id)
    return db.session.scalar(query) is not None


def takes_part(campaign: Campaign, fan: Member) -> bool:
    query = select(Participant.id).where(Participant.campaign_id == campaign.id, Participant.member_id == fan.id)
    return db.session.scalar(query) is not None
