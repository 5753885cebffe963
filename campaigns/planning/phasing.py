"""Phases turn by themselves: at each beginning a job, and a fact that it has begun."""

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


def turn(phase: Phase, at: datetime) -> bool:
    """The phase begins, if it is its time; whether it did. Turning twice is turning once.

    A phase that was over before anybody could turn it never began, and none begins in a campaign that is over.
    """
    campaign = phase.campaign
    db.session.refresh(campaign, with_for_update=True)
    db.session.refresh(phase)
    late = phase.ends_at <= at or campaign.is_over(at)
    if phase.begun_at is not None or phase.starts_at > at or late or campaign.launched_at is None:
        return False
    phase.begun_at = phase.starts_at
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
