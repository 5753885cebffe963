"""Facts become participation: who takes part, what counts towards which mission, which mission is fulfilled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from sqlalchemy import delete, func, select, update
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate

from campaigns.participation.counts import scoring
from campaigns.participation.counts.models import Measure
from campaigns.participation.counts.noting import note
from campaigns.participation.models import Fulfilment, MissionFact, Participant
from campaigns.planning.models import Campaign, Mission, MissionKind
from commons import events
from commons.db import db, insert_new
from commons.events import Event

MISSION_OF = {
    "interaction.comment": MissionKind.COMMENT,
    "link.visited": MissionKind.SHARE,
    "circle.checked_in": MissionKind.CHECK_IN,
    "group_buy.joined": MissionKind.JOIN_GROUP_BUY,
}

# Facts that take an earlier one back, and where their payload names it.
UNDOES = {"group_buy.left": "joined_event_id", "interaction.withdrawn": "said_event_id"}


def read(facts: Sequence[Event]) -> None:
    """Reader of the stream. A fact counts in the campaign that it names; a check-in in every running one that asks.

    Each fact counts once for each mission, and a mission is fulfilled once, however often a fact is read. A fact that
    takes another back takes away what that one counted.
    """
    ours = [fact for fact in facts if fact.member_id is not None and (fact.kind in MISSION_OF or fact.kind in UNDOES)]
    for fact in sorted(ours, key=attrgetter("member_id")):  # always in one order, as each member's row is held
        if fact.kind in UNDOES:
            _take_back(fact)
        else:
            for campaign in _campaigns_of(fact):
                _follow(campaign, fact)


def counts_towards(mission: Mission, fact: Event) -> bool:
    """Whether the fact is of the mission's kind and proven well enough."""
    return MISSION_OF.get(fact.kind) is mission.kind and fact.evidence.reaches(mission.evidence)


def _campaigns_of(fact: Event) -> Sequence[Campaign]:
    query = select(Campaign).where(
        Campaign.starts_at <= fact.occurred_at,
        Campaign.ends_at > fact.occurred_at,
        Campaign.cancelled_at.is_(None),
        Campaign.launched_at.is_not(None),
    )
    if fact.kind == "circle.checked_in":
        query = query.where(Campaign.missions.any(Mission.kind == MissionKind.CHECK_IN))
    elif fact.campaign_id is not None:
        query = query.where(Campaign.id == fact.campaign_id)
    else:
        return []
    return db.session.scalars(query.order_by(Campaign.id)).all()


def _follow(campaign: Campaign, fact: Event) -> None:
    _take_part(campaign, fact)
    counted = [_count(mission, fact) for mission in campaign.missions if counts_towards(mission, fact)]
    if any(counted) and fact.member_id is not None:
        scoring.settle(campaign.id, fact.member_id)


def _take_part(campaign: Campaign, fact: Event) -> None:
    row = {
        "campaign_id": campaign.id,
        "member_id": fact.member_id,
        "event_id": fact.id,
        "joined_at": fact.occurred_at,
    }
    if insert_new(Participant, row) is None:
        _hold(campaign.id, fact.member_id)
        return
    note(campaign.id, Measure.JOINED, fact.occurred_at)
    events.track(
        "campaign.joined",
        key=f"campaign.joined:{campaign.public_id}:{fact.member_id}",
        at=fact.occurred_at,
        member_id=fact.member_id,
        subject=campaign,
        campaign_id=campaign.id,
        evidence=fact.evidence,
        payload={"title": campaign.title},
    )


def _hold(campaign_id: int, member_id: int | None) -> None:
    """Hold the participant's row until the commit: two facts at the same moment must see each other when they count."""
    mine = (Participant.campaign_id == campaign_id, Participant.member_id == member_id)
    db.session.execute(select(Participant.id).where(*mine).with_for_update())


def _count(mission: Mission, fact: Event) -> bool:
    """Whether the fact counts towards the mission now and did not before."""
    row = {
        "mission_id": mission.id,
        "member_id": fact.member_id,
        "event_id": fact.id,
        "occurred_at": fact.occurred_at,
    }
    if insert_new(MissionFact, row) is None:
        return False
    note(mission.campaign_id, Measure.FACT, fact.occurred_at, subject_id=mission.id)
    if _done(mission, fact.member_id) >= mission.needed:
        _fulfil(mission, fact)
    return True


def _done(mission: Mission, member_id: int | None) -> int:
    mine = (
        MissionFact.mission_id == mission.id,
        MissionFact.member_id == member_id,
        MissionFact.taken_back_at.is_(None),
    )
    return db.session.scalar(select(func.count()).select_from(MissionFact).where(*mine)) or 0


def _fulfil(mission: Mission, fact: Event) -> None:
    row = {
        "mission_id": mission.id,
        "member_id": fact.member_id,
        "event_id": fact.id,
        "fulfilled_at": fact.occurred_at,
    }
    if insert_new(Fulfilment, row) is not None:
        note(mission.campaign_id, Measure.FULFILLED, fact.occurred_at, subject_id=mission.id)
        events.track(
            "mission.fulfilled",
            key=_fulfilled_key(mission, fact.id),
            at=fact.occurred_at,
            member_id=fact.member_id,
            subject=mission,
            campaign_id=mission.campaign_id,
            evidence=fact.evidence,
            payload={"title": mission.title, "campaign": mission.campaign.title},
        )


def _take_back(fact: Event) -> None:
    """What the undone fact counted counts no more; a mission that lacks it now is open again."""
    undone_id = fact.payload.get(UNDOES[fact.kind])
    query = select(Mission).join(MissionFact, MissionFact.mission_id == Mission.id)
    of_undone = (
        MissionFact.event_id == undone_id,
        MissionFact.member_id == fact.member_id,
        MissionFact.taken_back_at.is_(None),
    )
    for mission in db.session.scalars(query.where(*of_undone).order_by(Mission.campaign_id, Mission.position)).all():
        _hold(mission.campaign_id, fact.member_id)
        gone = update(MissionFact).where(MissionFact.mission_id == mission.id, *of_undone)
        for moment in _moments(gone.values(taken_back_at=fact.occurred_at).returning(MissionFact.occurred_at)):
            note(mission.campaign_id, Measure.FACT, moment, -1, subject_id=mission.id)
        if _done(mission, fact.member_id) < mission.needed:
            _reopen(mission, fact)
        if fact.member_id is not None:
            scoring.settle(mission.campaign_id, fact.member_id)


def _reopen(mission: Mission, fact: Event) -> None:
    mine = (Fulfilment.mission_id == mission.id, Fulfilment.member_id == fact.member_id)
    fulfilled_by = db.session.scalar(select(Fulfilment.event_id).where(*mine))
    moments = _moments(delete(Fulfilment).where(*mine).returning(Fulfilment.fulfilled_at))
    if fulfilled_by is None or not moments:
        return
    note(mission.campaign_id, Measure.FULFILLED, moments[0], -1, subject_id=mission.id)
    key = _fulfilled_key(mission, fulfilled_by)
    fulfilled = db.session.scalar(select(Event.id).where(Event.key == key))
    events.track(
        "mission.reopened",
        key=f"mission.reopened:{mission.public_id}:{fact.id}",
        at=fact.occurred_at,
        member_id=fact.member_id,
        subject=mission,
        campaign_id=mission.campaign_id,
        evidence=fact.evidence,
        payload={"title": mission.title, "campaign": mission.campaign.title, "fulfilled_event_id": fulfilled},
    )


def _moments(statement: ReturningUpdate[datetime] | ReturningDelete[datetime]) -> Sequence[datetime]:
    """Run it; the moments that its rows had."""
    return db.session.scalars(statement.execution_options(synchronize_session=False)).all()


def _fulfilled_key(mission: Mission, event_id: int) -> str:
    return f"mission.fulfilled:{mission.public_id}:{event_id}"
