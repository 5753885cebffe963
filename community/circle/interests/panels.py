"""The circles on the other pages of a fan."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.panels import Panel
from community.circle.interests.circles import lines
from community.circle.interests.joining import circles_of
from community.circle.interests.models import InterestCircle
from community.members.models import Member
from community.members.roster import member_of

MOST = 5
TEMPLATE = "community/circle/interests/_panel.html"


def beside_the_feed(user: User | None, at: datetime) -> Panel | None:
    """The circles of the member, or some to find; nothing while there are none."""
    member = member_of(user) if user is not None else None
    mine = list(circles_of(member)) if member is not None else []
    shown = mine or _some()
    return Panel(TEMPLATE, {"lines": lines(shown[:MOST], at), "mine": bool(mine)}, order=30) if shown else None


def on_the_status_page(member: Member, at: datetime) -> Panel | None:
    """The member's own circles; for who belongs to none, some to find."""
    return beside_the_feed(member.user, at)


def _some() -> list[InterestCircle]:
    query = select(InterestCircle).where(InterestCircle.closed_at.is_(None)).order_by(InterestCircle.opened_at)
    return list(db.session.scalars(query.limit(MOST)))
