"""The newest acts of a campaign, as they come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select, union_all
from sqlalchemy.orm import joinedload

from campaigns.control.filters import Filter
from campaigns.participation.models import MissionFact, Participant
from campaigns.planning.models import Campaign, Mission
from commons.db import db
from community.members.models import Member

SHOWN = 6


@dataclass(frozen=True)
class Act:
    """Somebody did something that counts towards a mission; `is_first`: with it he took part for the first time.

    Without a mission it is only that: a fact of the campaign that none of its missions asks for.
    """

    id: int
    at: datetime
    member: Member
    mission: Mission | None
    is_first: bool


def newest(campaign: Campaign, chosen: Filter, limit: int = SHOWN) -> list[Act]:
    """The newest of what is looked at: of each mission, and people who came without one."""
    found = _of_missions(campaign, chosen, limit) + ([] if chosen.mission else _came(campaign, chosen, limit))
    return sorted(found, key=lambda act: act.at, reverse=True)[:limit]


def rows(campaign: Campaign, chosen: Filter, before: int | None, limit: int) -> list[Act]:
    """All acts that are looked at, what was recorded last first, `before` pages by id: the rows behind the numbers."""
    missions = _missions(campaign, chosen)
    query = _facts(campaign).where(MissionFact.mission_id.in_(missions), *_counting(chosen))
    query = query.where(MissionFact.id < before) if before else query
    return _acts(campaign, query.order_by(MissionFact.id.desc()).limit(limit))


def _of_missions(campaign: Campaign, chosen: Filter, limit: int) -> list[Act]:
    """Of each mission found at the end of its own index."""
    latest = [select(_latest(mission_id, chosen, limit).subquery().c.id) for mission_id in _missions(campaign, chosen)]
    if not latest:
        return []
    ids = union_all(*latest).subquery()
    query = _facts(campaign).where(MissionFact.id.in_(select(ids.c.id)))
    return _acts(campaign, query.order_by(MissionFact.occurred_at.desc(), MissionFact.id.desc()).limit(limit))


def _came(campaign: Campaign, chosen: Filter, limit: int) -> list[Act]:
    """Those of the newest participants who have done nothing yet that a mission asks for."""
    query = select(Participant).where(Participant.campaign_id == campaign.id).options(joinedload(Participant.member))
    if chosen.window is not None:
        query = query.where(Participant.joined_at >= chosen.window.first, Participant.joined_at < chosen.window.end)
    newest = db.session.scalars(query.order_by(Participant.joined_at.desc(), Participant.id.desc()).limit(limit))
    return [Act(one.id, one.joined_at, one.member, None, True) for one in newest if one.facts == 0]


def _missions(campaign: Campaign, chosen: Filter) -> list[int]:
    return [mission.id for mission in ([chosen.mission] if chosen.mission else campaign.missions)]


def _latest(mission_id: int, chosen: Filter, limit: int) -> Select[int]:
    query = select(MissionFact.id).where(MissionFact.mission_id == mission_id, *_counting(chosen))
    return query.order_by(MissionFact.occurred_at.desc(), MissionFact.id.desc()).limit(limit)


def _counting(chosen: Filter) -> list[ColumnElement[bool]]:
    """Not taken back, and within the phase."""
    window = chosen.window
    within = [MissionFact.occurred_at >= window.first, MissionFact.occurred_at < window.end] if window else []
    return [MissionFact.taken_back_at.is_(None), *within]


def _facts(campaign: Campaign) -> Select[MissionFact, Member, int]:
    """Facts with who did them and the participant of whom it is the first."""
    first = and_(
        Participant.campaign_id == campaign.id,
        Participant.member_id == MissionFact.member_id,
        Participant.event_id == MissionFact.event_id,
    )
    query = select(MissionFact, Member, Participant.id).join(Member, Member.id == MissionFact.member_id)
    return query.outerjoin(Participant, first)


def _acts(campaign: Campaign, query: Select[MissionFact, Member, int]) -> list[Act]:
    missions = {mission.id: mission for mission in campaign.missions}
    return [
        Act(fact.id, fact.occurred_at, member, missions[fact.mission_id], first is not None)
        for fact, member, first in db.session.execute(query)
    ]
