"""Who may take part in a campaign: nobody who was excluded, and who meets the rules."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import exists, select

from campaigns.participation.eligibility import rules as eligibility
from campaigns.participation.eligibility.models import EligibilityRules
from campaigns.participation.eligibility.rules import Rules
from campaigns.participation.exclusions.models import Exclusion
from campaigns.planning.models import Campaign, Mission
from commons.db import db
from commons.errors import Gone, NotAllowed
from community.members.models import Member


class Late(Gone):
    """The mission is over, or has not begun."""


def may_take_part(campaign: Campaign, member_id: int, _at: datetime) -> bool:
    """Whether what the member does counts in the campaign now. One query, where the campaign has no rules."""
    is_out, rules = _looked_up(campaign, member_id)
    if is_out:
        return False
    return not rules.values or eligibility.are_met(rules, db.session.get_one(Member, member_id))


def check(mission: Mission, member: Member, at: datetime) -> None:
    """Raise unless the member may do something for the mission now: `Late` out of its time, `NotAllowed` otherwise."""
    if not mission.is_open(at):
        over = at >= mission.over_at
        raise Late(_("This mission is over.") if over else _("This mission has not opened yet."))
    is_out, rules = _looked_up(mission.campaign, member.id)
    if is_out:
        raise NotAllowed(_("You do not count in this campaign."), _("Your notices say why, and how to appeal."))
    missing = [line.words for line in eligibility.lines(rules, member) if not line.is_met]
    if missing:
        raise NotAllowed(_("Not everybody may take part in this campaign: %(rule)s.", rule=missing[0]))


def _looked_up(campaign: Campaign, member_id: int) -> tuple[bool, Rules]:
    stands = (
        Exclusion.campaign_id == campaign.id,
        Exclusion.member_id == member_id,
        Exclusion.lifted_at.is_(None),
    )
    rules = select(EligibilityRules.rules).where(EligibilityRules.campaign_id == campaign.id).scalar_subquery()
    is_out, kept = db.session.execute(select(exists().where(*stands), rules)).one()
    return bool(is_out), Rules.kept(kept or {})
