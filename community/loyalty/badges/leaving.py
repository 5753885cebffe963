"""A person's badges, for the export of one's data."""

from __future__ import annotations

from typing import Any

from commons.accounts.models import User
from community.loyalty.badges.cabinet import ever_awarded
from community.loyalty.badges.models import BadgeAward
from community.members.facts import say
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """Every badge that the person has or had, and for what."""
    member = member_of(user)
    if member is None:
        return {}
    return {"badges": [_award(award) for award in ever_awarded(member)]}


def _award(award: BadgeAward) -> dict[str, Any]:
    return {
        "badge": str(award.badge.name),
        "since": award.granted_at.isoformat(),
        "for": say(award.event) if award.event is not None else None,
        "gone_since": award.revoked_at.isoformat() if award.revoked_at else None,
    }
