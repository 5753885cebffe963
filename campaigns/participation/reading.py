"""How a campaign is going: who takes part, what they do, and how that compares with the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, case, func, select

from campaigns.participation.following import MISSION_OF
from campaigns.participation.models import Fulfilment, MissionFact, Participant
from campaigns.planning.models import Campaign, Mission
from commons import zones
from commons.db import db
from commons.events import Event
from community.members.models import Member


@dataclass(frozen=True)
class Standing:
    """Plan against actual at one moment. `planned` is the even share of the goal up to now; `pace` is actual / planned."""

    participants: int
    facts: int
    fulfilled: int
    planned: int
    share_of_time: float

    @property
    def pace(self) -> float | None:
        return self.participants / self.planned if self.planned else None


@dataclass(frozen=True)
class MissionProgress:
    """One mission for one fan: `done` of `mission.needed` facts."""

    mission: Mission
    done: int
    fulfilled_at: datetime | None


def standing(campaign: Campaign, at: datetime) -> Standing:
    """The numbers at the head of the campaign page."""
    people = select(func.count()).where(Participant.campaign_id == campaign.id).scalar_subquery()
    fulfilled = (
        select(func.count()).join_from(Fulfilment, Mission).where(Mission.campaign_id == campaign.id).scalar_subquery()
    )
    counted = select(func.count()).select_from(_counted(campaign)).scalar_subquery()
    participants, fulfilments, facts = db.session.execute(select(people, fulfilled, counted)).one()
    share = share_of_time(campaign, at)
    return Standing(participants, facts, fulfilments, round(campaign.goal_participants * share), share)


def share_of_time(campaign: Campaign, at: datetime) -> float:
    """How much of the period is over, 0 to 1."""
    whole = (campaign.ends_at - campaign.starts_at).total_seconds()
    return min(max((at - campaign.starts_at).total_seconds() / whole, 0.0), 1.0)


def by_day(campaign: Campaign, at: datetime) -> dict[str, object]:
    """Facts a day as bars, and participants so far beside the plan: the JSON of the curve. Days are of the campaign's zone."""
    days = _days(campaign, at)
    facts = _per_day(select(_counted(campaign).c.occurred_at), days, campaign.zone)
    came = _per_day(select(Participant.joined_at).where(Participant.campaign_id == campaign.id), days, campaign.zone)
    ends = [zones.day_bounds(day, campaign.zone)[1] for day in days]
    return {
        "x": [int(zones.day_bounds(day, campaign.zone)[0].timestamp()) for day in days],
        "series": [
            {"label": _("Facts that day"), "values": facts, "kind": "bars"},
            {"label": _("Participants so far"), "values": list(accumulate(came)), "kind": "line"},
            {
                "label": _("Planned participants"),
                "values": [round(campaign.goal_participants * share_of_time(campaign, end)) for end in ends],
                "kind": "target",
            },
        ],
        "unit": _("number a day"),
    }


def top(campaign: Campaign, limit: int = 10) -> Sequence[Row[Member, int, int]]:
    """(member, facts, missions fulfilled) of the most active, most facts first."""
    counted = _counted(campaign)
    facts = select(counted.c.member_id, func.count().label("facts")).group_by(counted.c.member_id).subquery()
    missions = (
        select(func.count())
        .join_from(Fulfilment, Mission)
        .where(Mission.campaign_id == campaign.id, Fulfilment.member_id == Member.id)
        .correlate(Member)
        .scalar_subquery()
    )
    query = select(Member, facts.c.facts, missions).join(facts, facts.c.member_id == Member.id)
    return db.session.execute(query.order_by(facts.c.facts.desc(), Member.id).limit(limit)).all()


def mission_counts(campaign: Campaign) -> Sequence[Row[Mission, int]]:
    """(mission, how many fulfilled it) in the missions' order."""
    done = select(func.count()).where(Fulfilment.mission_id == Mission.id).correlate(Mission).scalar_subquery()
    query = select(Mission, done).where(Mission.campaign_id == campaign.id).order_by(Mission.position)
    return db.session.execute(query).all()


def participant_rows(campaign: Campaign, after: int = 0, limit: int = 50) -> Sequence[Row[Participant, int, int]]:
    """(participant, facts, missions fulfilled) in the order of joining, `after` pages by id."""
    counted = _counted(campaign)
    facts = (
        select(func.count())
        .where(counted.c.member_id == Participant.member_id)
        .correlate(Participant)
        .scalar_subquery()
    )
    missions = (
        select(func.count())
        .join_from(Fulfilment, Mission)
        .where(Mission.campaign_id == campaign.id, Fulfilment.member_id == Participant.member_id)
        .correlate(Participant)
        .scalar_subquery()
    )
    query = select(Participant, facts, missions).where(Participant.campaign_id == campaign.id, Participant.id > after)
    return db.session.execute(query.order_by(Participant.id).limit(limit)).all()


def progress_of(member: Member | None, missions: Sequence[Mission]) -> list[MissionProgress]:
    """How far the fan is with each mission; all at nothing for a visitor who is no fan."""
    ids = [mission.id for mission in missions]
    member_id = member.id if member else None
    done = select(MissionFact.mission_id, func.count()).where(
        MissionFact.member_id == member_id, MissionFact.mission_id.in_(ids)
    )
    counts = dict(db.session.execute(done.group_by(MissionFact.mission_id)).tuples().all())
    fulfilled = select(Fulfilment.mission_id, Fulfilment.fulfilled_at).where(
        Fulfilment.member_id == member_id, Fulfilment.mission_id.in_(ids)
    )
    moments = dict(db.session.execute(fulfilled).tuples().all())
    return [
        MissionProgress(mission, min(counts.get(mission.id, 0), mission.needed), moments.get(mission.id))
        for mission in missions
    ]


def _counted(campaign: Campaign) -> Any:
    """The facts that count: those that name the campaign within its period, and those that counted towards a mission."""
    of_mission = select(MissionFact.event_id).join_from(MissionFact, Mission).where(Mission.campaign_id == campaign.id)
    named = (
        (Event.campaign_id == campaign.id)
        & Event.kind.in_(MISSION_OF)
        & Event.member_id.is_not(None)
        & (Event.occurred_at >= campaign.starts_at)
        & (Event.occurred_at < campaign.ends_at)
    )
    return select(Event.id, Event.member_id, Event.occurred_at).where(named | Event.id.in_(of_mission)).subquery()


def _days(campaign: Campaign, at: datetime) -> list[date]:
    first = zones.day_of(campaign.starts_at, campaign.zone)
    last = zones.day_of(max(min(at, campaign.ends_at), campaign.starts_at), campaign.zone)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _per_day(moments: Any, days: Sequence[date], zone: str) -> list[int]:
    """How many of the moments fall on each day: one pass of the database, whatever the zone."""
    column = moments.subquery().c[0]
    sums = []
    for day in days:
        start, end = zones.day_bounds(day, zone)
        sums.append(func.coalesce(func.sum(case(((column >= start) & (column < end), 1), else_=0)), 0))
    return [int(number) for number in db.session.execute(select(*sums)).one()]
