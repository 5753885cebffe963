"""A badge for what is past."""

from __future__ import annotations

from commons import clock, jobs
from commons.db import db
from community.loyalty.badges import granting
from community.loyalty.badges.models import Badge


@jobs.job("badges.backfill", queue="default")
def backfill(badge_id: int, after_id: int = 0) -> None:
    """Grant a badge to those who deserve it already, some hundred members in each turn."""
    badge = db.session.get(Badge, badge_id)
    if badge is None:
        return
    last = granting.backfill(badge, clock.now(), after_id)
    if last is not None:
        jobs.send("badges.backfill", badge_id=badge_id, after_id=last)
