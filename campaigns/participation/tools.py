"""What the lead has at hand beside the board: missions, entries, proofs, rules, exclusions, accounts, each with what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from campaigns.participation.entries.models import MissionEntry
from campaigns.participation.exclusions.models import Exclusion
from campaigns.participation.persons.models import PersonGroup
from campaigns.participation.sharing.models import Outcome, ShareProof
from campaigns.planning.models import Campaign, Mission
from commons.db import db
from commons.panels import Panel
from community.reviews.models import State, Submission


@dataclass(frozen=True)
class Tool:
    """A page of the campaign; `waits` is how much waits there for somebody, None where nothing can."""

    words: Any
    icon: str
    url: str
    waits: int | None = None


def on_board(campaign: Campaign, _at: datetime) -> Panel:
    """A panel of the board: the pages that belong to the campaign, and what waits there."""
    entries, proofs, appeals, groups = _waiting(campaign)
    key = campaign.public_id
    tools = [
        Tool(_l("Missions"), "checklist", url_for("missions.index", campaign_id=campaign.public_id)),
        Tool(_l("Entries"), "photo", url_for("entries.index", public_id=key), entries),
        Tool(_l("Proofs of shares"), "share", url_for("sharing.index", public_id=key), proofs),
        Tool(_l("Who may take part"), "shield-check", url_for("eligibility.edit", public_id=key)),
        Tool(_l("Kept out of the campaign"), "ban", url_for("exclusions.index", public_id=key), appeals),
        Tool(_l("One person, several accounts?"), "users-group", url_for("persons.index", public_id=key), groups),
    ]
    return Panel("campaigns/participation/_tools.html", {"tools": tools}, order=10)


def _waiting(campaign: Campaign) -> tuple[int, int, int, int]:
    """Entries, proofs, appeals and groups of accounts that wait: in one query."""
    of_campaign = select(Mission.id).where(Mission.campaign_id == campaign.id)
    entries = select(func.count()).select_from(MissionEntry).join(MissionEntry.submission)
    entries = entries.where(MissionEntry.mission_id.in_(of_campaign), Submission.state == State.WAITING)
    proofs = select(func.count()).where(ShareProof.mission_id.in_(of_campaign), ShareProof.outcome == Outcome.DECLARED)
    appeals = select(func.count()).where(
        Exclusion.campaign_id == campaign.id,
        Exclusion.appealed_at.is_not(None),
        Exclusion.answered_at.is_(None),
        Exclusion.lifted_at.is_(None),
    )
    groups = select(func.count()).where(PersonGroup.campaign_id == campaign.id, PersonGroup.decision.is_(None))
    counts = [one.scalar_subquery() for one in (entries, proofs, appeals, groups)]
    found = db.session.execute(select(*counts)).one()
    return found[0], found[1], found[2], found[3]
