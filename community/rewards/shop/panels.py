"""What the shop shows on the pages of other rooms."""

from __future__ import annotations

from datetime import datetime

from flask_login import current_user

from commons.panels import Panel
from commons.permissions import Permission
from community.members.models import Member
from community.rewards.shop import reading

SHOWN = 3


def status(member: Member, _at: datetime) -> Panel | None:
    """On the fan's status page: what the points are good for, what is within reach first."""
    shelf = reading.shelf(member)
    waiting = reading.waiting(member, SHOWN)
    if not shelf.offers and not waiting:
        return None
    nearest = sorted(shelf.offers, key=lambda offer: (not offer.within_reach, offer.missing, -offer.reward.cost))
    context = {"points": shelf.points, "offers": nearest[:SHOWN], "waiting": waiting}
    return Panel("community/rewards/shop/_status.html", context, order=40)


def profile(member: Member, _at: datetime) -> Panel | None:
    """On a member's profile, for those who run the shop: what the fan redeemed."""
    redemptions = reading.mine(member, 20) if current_user.can(Permission.REWARD_WRITE) else []
    return (
        Panel("community/rewards/shop/_profile.html", {"redemptions": redemptions}, order=45) if redemptions else None
    )
