"""In which zone a member's days begin."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.zones import DEFAULT_ZONE
from community.members.models import Member


def zone_of(member: Member) -> str:
    """The zone of the member's account; the usual one for a member without account."""
    return member.user.zone if member.user is not None else DEFAULT_ZONE


def zones_of(member_ids: Collection[int]) -> dict[int, str]:
    """The zones of several members, in one query."""
    query = select(Member.id, User.zone).join(Member.user).where(Member.id.in_(member_ids))
    known = dict(db.session.execute(query).all())
    return {member_id: known.get(member_id, DEFAULT_ZONE) for member_id in member_ids}
