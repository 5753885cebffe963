"""How a campaign is going: who takes part, what they do, and how that compares with the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, func, select, tuple_
from sqlalchemy.orm import joinedload

from campaigns.participation.counts import reading as counts
from campaigns.participation.counts.models import Measure
from campaigns.participation.exclusions.models import Exclusion
from campaigns.participation.models import Fulfilment, MissionFact, Participant
from campaigns.planning import pacing
from campaigns.planning.addressing import is_addressed
from campaigns.planning.models import Campaign, Mission
from campaigns.planning.reading import is_running
from commons.db import db
from community.members.models import Member

Place = tuple[int, int, int]
"""Where somebody stands among the most active: facts, missions fulfilled, id of the participant."""


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
    return standing_of([campaign], at)[0]


def standing_of(campaigns: Sequence[Campaign], at: datetime) -> list[Standing]:
    """The same for several campaigns, in their order."""
    totals = counts.totals_of([campaign.id for campaign in campaigns])
    return [standing_by(campaign, totals[campaign.id], at) for campaign in campaigns]


def standing_by(campaign: Campaign, totals: counts.Totals, at: datetime) -> Standing:
    """The same out of numbers that were read already."""
    share = share_of_time(campaign, at)
    people, facts, fulfilled = (totals.of(measure) for measure in (Measure.JOINED, Measure.FACT, Measure.FULFILLED))
    return Standing(people, facts, fulfilled, round(campaign.goal_participants * share), share)


def share_of_time(campaign: Campaign, at: datetime) -> float:
    """How much of the period is over, 0 to 1."""
    return pacing.share_of_time(campaign.starts_at, campaign.ends_at, at)


def top(
    campaign: Campaign, limit: int = 10, after: Place | None = None, *fits: ColumnElement[bool]
) -> Sequence[Participant]:
    """The most active, most facts first, then most missions, then who came last; going on `after` a place; of those who fit
    and are not kept out.
    """
    order = (Participant.facts, Participant.fulfilled, Participant.id)
    kept_out = select(Exclusion.member_id).where(Exclusion.campaign_id == campaign.id, Exclusion.lifted_at.is_(None))
    stands = (Participant.facts > 0, Participant.member_id.not_in(kept_out))
    query = select(Participant).where(Participant.campaign_id == campaign.id, *stands, *fits)
    if after is not None:
        query = query.where(tuple_(*order) < tuple_(*after))
    query = query.order_by(*(column.desc() for column in order)).options(joinedload(Participant.member))
    return db.session.scalars(query.limit(limit)).all()


def participant_rows(
    campaign: Campaign, after: int = 0, limit: int = 50, *fits: ColumnElement[bool]
) -> Sequence[Participant]:
    """Participants in the order of joining, `after` pages by id; of those who fit."""
    query = select(Participant).where(Participant.campaign_id == campaign.id, Participant.id > after, *fits)
    return db.session.scalars(query.options(joinedload(Participant.member)).order_by(Participant.id).limit(limit)).all()


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
    """The campaigns that run now and address the member, the one that ends first in front, and how far the member is with
    each mission that is not closed: one query.
    """
    mine = and_(MissionFact.mission_id == Mission.id, MissionFact.member_id == member.id)
    done = select(func.count()).where(mine, MissionFact.taken_back_at.is_(None)).scalar_subquery()
    fulfilled = and_(Fulfilment.mission_id == Mission.id, Fulfilment.member_id == member.id)
    query = (
        select(Campaign, Mission, done, Fulfilment.fulfilled_at)
        .outerjoin(Campaign.missions)
        .outerjoin(Fulfilment, fulfilled)
        .where(is_running(at), is_addressed(member.id))
        .order_by(Campaign.ends_at, Campaign.id, Mission.position)
    )
    found: dict[Campaign, list[MissionProgress]] = {}
    for campaign, mission, number, fulfilled_at in db.session.execute(query):
        missions = found.setdefault(campaign, [])
        if mission is not None and (mission.closed_at is None or fulfilled_at is not None):
            missions.append(MissionProgress(mission, min(number, mission.needed), fulfilled_at))
    return list(found.items())
