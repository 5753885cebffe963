"""What a member's profile says about handles and other selves, and what the fan's status page does."""

from __future__ import annotations

from datetime import datetime

from flask_login import current_user

from commons.panels import Panel
from commons.permissions import Permission
from community.members.merging import finding, likely
from community.members.models import Member


def profile(member: Member, _at: datetime) -> Panel | None:
    """How many are part of this member, who may be the same person, and the way to join and split; for who may change members."""
    if not current_user.can(Permission.MEMBER_WRITE):
        return None
    facts = {"member": member, "merges": finding.merges_into(member), "likely": likely.same_as(member)}
    return Panel("community/members/merging/_profile.html", facts, order=40)


def status(_member: Member, _at: datetime) -> Panel | None:
    """The way to one's own memberships."""
    return Panel("community/members/merging/_status.html", {}, order=95)
