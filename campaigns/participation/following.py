"""Facts become participation: who takes part, what counts towards which mission, which mission is fulfilled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

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


def read(facts: Sequence[Event]) -> None:
    """Reader of the stream. A fact counts in the campaign that it names; a check-in in every running one that asks.

    Each fact counts once for each mission, and a mission is fulfilled once, however often a fact is read.
    """
    for fact in facts:
        if fact.member_id is None or fact.kind not in MISSION_OF:
            continue
        for campaign in _campaigns_of(fact):
            _take_part(campaign, fact)
            for mission in campaign.missions:
                if counts_towards(mission, fact):
                    _count(mission, fact)


def counts_towards(mission: Mission, fact: Event) -> bool:
    """Whether the fact is of the mission's kind and proven well enough."""
    return MISSION_OF.get(fact.kind) is mission.kind and fact.evidence.reaches(mission.evidence)


def _campaigns_of(fact: Event) -> Iterator[Campaign]:
    running = (
        Campaign.starts_at <= fact.occurred_at,
        Campaign.ends_at > fact.occurred_at,
        Campaign.cancelled_at.is_(None),
    )
    query = select(Campaign).where(*running)
    if fact.kind == "circle.checked_in":
        asks = Campaign.missions.any(Mission.kind == MissionKind.CHECK_IN)
        yield from db.session.scalars(query.where(asks))
    elif fact.campaign_id is not None:
        yield from db.session.scalars(query.where(Campaign.id == fact.campaign_id))


def _take_part(campaign: Campaign, fact: Event) -> None:
    row = {
        "campaign_id": campaign.id,
        "member_id": fact.member_id,
        "event_id": fact.id,
        "joined_at": fact.occurred_at,
    }
    if insert_new(Participant, row) is not None:
        events.track(
            "campaign.joined",
            key=f"campaign.joined:{campaign.public_id}:{fact.member_id}",
            at=fact.occurred_at,
            member_id=fact.member_id,
            subject=campaign,
            campaign_id=campaign.id,
            payload={"title": campaign.title},
        )


def _count(mission: Mission, fact: Event) -> None:
    row = {
        "mission_id": mission.id,
        "member_id": fact.member_id,
        "event_id": fact.id,
        "occurred_at": fact.occurred_at,
    }
    if insert_new(MissionFact, row) is None:
        return
    mine = (MissionFact.mission_id == mission.id, MissionFact.member_id == fact.member_id)
    if (db.session.scalar(select(func.count()).select_from(MissionFact).where(*mine)) or 0) >= mission.needed:
        _fulfil(mission, fact)


def _fulfil(mission: Mission, fact: Event) -> None:
    row = {
        "mission_id": mission.id,
        "member_id": fact.member_id,
        "event_id": fact.id,
        "fulfilled_at": fact.occurred_at,
    }
    if insert_new(Fulfilment, row) is not None:
        events.track(
            "mission.fulfilled",
            key=f"mission.fulfilled:{mission.public_id}:{fact.member_id}",
            at=fact.occurred_at,
            member_id=fact.member_id,
            subject=mission,
            campaign_id=mission.campaign_id,
            evidence=fact.evidence,
            payload={"title": mission.title},
        )
