"""The circles on the other pages of a fan: one query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, select

from commons.accounts.models import User
from commons.db import db
from commons.panels import Panel
from community.circle.interests.circles import words_since
from community.circle.interests.models import InterestCircle, Membership
from community.members.current import current_member
from community.members.models import Member

MOST = 5
TEMPLATE = "community/circle/interests/_panel.html"


def beside_the_feed(user: User | None, at: datetime) -> Panel | None:
    """The circles of the member who looks, or some to find; nothing while there are none."""
    return _panel(current_member() if user is not None else None, at)


def on_the_status_page(member: Member, at: datetime) -> Panel | None:
    """The member's own circles; for who belongs to none, some to find."""
    return _panel(member, at)


def _panel(member: Member | None, at: datetime) -> Panel | None:
    rows = _open_ones(member, at - timedelta(days=7))
    mine = [circle for circle, membership_id, _words in rows if membership_id is not None]
    shown = mine or [circle for circle, _none, _words in rows]
    words = {circle.id: number for circle, _membership_id, number in rows}
    return Panel(TEMPLATE, {"circles": shown, "words": words, "mine": bool(mine)}, order=30) if shown else None


def _open_ones(member: Member | None, since: datetime) -> Sequence[Row[InterestCircle, int | None, int]]:
    """Open circles, those of the member first, each with the key of the membership, and how much was said since then."""
    own = (Membership.circle_id == InterestCircle.id) & Membership.left_at.is_(None)
    query = (
        select(InterestCircle, Membership.id, words_since(since))
        .outerjoin(Membership, own & (Membership.member_id == (member.id if member is not None else None)))
        .where(InterestCircle.closed_at.is_(None))
        .order_by(Membership.id.is_(None), Membership.joined_at, InterestCircle.opened_at, InterestCircle.id)
    )
    return db.session.execute(query.limit(MOST)).all()
