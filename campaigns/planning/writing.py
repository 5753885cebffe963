"""Setting up a campaign, changing it while that is fair, and calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from campaigns.planning.models import Campaign, CampaignKind, Mission, MissionKind
from commons import events, zones
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict
from commons.events import Evidence

# A share counts once somebody has opened it; what happens in our own circle we see ourselves.
EVIDENCE = {MissionKind.SHARE: Evidence.TRACKED_LINK}


class AlreadyBegun(Conflict):
    """Fans are taking part: what they were promised no longer changes."""


@dataclass(frozen=True)
class WantedMission:
    kind: MissionKind
    title: str
    needed: int


@dataclass(frozen=True)
class Wanted:
    """What a campaign is to be. `starts` and `ends` are wall-clock times in `zone`."""

    title: str
    summary: str
    kind: CampaignKind
    goal: str
    goal_participants: int
    starts: datetime
    ends: datetime
    zone: str
    missions: Sequence[WantedMission]


def set_up(wanted: Wanted, *, by: User, at: datetime) -> Campaign:
    """A new campaign with its missions; it begins and ends by itself."""
    campaign = Campaign(lead_id=by.id, created_at=at)
    _write(campaign, wanted)
    db.session.add(campaign)
    db.session.flush()
    _set_missions(campaign, wanted.missions)
    _tell("campaign.made", campaign, by, at)
    return campaign


def change(campaign: Campaign, wanted: Wanted, *, by: User, at: datetime) -> None:
    """Change a campaign. Once it has begun, kind, beginning and missions stay and the end may only move later."""
    starts, ends = zones.to_utc(wanted.starts, wanted.zone), zones.to_utc(wanted.ends, wanted.zone)
    if at >= campaign.starts_at:
        if starts != campaign.starts_at or wanted.kind is not campaign.kind or not _same_missions(campaign, wanted):
            raise AlreadyBegun(_("The campaign has begun: kind, beginning and missions no longer change."))
        if ends < campaign.ends_at:
            raise AlreadyBegun(_("The campaign has begun: it may end later, not earlier."))
    _write(campaign, wanted)
    if not _same_missions(campaign, wanted):
        _set_missions(campaign, wanted.missions)
    db.session.flush()
    _tell("campaign.changed", campaign, by, at, again=True)


def call_off(campaign: Campaign, *, by: User, at: datetime) -> None:
    """End it for good; what people did stays. Calling off twice is calling off once."""
    if campaign.cancelled_at is None:
        campaign.cancelled_at = at
        db.session.flush()
        _tell("campaign.cancelled", campaign, by, at)


def _write(campaign: Campaign, wanted: Wanted) -> None:
    campaign.title = wanted.title
    campaign.summary = wanted.summary
    campaign.kind = wanted.kind
    campaign.goal = wanted.goal
    campaign.goal_participants = wanted.goal_participants
    campaign.zone = wanted.zone
    campaign.starts_at = zones.to_utc(wanted.starts, wanted.zone)
    campaign.ends_at = zones.to_utc(wanted.ends, wanted.zone)


def _set_missions(campaign: Campaign, wanted: Sequence[WantedMission]) -> None:
    for mission in campaign.missions:
        db.session.delete(mission)
    db.session.flush()
    db.session.expire(campaign, ["missions"])
    for position, line in enumerate(wanted):
        evidence = EVIDENCE.get(line.kind, Evidence.NETWORK)
        campaign.missions.append(
            Mission(kind=line.kind, title=line.title, needed=line.needed, evidence=evidence, position=position)
        )
    db.session.flush()


def _same_missions(campaign: Campaign, wanted: Wanted) -> bool:
    has = [(mission.kind, mission.title, mission.needed) for mission in campaign.missions]
    return has == [(line.kind, line.title, line.needed) for line in wanted.missions]


def _tell(kind: str, campaign: Campaign, by: User, at: datetime, *, again: bool = False) -> None:
    events.track(
        kind,
        key=f"{kind}:{campaign.public_id}:{at.isoformat()}" if again else f"{kind}:{campaign.public_id}",
        at=at,
        actor_id=by.id,
        subject=campaign,
        campaign_id=campaign.id,
        payload={"title": campaign.title},
    )
