"""What the room shows on the pages of others."""

from __future__ import annotations

from datetime import datetime

from commons.accounts.models import User
from commons.panels import Panel
from commons.permissions import Permission
from community.members.models import Member
from community.reviews import featuring, reading, words


def beside_the_feed(_user: User | None, at: datetime) -> Panel | None:
    """What is featured beside the feed."""
    found = featuring.showing("circle", at)
    return Panel("community/reviews/_featured.html", {"featured": found}, order=30) if found else None


def profile(member: Member, _at: datetime) -> Panel | None:
    """On a member's profile, for staff: how much of what he handed in stands how."""
    record = reading.record_of(member.id)
    if not any(record.values()):
        return None
    return Panel("community/reviews/_profile.html", {"record": record, "state_words": words.STATES}, order=70)


def today(user: User, at: datetime) -> Panel | None:
    """On the start page of the staff side: how much waits, and how much of it too long."""
    waiting = reading.waiting(user)
    if not waiting or not user.can(Permission.CONTENT_REVIEW):
        return None
    context = {"waiting": waiting, "overdue": reading.overdue(user, at)}
    return Panel("community/reviews/_today.html", context, order=40)
