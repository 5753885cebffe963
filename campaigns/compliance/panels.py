"""What fans read at the foot of a campaign's page, and what the lead reads on its plan."""

from __future__ import annotations

from datetime import datetime

from campaigns.compliance import checking
from campaigns.compliance.rules import Weight
from campaigns.compliance.subject import disclosure_of
from campaigns.planning.models import Campaign
from commons.panels import Panel


def disclosed(campaign: Campaign, _at: datetime) -> Panel | None:
    """Who runs the campaign, how to reach them, and the terms."""
    said = disclosure_of(campaign)
    if said is None or not (said.organiser or said.contact or str(said.terms)):
        return None
    return Panel("campaigns/compliance/_disclosed.html", {"disclosure": said}, order=90)


def on_the_plan(campaign: Campaign, _at: datetime) -> Panel:
    """How many points there are to look at before the launch."""
    found = checking.check(campaign)
    blocking = sum(result.weight is Weight.BLOCKS for result in found)
    waiting = sum(result.is_open for result in found) - blocking
    context = {"campaign": campaign, "blocking": blocking, "waiting": waiting}
    return Panel("campaigns/compliance/_on_the_plan.html", context, order=80)
