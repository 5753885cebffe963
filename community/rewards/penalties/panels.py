"""What penalties show on the pages of other rooms."""

from __future__ import annotations

from datetime import datetime

from flask_login import current_user

from commons.panels import Panel
from commons.permissions import Permission
from community.members.models import Member
from community.rewards.penalties import reading
from community.rewards.penalties.wording import MEASURES


def status(member: Member, at: datetime) -> Panel | None:
    """On the fan's status page, first of all: what is barred, until when, and how to appeal."""
    penalties = reading.running(member, at)
    context = {"penalties": penalties, "measures": MEASURES}
    return Panel("community/rewards/penalties/_status.html", context, order=5) if penalties else None


def profile(member: Member, at: datetime) -> Panel | None:
    """On a member's profile, for those who give penalties."""
    if not current_user.can(Permission.REWARD_WRITE):
        return None
    context = {"member": member, "penalties": reading.of_member(member, 10), "measures": MEASURES, "at": at}
    return Panel("community/rewards/penalties/_profile.html", context, order=70)
