"""What payments show on the pages of other rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaigns.payments import mismatching, reading, wording
from campaigns.payments.slots import words_of
from commons.accounts.models import User
from commons.db import db
from commons.panels import Panel
from commons.permissions import Permission
from community.members.models import Member

FEW = 10


def today(user: User, _at: datetime) -> Panel | None:
    """On the start page of the staff side: what waits for a person."""
    if not user.can(Permission.PAYMENT_WRITE):
        return None
    context = {"mismatches": mismatching.open_count(), "refunds": reading.waiting_refunds()}
    return Panel("campaigns/payments/_today.html", context, order=56) if any(context.values()) else None


def profile(member: Member, _at: datetime) -> Panel | None:
    """On a member's profile, for staff: the newest payments."""
    payments = db.session.scalars(reading.of_member(member).limit(FEW)).all()
    context: dict[str, Any] = {"payments": payments, "states": wording.STATES, "words_of": words_of}
    return Panel("campaigns/payments/_profile.html", context, order=61) if payments else None


def waiting(_user: User) -> int:
    """How much waits for a person, for the navigation."""
    return mismatching.open_count() + reading.waiting_refunds()
