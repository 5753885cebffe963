"""What chains show on the pages of other rooms, and in the export of one's data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from campaigns.chains import reading
from campaigns.chains.models import Bringing
from commons.accounts.models import User
from commons.db import db
from commons.panels import Panel
from community.members.models import Member
from community.members.roster import member_of


def profile(member: Member, _at: datetime) -> Panel | None:
    """On a member's profile, for staff: who brought the member, and how many the member brought."""
    came, brought = reading.brought_by(member), reading.directly(member)
    if came is None and not brought:
        return None
    return Panel("campaigns/chains/_profile.html", {"member": member, "came": came, "brought": brought}, order=72)


def export(user: User) -> dict[str, Any]:
    """By whom the person was brought is somebody else's; that and when, and how many the person brought, is told."""
    member = member_of(user)
    if member is None:
        return {"chains": {"brought": [], "by_me": []}}
    mine = select(Bringing).order_by(Bringing.id)
    return {
        "chains": {
            "brought": [_step(row) for row in db.session.scalars(mine.where(Bringing.member_id == member.id))],
            "by_me": [_step(row) for row in db.session.scalars(mine.where(Bringing.by_member_id == member.id))],
        }
    }


def _step(row: Bringing) -> dict[str, str | None]:
    return {
        "campaign": row.campaign.title if row.campaign else None,
        "way": row.way.value,
        "at": row.brought_at.isoformat(),
    }
