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
from commons.errors import Conflict, Invalid
from commons.events import Evidence

# A share counts once somebody has opened it; what happens in our own circle we see ourselves.
EVIDENCE = {MissionKind.SHARE: Evidence.TRACKED_LINK}


class AlreadyBegun(Conflict):
    """Fans are taking part: what they were promised no longer changes."""


class AlreadyOver(Conflict):
    """The campaign has ended or was called off."""


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
    """A new campaign with its missions; it begins and ends by itself. `Invalid` when it would end before it begins."""
    campaign = Campaign(lead_id=by.id, created_at=at)
    _write(campaign, wanted)
    db.session.add(campaign)
    db.session.flush()
    _set_missions(campaign, wanted.missions)
    _tell("campaign.made", campaign, by, at)
    return campaign


def change(campaign: Campaign, wanted: Wanted, *, by: User, at: datetime) -> None:
    """Change a campaign. Once it has begun, kind, beginning and missions stay and the end may only move later; once it is
    over, only its words change, and nothing of one that was called off.
    """
    if campaign.cancelled_at is not None:
        raise AlreadyOver(_("The campaign was called off and no longer changes."))
    if at >= campaign.starts_at:
        _check_promises(campaign, wanted, at)
    _write(campaign, wanted)
    if not _same_missions(campaign, wanted):
        _set_missions(campaign, wanted.missions)
    db.session.flush()
    _tell("campaign.changed", campaign, by, at, again=True)


def call_off(campaign: Campaign, *, by: User, at: datetime) -> None:
    """End it for good; what people did stays. Calling off twice is calling off once; `AlreadyOver` after its end."""
    if campaign.cancelled_at is not None:
        return
    if campaign.ends_at <= at:
        raise AlreadyOver(_("The campaign is over; there is nothing to call off."))
    campaign.cancelled_at = at
    db.session.flush()
    _tell("campaign.cancelled", campaign, by, at)


def _check_promises(campaign: Campaign, wanted: Wanted, at: datetime) -> None:
    starts = _moment(wanted.starts, wanted.zone, campaign.starts_at)
    ends = _moment(wanted.ends, wanted.zone, campaign.ends_at)
    if starts != campaign.starts_at or wanted.kind is not campaign.kind or not _same_missions(campaign, wanted):
        raise AlreadyBegun(_("The campaign has begun: kind, beginning and missions no longer change."))
    if ends < campaign.ends_at:
        raise AlreadyBegun(_("The campaign has begun: it may end later, not earlier."))
    if ends != campaign.ends_at and campaign.ends_at <= at:
        raise AlreadyOver(_("The campaign is over: what fans did since then was not counted, so it cannot go on."))


def _moment(wall_clock: datetime, zone: str, kept: datetime | None) -> datetime:
    """The moment that is meant; the one that is `kept`, to its second, where the wall clock shows just that."""
    if kept is not None and zones.to_local(kept, zone).replace(second=0, microsecond=0) == wall_clock:
        return kept
    return zones.to_utc(wall_clock, zone)


def _write(campaign: Campaign, wanted: Wanted) -> None:
    if not zones.to_utc(wanted.starts, wanted.zone) < zones.to_utc(wanted.ends, wanted.zone):
        raise Invalid(_("It must end after it begins."))
    campaign.title = wanted.title
    campaign.summary = wanted.summary
    campaign.kind = wanted.kind
    campaign.goal = wanted.goal
    campaign.goal_participants = wanted.goal_participants
    campaign.zone = wanted.zone
    campaign.starts_at = _moment(wanted.starts, wanted.zone, campaign.starts_at)
    campaign.ends_at = _moment(wanted.ends, wanted.zone, campaign.ends_at)


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
