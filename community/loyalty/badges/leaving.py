"""A person's badges, for the export of one's data."""

from __future__ import annotations

from typing import Any

from commons.accounts.models import User
from community.loyalty.badges.cabinet import awards_of
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """Every badge that the person has, since when."""
    member = member_of(user)
    if member is None:
        return {}
    return {
        "badges": [
            {"badge": str(award.badge.name), "since": award.granted_at.isoformat()} for award in awards_of(member)
        ]
    }
