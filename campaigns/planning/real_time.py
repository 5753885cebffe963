"""A campaign that is launched the moment it is thought of: a short template, from now on, for some hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from campaigns.planning import launching, templates
from campaigns.planning.models import Campaign
from campaigns.planning.templates import Template
from commons import zones
from commons.accounts.models import User


@dataclass(frozen=True)
class WantedNow:
    """What is said of a campaign that begins now; the rest is the template's."""

    template: Template
    title: str
    summary: str
    participants: int
    hours: int


def launch_now(wanted: WantedNow, *, zone: str, by: User, at: datetime) -> Campaign:
    """Set the campaign up and launch it, both or neither. Raises `NotReady` when a finding keeps it from being launched."""
    usual = templates.wanted(wanted.template, zones.to_local(at, zone), zone)
    meant = replace(
        usual,
        title=wanted.title,
        summary=wanted.summary,
        goal_participants=wanted.participants,
        ends=zones.to_local(at + timedelta(hours=wanted.hours), zone),
    )
    campaign = templates.set_up(wanted.template, meant, by=by, at=at)
    launching.launch(campaign, by=by, at=at)
    return campaign
