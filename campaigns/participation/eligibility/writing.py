"""Writing the rules of a campaign, publishing them, and reading them back. They stand from the campaign's beginning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.participation.eligibility.models import EligibilityRules
from campaigns.participation.eligibility.rules import Rules
from campaigns.planning.models import Campaign
from campaigns.planning.slots import Finding
from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new
from commons.errors import Conflict, Invalid


class Fixed(Conflict):
    """The campaign has begun: its rules no longer change."""


def write(campaign: Campaign, rules: Rules, *, by: User, at: datetime) -> EligibilityRules:
    """Who may take part, instead of what stood there. `Fixed` once the campaign has begun or was called off."""
    if campaign.cancelled_at is not None or campaign.has_begun(at):
        raise Fixed(_("The campaign has begun: who may take part no longer changes."))
    insert_new(EligibilityRules, {"campaign_id": campaign.id, "written_at": at, "written_by_id": by.id, "rules": {}})
    kept = of(campaign)
    assert kept is not None
    kept.rules, kept.written_at, kept.written_by_id = rules.values, at, by.id
    db.session.flush()
    _tell("campaign.rules_written", campaign, by, at)
    return kept


def publish(campaign: Campaign, *, by: User, at: datetime) -> None:
    """Everybody may read them from now on, before the campaign begins. Twice is once; `Invalid` where none are written."""
    kept = of(campaign)
    if kept is None:
        raise Invalid(_("There are no rules to publish."))
    if kept.published_at is not None:
        return
    kept.published_at = at
    db.session.flush()
    _tell("campaign.rules_published", campaign, by, at)


def of(campaign: Campaign) -> EligibilityRules | None:
    """The rules of the campaign as they stand in the database."""
    query = select(EligibilityRules).where(EligibilityRules.campaign_id == campaign.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def rules_of(campaign: Campaign) -> Rules:
    """What they ask for; nothing where none were written."""
    kept = of(campaign)
    return Rules.kept(kept.rules) if kept is not None else Rules()


def are_public(campaign: Campaign, at: datetime) -> bool:
    """Whether everybody may read them: of a campaign that is launched, once they are published, and from its beginning in any
    case.
    """
    kept = of(campaign)
    if kept is None or campaign.launched_at is None or campaign.cancelled_at is not None:
        return False
    return campaign.has_begun(at) or (kept.published_at is not None and kept.published_at <= at)


def findings(campaign: Campaign, _at: datetime) -> Sequence[Finding]:
    """Before a launch: rules that fans cannot read before the beginning."""
    kept = of(campaign)
    if kept is None or not kept.rules or kept.published_at is not None:
        return []
    words = _("Who may take part is written and not published: fans could read it only once the campaign has begun.")
    return [Finding(words, mend_url=f"/participation/{campaign.public_id}/eligibility")]


def _tell(kind: str, campaign: Campaign, by: User, at: datetime) -> None:
    events.track(
        kind,
        key=f"{kind}:{campaign.public_id}:{at.isoformat()}",
        at=at,
        actor_id=by.id,
        subject=campaign,
        campaign_id=campaign.id,
        payload={"title": campaign.title},
    )
