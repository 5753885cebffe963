"""How a campaign is going: who takes part, what they do, and how that compares with the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, and_, exists, func, select, union
from sqlalchemy.orm import aliased, joinedload

from campaigns import by_day as days_of
from campaigns.participation.following import MISSION_OF, UNDOES
from campaigns.participation.models import Fulfilment, MissionFact, Participant
from campaigns.planning.models import Campaign, Mission
from campaigns.planning.reading import is_running
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
    zone = campaign.zone
    days = days_of.days(campaign.starts_at, max(min(at, campaign.ends_at), campaign.starts_at), zone)
    facts = days_of.counts(select(_counted(campaign).c.occurred_at), days, zone)
    came = days_of.counts(select(Participant.joined_at).where(Participant.campaign_id == campaign.id), days, zone)
    ends = [zones.day_bounds(day, zone)[1] for day in days]
    return {
        "x": days_of.stamps(days, zone),
        "series": [
            {"label": _("Actions that day"), "values": facts, "kind": "bars"},
            {"label": _("Participants so far"), "values": list(accumulate(came)), "kind": "line"},
            {
                "label": _("Planned participants"),
                "values": [round(campaign.goal_participants * share_of_time(campaign, end)) for end in ends],
                "kind": "target",
            },
        ],
        "unit": _("number a day"),
        "zone": zone,
    }


def top(campaign: Campaign, limit: int = 10) -> Sequence[Row[Member, int, int]]:
    """(member, facts, missions fulfilled) of the most active, most facts first."""
    facts, missions = _facts_each(campaign), _missions_each(campaign)
    fulfilled = func.coalesce(missions.c.number, 0)
    query = (
        select(Member, facts.c.number, fulfilled)
        .join(facts, facts.c.member_id == Member.id)
        .outerjoin(missions, missions.c.member_id == Member.id)
    )
    return db.session.execute(query.order_by(facts.c.number.desc(), fulfilled.desc(), Member.id).limit(limit)).all()


def mission_counts(campaign: Campaign) -> Sequence[Row[Mission, int]]:
    """(mission, how many fulfilled it) in the missions' order."""
    done = select(func.count()).where(Fulfilment.mission_id == Mission.id).correlate(Mission).scalar_subquery()
    query = select(Mission, done).where(Mission.campaign_id == campaign.id).order_by(Mission.position)
    return db.session.execute(query).all()


def participant_rows(campaign: Campaign, after: int = 0, limit: int = 50) -> Sequence[Row[Participant, int, int]]:
    """(participant, facts, missions fulfilled) in the order of joining, `after` pages by id."""
    facts, missions = _facts_each(campaign), _missions_each(campaign)
    query = (
        select(Participant, func.coalesce(facts.c.number, 0), func.coalesce(missions.c.number, 0))
        .outerjoin(facts, facts.c.member_id == Participant.member_id)
        .outerjoin(missions, missions.c.member_id == Participant.member_id)
        .where(Participant.campaign_id == campaign.id, Participant.id > after)
        .options(joinedload(Participant.member))
    )
    return db.session.execute(query.order_by(Participant.id).limit(limit)).all()


def taken_part_in(member: Member) -> Sequence[Row[Participant, int]]:
    """(participant, missions fulfilled) for each campaign of the member, the latest first."""
    fulfilled = (
        select(func.count())
        .join_from(Fulfilment, Mission)
        .where(Mission.campaign_id == Participant.campaign_id, Fulfilment.member_id == Participant.member_id)
        .correlate(Participant)
        .scalar_subquery()
    )
    query = select(Participant, fulfilled).where(Participant.member_id == member.id)
    query = query.options(joinedload(Participant.campaign))
    return db.session.execute(query.order_by(Participant.joined_at.desc(), Participant.id.desc())).all()


def fulfilments_of(member: Member) -> Sequence[Fulfilment]:
    """The missions that the member has fulfilled, the latest first."""
    query = select(Fulfilment).where(Fulfilment.member_id == member.id).options(joinedload(Fulfilment.mission))
    return db.session.scalars(query.order_by(Fulfilment.fulfilled_at.desc(), Fulfilment.id.desc())).all()


def steps_of(member: Member) -> Sequence[Row[Mission, datetime, datetime | None]]:
    """(mission, moment, when it was taken back) for each fact of the member that counts or counted, the oldest first."""
    query = select(Mission, MissionFact.occurred_at, MissionFact.taken_back_at).join(
        MissionFact, MissionFact.mission_id == Mission.id
    )
    return db.session.execute(query.where(MissionFact.member_id == member.id).order_by(MissionFact.id)).all()


def progress_of(member: Member | None, missions: Sequence[Mission]) -> list[MissionProgress]:
    """How far the fan is with each mission; all at nothing for a visitor who is no fan."""
    ids = [mission.id for mission in missions]
    member_id = member.id if member else None
    done = select(MissionFact.mission_id, func.count()).where(
        MissionFact.member_id == member_id, MissionFact.mission_id.in_(ids), MissionFact.taken_back_at.is_(None)
    )
    counts = dict(db.session.execute(done.group_by(MissionFact.mission_id)).all())
    fulfilled = select(Fulfilment.mission_id, Fulfilment.fulfilled_at).where(
        Fulfilment.member_id == member_id, Fulfilment.mission_id.in_(ids)
    )
    moments = dict(db.session.execute(fulfilled).all())
    return [
        MissionProgress(mission, min(counts.get(mission.id, 0), mission.needed), moments.get(mission.id))
        for mission in missions
    ]


def open_now(member: Member, at: datetime) -> list[tuple[Campaign, list[MissionProgress]]]:
    """The campaigns that run now, the one that ends first in front, and how far the member is with each mission: one query."""
    mine = and_(MissionFact.mission_id == Mission.id, MissionFact.member_id == member.id)
    done = select(func.count()).where(mine, MissionFact.taken_back_at.is_(None)).scalar_subquery()
    fulfilled = and_(Fulfilment.mission_id == Mission.id, Fulfilment.member_id == member.id)
    query = (
        select(Campaign, Mission, done, Fulfilment.fulfilled_at)
        .outerjoin(Campaign.missions)
        .outerjoin(Fulfilment, fulfilled)
        .where(is_running(at))
        .order_by(Campaign.ends_at, Campaign.id, Mission.position)
    )
    found: dict[Campaign, list[MissionProgress]] = {}
    for campaign, mission, number, fulfilled_at in db.session.execute(query):
        missions = found.setdefault(campaign, [])
        if mission is not None:
            missions.append(MissionProgress(mission, min(number, mission.needed), fulfilled_at))
    return list(found.items())


def _facts_each(campaign: Campaign) -> Any:
    counted = _counted(campaign)
    return select(counted.c.member_id, func.count().label("number")).group_by(counted.c.member_id).subquery()


def _missions_each(campaign: Campaign) -> Any:
    done = select(Fulfilment.member_id, func.count().label("number")).join_from(Fulfilment, Mission)
    return done.where(Mission.campaign_id == campaign.id).group_by(Fulfilment.member_id).subquery()


def _counted(campaign: Campaign) -> Any:
    """The facts that count, each once: those that name the campaign within its period and were not taken back, and those
    that counted towards a mission.

    A union, as each half has an index of its own.
    """
    columns = (Event.id, Event.member_id, Event.occurred_at)
    named = select(*columns).where(
        Event.campaign_id == campaign.id,
        Event.kind.in_(MISSION_OF),
        Event.member_id.is_not(None),
        Event.occurred_at >= campaign.starts_at,
        Event.occurred_at < min(campaign.ends_at, campaign.cancelled_at or campaign.ends_at),
        ~_taken_back(),
    )
    of_mission = (
        select(*columns)
        .join(MissionFact, MissionFact.event_id == Event.id)
        .join(Mission, Mission.id == MissionFact.mission_id)
        .where(Mission.campaign_id == campaign.id, MissionFact.taken_back_at.is_(None))
    )
    return union(named, of_mission).subquery()


def _taken_back() -> ColumnElement[bool]:
    """Whether the same member left or withdrew later what the fact is about."""
    undone = aliased(Event)
    same = and_(
        undone.member_id == Event.member_id,
        undone.kind.in_(UNDOES),
        undone.subject_type == Event.subject_type,
        undone.subject_id == Event.subject_id,
        undone.id > Event.id,
    )
    return exists().where(same).correlate(Event)
