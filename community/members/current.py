"""The member behind the request."""

from __future__ import annotations

from flask import abort, g
from flask_login import current_user

from community.members.models import Member
from community.members.roster import member_of


def current_member() -> Member | None:
    """The signed-in fan as a member, looked up once per request; None for staff and for strangers."""
    if not current_user or not current_user.is_authenticated:
        return None
    kept: tuple[int, Member | None] | None = g.get("current_member")
    if kept is None or kept[0] != current_user.id:
        kept = g.current_member = (current_user.id, member_of(current_user))
    return kept[1]


def the_member() -> Member:
    """The member behind a request that only fans may make; 404 for an account that has no member."""
    member = current_member()
    if member is None:
        abort(404)
    return member
