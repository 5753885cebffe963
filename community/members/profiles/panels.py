"""The profile on the pages of other rooms."""

from __future__ import annotations

from datetime import datetime

from flask_login import current_user

from commons.panels import Panel
from commons.permissions import Permission
from community.members.models import Member
from community.members.profiles import choices, offering, reading, wording


def profile(member: Member, at: datetime) -> Panel | None:
    """For staff, on a member's page: the record that the member sees, with sources and consents."""
    if not current_user.can(Permission.MEMBER_READ):
        return None
    context = {
        "member": member,
        "profile": reading.profile(member, at),
        "value_words": choices.words,
        "source_words": wording.SOURCES,
        "may_enter": current_user.can(Permission.MEMBER_WRITE),
    }
    return Panel("community/members/profiles/_panel.html", context, order=5)


def status(member: Member, at: datetime) -> Panel | None:
    """For the fan: that something a sign-in provider told waits for a word."""
    offer = offering.offer_to(member, at)
    return Panel("community/members/profiles/_status.html", {"offer": offer}, order=5) if offer is not None else None
