"""What the profile of a member without account says of how the person can come to one."""

from __future__ import annotations

from datetime import datetime

from flask_login import current_user

from commons.accounts.addresses import masked
from commons.panels import Panel
from commons.permissions import Permission
from community.members.exchange.awaiting import awaited
from community.members.models import Member
from community.members.strangers import inviting


def profile(member: Member, at: datetime) -> Panel | None:
    """Nothing for whoever has an account."""
    if member.user_id is not None or not current_user.can(Permission.MEMBER_READ):
        return None
    known = awaited(member)
    told = {
        "member": member,
        "source": known.source if known is not None else None,
        "mail": masked(known.mail) if known is not None else "",
        "invited_at": inviting.last_invited(member),
        "hindrance": inviting.hindrance(member, at) if known is not None else None,
        "may_write": current_user.can(Permission.MEMBER_WRITE),
    }
    return Panel("community/members/strangers/_panel.html", told, order=2)
