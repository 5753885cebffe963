"""Looking for accounts of one person among those who take part, and keeping what was found until somebody decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from campaigns.participation.models import Participant
from campaigns.participation.persons import sightings as own
from campaigns.participation.persons.models import Decision, PersonAccount, PersonGroup
from campaigns.participation.persons.signs import Sighting, sightings, together
from campaigns.planning.models import Campaign
from commons.db import db
from community.members.models import Member


def look(campaign: Campaign, at: datetime) -> int:
    """Look through everybody who takes part; how many groups wait for somebody now. Looking twice finds nothing twice.

    A group that grew is the same group. One that somebody decided comes back only with an account that was not in it.
    """
    query = select(Participant.member_id).join(Member, Member.id == Participant.member_id)
    ids = db.session.scalars(query.where(Participant.campaign_id == campaign.id, Member.counts())).all()
    known = db.session.scalars(
        select(PersonGroup).where(PersonGroup.campaign_id == campaign.id).options(selectinload(PersonGroup.people))
    ).all()
    seen = [one for plug in sightings for one in plug(ids)]
    for members, signs in together([*seen, *own.minutes(campaign)]):
        _keep(campaign, members, signs, known, at)
    db.session.flush()
    return waiting(campaign)


def waiting(campaign: Campaign) -> int:
    """How many groups wait for somebody."""
    query = select(PersonGroup.id).where(PersonGroup.campaign_id == campaign.id, PersonGroup.decision.is_(None))
    return len(db.session.scalars(query).all())


def _keep(
    campaign: Campaign, members: Sequence[int], signs: Sequence[Sighting], known: Sequence[PersonGroup], at: datetime
) -> None:
    evidence, found = [sign.kept for sign in signs], set(members)
    for group in known:
        there = {one.member_id for one in group.people}
        if group.decision in {Decision.SAME, Decision.DIFFERENT}:
            if found <= there:
                return
        elif there <= found or found <= there:
            group.evidence = evidence
            group.people += [PersonAccount(member_id=member_id) for member_id in sorted(found - there)]
            return
    people = [PersonAccount(member_id=member_id) for member_id in members]
    db.session.add(PersonGroup(campaign_id=campaign.id, evidence=evidence, found_at=at, people=people))
