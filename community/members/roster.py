"""Who belongs to the circle: enrolling a fan, and the handles by which the circle's own channel knows people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new, random_id
from community.members import slots
from community.members.models import Handle, Member

CIRCLE = "circle"
LONGEST_NAME = 60


def enrol(user: User, at: datetime) -> Member:
    """Make the fan `user` a member with a handle in the circle. A second call gives the same member.

    Whom the team knew before is that member from now on, under the name that the account has.
    """
    member = member_of(user) or _known_already(user, at)
    if member is None:
        row = {"public_id": random_id(), "user_id": user.id, "name": user.name, "joined_at": at, "card_public": False}
        insert_new(Member, row)
        member = db.session.scalars(select(Member).where(Member.user_id == user.id)).one()
        events.track("member.joined", key=f"member.joined:{member.public_id}", at=at, member_id=member.id)
    _handle(member.public_id, member.name, at, member_id=member.id)
    return member


def member_of(user: Any) -> Member | None:
    """The member behind an account; None for staff and for visitors who are not signed in."""
    if not user.is_authenticated:
        return None
    return db.session.scalars(select(Member).where(Member.user_id == user.id)).one_or_none()


def by_account(user_id: int) -> Member | None:
    """The member as whom an account acts now, also where it leads to another account."""
    account = db.session.get(User, user_id)
    return member_of(account.leads_to or account) if account is not None else None


def stranger(name: str, at: datetime) -> Member:
    """A member without an account, known since `at`, with a handle in the circle as every member has one."""
    row = {"public_id": random_id(), "name": name[:LONGEST_NAME], "joined_at": at, "card_public": False}
    member = db.session.get_one(Member, insert_new(Member, row))
    _handle(member.public_id, member.name, at, member_id=member.id)
    return member


def handle_of(member: Member) -> Handle:
    """The member's handle in the circle; every member has one."""
    query = select(Handle).where(Handle.channel == CIRCLE, Handle.external_id == member.public_id)
    return db.session.scalars(query).one()


def follow_name(user: User, _at: datetime) -> None:
    """The account goes by another name: so do the member and all that the person has in the circle."""
    member = member_of(user)
    if member is not None:
        member.name = user.name
    owner = Handle.member_id == member.id if member is not None else Handle.user_id == user.id
    for handle in db.session.scalars(select(Handle).where(Handle.channel == CIRCLE, owner)):
        handle.name = user.name
    db.session.flush()


def staff_handle(user: User, at: datetime) -> Handle:
    """The handle under which staff speak for the brand in the circle; made at the first word."""
    return _handle(user.public_id, user.name, at, user_id=user.id)


def _known_already(user: User, at: datetime) -> Member | None:
    member = next((found for plug in slots.known_already if (found := plug(user, at)) is not None), None)
    if member is not None:
        follow_name(user, at)
    return member


def _handle(external_id: str, name: str, at: datetime, **owner: int) -> Handle:
    query = select(Handle).where(Handle.channel == CIRCLE, Handle.external_id == external_id)
    handle = db.session.scalars(query).one_or_none()
    if handle is not None:
        return handle
    row = {"public_id": random_id(), "channel": CIRCLE, "external_id": external_id, "name": name, "first_seen_at": at}
    insert_new(Handle, row | owner)
    return db.session.scalars(query).one()
