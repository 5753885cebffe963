"""Launching a draft: what every room has to say about it first, and the step from which fans may see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns.planning import phasing, slots, writing
from campaigns.planning.models import Campaign, Grade, RiskState
from campaigns.planning.slots import Finding
from campaigns.planning.writing import AlreadyOver
from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict


class NotReady(Conflict):
    """Something keeps the campaign from being launched. `findings` are all that there is to know, blocking ones first."""

    def __init__(self, found: Sequence[Finding]) -> None:
        blocking = sum(finding.blocks for finding in found)
        super().__init__(
            ngettext(
                "%(num)d point keeps it from being launched.", "%(num)d points keep it from being launched.", blocking
            )
        )
        self.findings = found


def findings(campaign: Campaign, at: datetime) -> list[Finding]:
    """What every room has to say before a launch, blocking ones first."""
    found = [finding for look in slots.before_launch for finding in look(campaign, at)]
    return sorted(found, key=lambda finding: not finding.blocks)


def launch(campaign: Campaign, *, by: User, at: datetime) -> list[Finding]:
    """From now on fans see it when it begins, or when its teaser does, and it turns and ends by itself. Twice is once.

    Returns the warnings. Raises `NotReady` when a finding blocks, `AlreadyOver` for one that was called off. A beginning that
    has passed is now.
    """
    db.session.refresh(campaign, with_for_update=True)
    if campaign.launched_at is not None:
        return []
    if campaign.cancelled_at is not None:
        raise AlreadyOver(_("The campaign was called off and no longer changes."))
    found = findings(campaign, at)
    if any(finding.blocks for finding in found):
        raise NotReady(found)
    campaign.launched_at = at
    campaign.starts_at = max(campaign.starts_at, at)
    for phase in campaign.phases:
        phase.starts_at = max(phase.starts_at, at) if phase.ends_at > at else phase.starts_at
    campaign.revision += 1
    campaign.count_goals_anew()
    db.session.flush()
    _tell(campaign, found, by, at)
    for phase in campaign.phases:
        phasing.plan_turn(phase, at)
    writing.plan_end(campaign)
    return found


def own_findings(campaign: Campaign, at: datetime) -> Sequence[Finding]:
    """What planning itself finds: in the period and the phases what keeps it from running, in the rest what was forgotten."""
    return [*_of_period(campaign, at), *_of_phases(campaign, at), *_of_plan(campaign, at)]


def _of_period(campaign: Campaign, at: datetime) -> list[Finding]:
    mend = f"/planning/{campaign.public_id}/edit"
    if campaign.ends_at <= at:
        return [Finding(_("Its end has passed. Choose another period."), blocks=True, mend_url=mend)]
    found = []
    if campaign.starts_at < at:
        found.append(Finding(_("Its beginning has passed: it begins at the moment of the launch."), mend_url=mend))
    if not campaign.missions:
        missions = f"/planning/{campaign.public_id}/missions"
        found.append(Finding(_("It has no mission: fans could do nothing in it."), blocks=True, mend_url=missions))
    return found


def _of_phases(campaign: Campaign, at: datetime) -> list[Finding]:
    mend = f"/planning/{campaign.public_id}/phases"
    missed = [phase for phase in campaign.phases if phase.ends_at <= at]
    return [
        Finding(
            _("The phase “%(name)s” would be over before the launch. Move it or remove it.", name=phase.name),
            blocks=not phase.is_teaser,
            mend_url=mend,
        )
        for phase in missed
    ]


def _of_plan(campaign: Campaign, at: datetime) -> list[Finding]:
    found, place = [], f"/planning/{campaign.public_id}"
    overdue = sum(task.is_overdue(at) for task in campaign.tasks)
    if overdue:
        words = ngettext("%(num)d task is overdue.", "%(num)d tasks are overdue.", overdue)
        found.append(Finding(words, mend_url=f"{place}/tasks"))
    for risk in campaign.risks:
        if risk.state is RiskState.WATCHED and risk.weight >= Grade.HIGH.weight * 2 and not risk.response.strip():
            words = _("Nothing is said about what to do if this happens: “%(risk)s”.", risk=risk.title)
            found.append(Finding(words, mend_url=f"{place}/risks"))
    if sum(line.spent_minor for line in campaign.budget) > sum(line.planned_minor for line in campaign.budget):
        found.append(Finding(_("More has been spent than was planned."), mend_url=f"{place}/budget"))
    return found


def _tell(campaign: Campaign, found: Sequence[Finding], by: User, at: datetime) -> None:
    events.track(
        "campaign.launched",
        key=f"campaign.launched:{campaign.public_id}",
        at=at,
        actor_id=by.id,
        subject=campaign,
        campaign_id=campaign.id,
        payload={
            "title": campaign.title,
            "warnings": [finding.words for finding in found],
            "revision": campaign.revision,
            "changes": [],
        },
    )
