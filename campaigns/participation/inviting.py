"""Missions to invite: somebody whom the fan brought takes part in the campaign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from campaigns.links.models import Link, Origin
from campaigns.participation import own_link
from campaigns.participation.persons.reading import same_person_ids
from campaigns.planning.missions.kinds import Kind, Visit
from campaigns.planning.models import Campaign, Mission, MissionKind
from commons import events
from commons.db import db
from commons.events import Event, Evidence
from commons.panels import Panel
from community.members.models import Member
from community.seed_users.models import Acceptance

TOOK_PART = "invitation.took_part"


def read(facts: Sequence[Event]) -> None:
    """Reader of the stream: whoever takes part for the first time was perhaps brought by somebody, who has a fact of it."""
    for fact in facts:
        if fact.kind != "campaign.joined" or fact.member_id is None or fact.campaign_id is None:
            continue
        campaign = db.session.get(Campaign, fact.campaign_id)
        member = db.session.get(Member, fact.member_id)
        if campaign is not None and member is not None and _asks(campaign):
            _tell(campaign, member, fact.occurred_at)


def brought_by(member: Member, since: datetime) -> int | None:
    """Who brought the member since then: by an invitation, or by a link of the own; the invitation comes first."""
    invited = select(Acceptance.inviter_id).where(Acceptance.member_id == member.id, Acceptance.accepted_at >= since)
    inviter = db.session.scalar(invited)
    if inviter is not None:
        return inviter
    by_link = select(Link.member_id).join(Origin, Origin.link_id == Link.id)
    return db.session.scalar(by_link.where(Origin.user_id == member.user_id, Origin.confirmed_at >= since))


def counts(mission: Mission, fact: Event) -> bool:
    """Not who turned out to be another account of the same person, nor who came before the mission opened."""
    brought = fact.payload.get("by_member_id")
    if brought in same_person_ids(mission.campaign_id, fact.member_id or 0):
        return False
    member = db.session.get(Member, brought) if brought else None
    return member is not None and brought_by(member, mission.begins_at) is not None


def panel(visit: Visit) -> Panel | None:
    """How many the fan has brought since the mission opened."""
    mission, member = visit.mission, visit.member
    if member is None:
        return None
    invited = select(Acceptance.member_id).where(
        Acceptance.inviter_id == member.id, Acceptance.accepted_at >= mission.begins_at
    )
    by_link = (
        select(Member.id)
        .join(Origin, Origin.user_id == Member.user_id)
        .join(Link, Link.id == Origin.link_id)
        .where(Link.member_id == member.id, Origin.confirmed_at >= mission.begins_at)
    )
    found = select(Member.id).where(or_(Member.id.in_(invited), Member.id.in_(by_link)))
    came = len(db.session.scalars(found).all())
    return Panel("campaigns/participation/_invite.html", own_link.shown(visit) | {"came": came})


def _asks(campaign: Campaign) -> bool:
    return any(mission.kind == MissionKind.INVITE.value for mission in campaign.missions)


def _tell(campaign: Campaign, member: Member, at: datetime) -> None:
    inviter = brought_by(member, campaign.starts_at)
    if inviter is None or inviter == member.id:
        return
    events.track(
        TOOK_PART,
        key=f"{TOOK_PART}:{campaign.public_id}:{member.public_id}",
        at=at,
        member_id=inviter,
        subject=campaign,
        campaign_id=campaign.id,
        evidence=Evidence.TRACKED_LINK,
        payload={"title": campaign.title, "by_member_id": member.id},
    )


INVITE = Kind(
    MissionKind.INVITE.value,
    _l("Invite somebody who takes part"),
    "user-plus",
    frozenset({TOOK_PART}),
    grades=(Evidence.TRACKED_LINK,),
    counts=counts,
    panel=panel,
    hint=_l(
        "Counts once the invited one takes part: by an invitation code or the fan’s own link, since the mission opened."
    ),
)
