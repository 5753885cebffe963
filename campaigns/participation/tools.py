"""What the lead has at hand beside the control room: missions, entries, proofs, rules, exclusions, accounts, each with what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from campaigns.participation.attention import waiting
from campaigns.planning.models import Campaign
from commons.panels import Panel
from commons.permissions import Permission


@dataclass(frozen=True)
class Tool:
    """A page of the campaign, for those who may open it; `waits` is how much waits there for somebody, None where nothing can."""

    words: Any
    icon: str
    url: str
    waits: int | None = None
    needs: Permission = Permission.CAMPAIGN_READ


def on_board(campaign: Campaign, _at: datetime) -> Panel:
    """A panel of the control room and of the plan: the pages that belong to the campaign, and what waits there."""
    waits, key = waiting(campaign), campaign.public_id
    tools = [
        Tool(_l("Missions"), "checklist", url_for("missions.index", campaign_id=key)),
        Tool(_l("Works handed in"), "photo", url_for("entries.index", public_id=key), waits.entries),
        Tool(_l("Proofs of shares"), "share", url_for("sharing.index", public_id=key), waits.proofs),
        Tool(_l("Who may take part"), "shield-check", url_for("eligibility.edit", public_id=key), None,
             Permission.CAMPAIGN_WRITE),
        Tool(_l("Kept out of the campaign"), "ban", url_for("exclusions.index", public_id=key), waits.appeals),
        Tool(_l("One person, several accounts?"), "users-group", url_for("persons.index", public_id=key), waits.groups,
             Permission.MEMBER_READ),
    ]  # fmt: skip
    shown = [tool for tool in tools if current_user.can(tool.needs)]
    return Panel("campaigns/participation/_tools.html", {"tools": shown}, order=10)
