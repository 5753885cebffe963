"""Phases turn by themselves: at each beginning a job, and a fact that it has begun.

What is shown follows from the times of the phases and the clock alone. The facts follow the clock forward only: when no worker ran,
or the clock jumped ahead, every turn that was missed is written down in order, with the time at which it was due; a
clock that is set back takes no fact back, and a phase that has begun does not begin again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from campaigns.planning.models import Campaign, Phase
from commons import events, jobs
from commons.db import db


def plan_turn(phase: Phase, at: datetime) -> None:
    """Have the phase turn when it begins. A phase that was moved is planned anew: the job of its former time does nothing.

    One whose time has come turns at once. Drafts wait until they are launched.
    """
    if phase.campaign.launched_at is None or phase.begun_at is not None:
        return
    if phase.starts_at <= at:
        turn(phase, at)
    else:
        key = f"planning.turn:{phase.public_id}:{phase.starts_at.isoformat()}"
        jobs.send("planning.turn", due=phase.starts_at, key=key, phase_id=phase.id)


def turn_due(campaign: Campaign, at: datetime) -> int:
    """Every phase whose time has come begins, one after the other, each at the moment when it was due; how many did.

    It makes no difference how late that is noticed: a phase that was over before anybody could turn it has been, too.
    """
    db.session.refresh(campaign, with_for_update=True)
    return sum(_turn(phase, at) for phase in sorted(campaign.phases, key=lambda phase: phase.starts_at))


def turn(phase: Phase, at: datetime) -> bool:
    """The phase begins, and before it what should have begun earlier; whether it did. Turning twice is turning once."""
    had_begun = phase.begun_at is not None
    turn_due(phase.campaign, at)
    return not had_begun and phase.begun_at is not None


def _turn(phase: Phase, at: datetime) -> bool:
    db.session.refresh(phase)
    if not _has_come(phase, at):
        return False
    campaign, phase.begun_at = phase.campaign, phase.starts_at
    db.session.flush()
    events.track(
        "campaign.phase_began",
        key=f"campaign.phase_began:{phase.public_id}",
        at=phase.starts_at,
        subject=campaign,
        campaign_id=campaign.id,
        payload={"title": campaign.title, "phase": phase.name, "phase_id": phase.public_id},
    )
    return True


def _has_come(phase: Phase, at: datetime) -> bool:
    """Its time has come, and it has not begun. None begins once its campaign is over, or that was over before the launch."""
    campaign = phase.campaign
    if phase.begun_at is not None or campaign.launched_at is None:
        return False
    over_at = min(campaign.ends_at, campaign.cancelled_at or campaign.ends_at)
    return phase.starts_at <= at and phase.starts_at < over_at and phase.ends_at > campaign.launched_at


def current(phases: Sequence[Phase], at: datetime) -> Phase | None:
    """The phase that runs at a moment, told by its times alone."""
    return next((phase for phase in phases if phase.starts_at <= at < phase.ends_at), None)


def upcoming(phases: Sequence[Phase], at: datetime) -> Phase | None:
    """The phase that begins next."""
    return min((phase for phase in phases if phase.starts_at > at), key=lambda phase: phase.starts_at, default=None)


def standing(campaign: Campaign, phase: Phase, at: datetime) -> str:
    """planned, under_way, ended, or `void` for one that the campaign never came to."""
    if campaign.is_over(at) and phase.starts_at >= min(campaign.ends_at, campaign.cancelled_at or campaign.ends_at):
        return "void"
    if at < phase.starts_at:
        return "planned"
    return "under_way" if at < phase.ends_at and not campaign.is_over(at) else "ended"
