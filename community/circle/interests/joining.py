"""Joining a circle and leaving it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new
from commons.errors import Gone
from commons.permissions import Permission
from community.circle.interests.models import InterestCircle, Membership
from community.members.models import Member
from community.members.roster import member_of


def join(circle: InterestCircle, by: Member, at: datetime) -> None:
    """The member belongs to the circle. Already so: nothing happens. Only the first time is a joining for the rules."""
    if circle.closed_at is not None:
        raise Gone(_("This circle is closed."))
    if membership_of(circle, by) is not None:
        return
    row = {"circle_id": circle.id, "member_id": by.id, "joined_at": at}
    is_new = insert_new(Membership, row) is not None
    if not is_new:
        membership = _any(circle, by)
        membership.left_at, membership.joined_at = None, at
    kind = "circle.joined" if is_new else "circle.returned"
    _note(kind, circle, by, at)


def leave(circle: InterestCircle, by: Member, at: datetime) -> None:
    """The member belongs to it no longer; a host gives that up with it. What was written stays. Twice is once."""
    membership = membership_of(circle, by)
    if membership is None:
        return
    membership.left_at, membership.host_since = at, None
    _note("circle.left", circle, by, at)


def membership_of(circle: InterestCircle, member: Member | None) -> Membership | None:
    """How the member belongs to the circle; None: not, or no longer."""
    if member is None:
        return None
    query = select(Membership).where(Membership.circle_id == circle.id, Membership.member_id == member.id)
    return db.session.scalar(query.where(Membership.left_at.is_(None)))


def tends(user: User, circle: InterestCircle) -> bool:
    """Whether the account keeps order in the circle: its hosts, and staff who set circles up."""
    if not user.is_authenticated:
        return False
    if user.can(Permission.CIRCLE_MANAGE):
        return True
    return user.can(Permission.TAKE_PART) and is_host(circle, member_of(user))


def is_host(circle: InterestCircle, member: Member | None) -> bool:
    membership = membership_of(circle, member)
    return membership is not None and membership.host_since is not None


def circles_of(member: Member) -> Sequence[InterestCircle]:
    """The open circles the member belongs to, in the order of joining."""
    query = (
        select(InterestCircle)
        .join(Membership, Membership.circle_id == InterestCircle.id)
        .where(Membership.member_id == member.id, Membership.left_at.is_(None), InterestCircle.closed_at.is_(None))
    )
    return db.session.scalars(query.order_by(Membership.joined_at, Membership.id)).all()


def _any(circle: InterestCircle, member: Member) -> Membership:
    query = select(Membership).where(Membership.circle_id == circle.id, Membership.member_id == member.id)
    return db.session.scalars(query).one()


def _note(kind: str, circle: InterestCircle, member: Member, at: datetime) -> None:
    moment = "" if kind == "circle.joined" else f":{at.isoformat()}"
    events.track(
        kind,
        key=f"{kind}:{circle.public_id}:{member.public_id}{moment}",
        at=at,
        member_id=member.id,
        subject=circle,
        payload={"circle": {"zh": circle.name.zh, "en": circle.name.en}},
    )
