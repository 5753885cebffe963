"""When a campaign that is to come begins on another day, its plan moves along."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _

from campaigns.planning import phasing
from campaigns.planning.models import Campaign
from commons import zones
from commons.db import db
from commons.errors import Conflict


def move_along(campaign: Campaign, by: timedelta, at: datetime) -> None:
    """Move phases that have not begun, tasks that are open and the times of missions by as much as the beginning was moved,
    on the wall clock.

    Raises `Conflict` when a phase or a mission would then lie outside of the period.
    """
    if by:
        _move_missions(campaign, by)
        for phase in campaign.phases:
            if phase.begun_at is None:
                phase.starts_at = _moved(phase.starts_at, by, campaign.zone)
                phase.ends_at = _moved(phase.ends_at, by, campaign.zone)
        for task in campaign.tasks:
            if task.done_at is None:
                task.due_at = _moved(task.due_at, by, campaign.zone)
    for phase in campaign.phases:
        first_over = phase.ends_at > (campaign.starts_at if phase.is_teaser else campaign.ends_at)
        if first_over or (not phase.is_teaser and phase.starts_at < campaign.starts_at):
            name = phase.name
            raise Conflict(_("The phase “%(name)s” would lie outside of the campaign. Change it first.", name=name))
    _check_missions(campaign)
    db.session.flush()
    if by:
        for phase in campaign.phases:
            phasing.plan_turn(phase, at)


def _move_missions(campaign: Campaign, by: timedelta) -> None:
    for mission in campaign.missions:
        mission.opens_at = _moved(mission.opens_at, by, campaign.zone) if mission.opens_at else None
        mission.closes_at = _moved(mission.closes_at, by, campaign.zone) if mission.closes_at else None


def _check_missions(campaign: Campaign) -> None:
    for mission in campaign.missions:
        if not mission.begins_at < min(mission.closes_at or campaign.ends_at, campaign.ends_at):
            name = mission.title
            raise Conflict(_("The mission “%(name)s” would lie outside of the campaign. Change it first.", name=name))


def _moved(moment: datetime, by: timedelta, zone: str) -> datetime:
    """As much later on the clock on the wall, also over a change to or from summer time."""
    return zones.to_utc(zones.to_local(moment, zone) + by, zone)
