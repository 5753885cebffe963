"""A leaderboard for each circle that a member belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select

from commons.db import db
from community.circle.boards.slots import Group
from community.circle.interests.models import InterestCircle, Membership
from community.members.models import Member


def groups(member: Member) -> Sequence[Group]:
    """The open circles of the member, in the order of joining; its people are those who belong to it now."""
    query = select(InterestCircle).join(Membership, Membership.circle_id == InterestCircle.id)
    mine = query.where(Membership.member_id == member.id, Membership.left_at.is_(None))
    found = db.session.scalars(mine.where(InterestCircle.closed_at.is_(None)).order_by(Membership.joined_at))
    return [Group(circle.public_id, circle.name, _people(circle)) for circle in found]


def _people(circle: InterestCircle) -> Select[int]:
    return select(Membership.member_id).where(Membership.circle_id == circle.id, Membership.left_at.is_(None))
