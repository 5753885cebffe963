"""Setting a campaign up as a draft, changing it while that is fair, ending it early and calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from campaigns.planning import moving, phasing, revising
from campaigns.planning.missions import writing as missions
from campaigns.planning.missions.writing import WantedMission
from campaigns.planning.models import Campaign, CampaignKind
from commons import events, jobs, zones
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.money import DEFAULT_CURRENCY


class AlreadyBegun(Conflict):
    """Fans are taking part: what they were promised no longer changes."""


class AlreadyOver(Conflict):
    """The campaign has ended or was called off."""


@dataclass(frozen=True)
class Wanted:
    """What a campaign is to be. `starts` and `ends` are wall-clock times in `zone`.

    `missions` are those that a new campaign begins with; each of them is changed and closed by itself (see `missions`).
    """

    title: str
    summary: str
    kind: CampaignKind
    goal: str
    goal_participants: int
    starts: datetime
    ends: datetime
    zone: str
    missions: Sequence[WantedMission] = ()
    currency: str = DEFAULT_CURRENCY


def set_up(wanted: Wanted, *, by: User, at: datetime) -> Campaign:
    """A draft of a campaign with its missions, for `launching.launch`. `Invalid` when it would end before it begins."""
    campaign = Campaign(lead_id=by.id, created_at=at)
    _write(campaign, wanted)
    db.session.add(campaign)
    db.session.flush()
    for mission in wanted.missions:
        missions.add(campaign, mission, by=by, at=at)
    _tell("campaign.made", campaign, by, at)
    return campaign


def change(campaign: Campaign, wanted: Wanted, *, revision: int | None = None, by: User, at: datetime) -> None:
    """Change a campaign. Once it has begun, kind and beginning stay and the end may only move later; once it is over, only
    its words change, and nothing of one that was called off. Missions are changed by themselves.

    `revision` is the one that was read: `Stale` when somebody else has changed it since. With the beginning of a campaign that
    is to come its plan moves along.
    """
    db.session.refresh(campaign, with_for_update=True)
    if campaign.cancelled_at is not None:
        raise AlreadyOver(_("The campaign was called off and no longer changes."))
    revising.check(campaign, revision)
    if campaign.has_begun(at):
        _check_promises(campaign, wanted, at)
    before, period = revising.described(campaign), (campaign.starts_at, campaign.ends_at)
    _write(campaign, wanted)
    if period != (campaign.starts_at, campaign.ends_at):
        _move(campaign, period[0], at)
        campaign.count_goals_anew()
    campaign.revision += 1
    db.session.flush()
    changes = revising.differences(before, revising.described(campaign))
    _tell("campaign.changed", campaign, by, at, again=True, revision=campaign.revision, changes=changes)


def end_early(campaign: Campaign, *, by: User, at: datetime) -> None:
    """End a running campaign now: what people did counts, and it says when it was meant to end. Twice is once.

    `Conflict` for one that has not begun: that one is called off.
    """
    db.session.refresh(campaign, with_for_update=True)
    if campaign.is_over(at):
        return
    if not campaign.has_begun(at):
        raise Conflict(_("The campaign has not begun yet."), _("Call it off instead."))
    campaign.planned_end_at, campaign.ends_at = campaign.ends_at, at
    campaign.revision += 1
    _tell("campaign.ended_early", campaign, by, at, revision=campaign.revision, changes=[])
    end(campaign, at)


def end(campaign: Campaign, at: datetime) -> bool:
    """Note that the campaign has ended, if it is its time; whether it did. Ending twice is ending once."""
    db.session.refresh(campaign, with_for_update=True)
    if campaign.launched_at is None or campaign.cancelled_at is not None or campaign.ended_at is not None:
        return False
    if campaign.ends_at > at:
        return False
    phasing.turn_due(campaign, at)
    campaign.ended_at = campaign.ends_at
    db.session.flush()
    _tell("campaign.ended", campaign, None, campaign.ends_at)
    return True


def plan_end(campaign: Campaign) -> None:
    """Have the end of a launched campaign noted when it comes. One that was moved is planned anew."""
    if campaign.launched_at is not None and campaign.ended_at is None:
        key = f"planning.end:{campaign.public_id}:{campaign.ends_at.isoformat()}"
        jobs.send("planning.end", due=campaign.ends_at, key=key, campaign_id=campaign.id)


def call_off(campaign: Campaign, *, by: User, at: datetime) -> None:
    """Stop it for good; what people did stays. Calling off twice is calling off once; `AlreadyOver` after its end."""
    if campaign.cancelled_at is not None:
        return
    if campaign.is_over(at):
        raise AlreadyOver(_("The campaign is over; there is nothing to call off."))
    phasing.turn_due(campaign, at)
    campaign.cancelled_at = at
    db.session.flush()
    _tell("campaign.cancelled", campaign, by, at)


def _check_promises(campaign: Campaign, wanted: Wanted, at: datetime) -> None:
    starts = moment_of(wanted.starts, wanted.zone, campaign.starts_at)
    ends = moment_of(wanted.ends, wanted.zone, campaign.ends_at)
    if starts != campaign.starts_at or wanted.kind is not campaign.kind:
        raise AlreadyBegun(_("The campaign has begun: kind and beginning no longer change."))
    if ends < campaign.ends_at:
        raise AlreadyBegun(_("The campaign has begun: it may end later, not earlier."))
    if ends != campaign.ends_at and campaign.ends_at <= at:
        raise AlreadyOver(_("The campaign is over: what fans did since then was not counted, so it cannot go on."))


def _move(campaign: Campaign, from_start: datetime, at: datetime) -> None:
    if campaign.launched_at is not None and campaign.starts_at != from_start and campaign.starts_at < at:
        raise Invalid(_("Choose a beginning in the future: the campaign is launched."))
    before, after = (zones.to_local(moment, campaign.zone) for moment in (from_start, campaign.starts_at))
    moving.move_along(campaign, after - before, at)
    plan_end(campaign)


def moment_of(wall_clock: datetime, zone: str, kept: datetime | None = None) -> datetime:
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
    _set_currency(campaign, wanted.currency)
    campaign.starts_at = moment_of(wanted.starts, wanted.zone, campaign.starts_at)
    campaign.ends_at = moment_of(wanted.ends, wanted.zone, campaign.ends_at)


def _set_currency(campaign: Campaign, currency: str) -> None:
    if campaign.currency not in {None, currency} and campaign.budget:
        raise Conflict(_("The budget has lines in %(currency)s. Remove them first.", currency=campaign.currency))
    campaign.currency = currency


def _tell(kind: str, campaign: Campaign, by: User | None, at: datetime, *, again: bool = False, **more: Any) -> None:
    events.track(
        kind,
        key=f"{kind}:{campaign.public_id}:{at.isoformat()}" if again else f"{kind}:{campaign.public_id}",
        at=at,
        actor_id=by.id if by else None,
        subject=campaign,
        campaign_id=campaign.id,
        payload={"title": campaign.title, **more},
    )
