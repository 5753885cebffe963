"""Coming by a code: at sign-up, by the link, or within two weeks after it. A use is taken in one conditional UPDATE."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import has_request_context, session
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, or_, select, update

from commons import events
from commons.accounts.models import User
from commons.accounts.slots import INVITED_WITH
from commons.db import changed, db, insert_new
from commons.errors import Conflict, DomainError, Gone, Invalid
from commons.events import Evidence
from community.loyalty import accounts
from community.members.models import Member
from community.members.roster import member_of
from community.notices.telling import tell
from community.seed_users import codes
from community.seed_users.models import Acceptance, Claim, InvitationCode, SeedUser
from community.seed_users.naming import PLACE

WITHIN = timedelta(days=14)


class OwnCode(Invalid):
    """Nobody invites himself."""


class AlreadyInvited(Conflict):
    """Somebody else's code was counted before."""


class TooLate(Gone):
    """The member has been here for too long to have come by a code."""


def accept(member: Member, code: InvitationCode, at: datetime) -> Acceptance:
    """The member came by this code: both sides are facts. The same code again is the same acceptance.

    `OwnCode`, `AlreadyInvited`, `TooLate`, or `CodeOver` where the last use went to somebody else in this moment.
    """
    inviter = code.seed_user.member
    known = acceptance_of(member)
    if known is not None and known.code_id == code.id:
        return known
    against = refusal(member, code, at)
    if against is not None:
        raise against
    with db.session.begin_nested():
        accounts.lock([member.id, inviter.id])  # in the order in which whoever pays locks them
        row = {"member_id": member.id, "inviter_id": inviter.id, "code_id": code.id, "accepted_at": at}
        acceptance_id = insert_new(Acceptance, row)
        if acceptance_id is None:
            raise _already()
        _take(code, at)
    acceptance = db.session.get_one(Acceptance, acceptance_id)
    _tell_both(acceptance, at)
    return acceptance


def refusal(member: Member, code: InvitationCode, at: datetime) -> DomainError | None:
    """Why this member cannot come by this code, whatever state the code is in; None when nothing stands against it."""
    inviter = code.seed_user.member
    if inviter.id == member.id:
        return OwnCode(_("This is your own code."), _("Give it to somebody who is not in the circle yet."))
    if acceptance_of(member) is not None:
        return _already()
    if not in_time(member, at):
        words = _("An invitation code counts within %(days)s days after signing up.", days=WITHIN.days)
        return TooLate(words, _("You are in the circle anyway; there is nothing you need to do."))
    if member.joined_at < inviter.joined_at:
        return TooLate(_("You were in the circle before the person whose code this is."))
    return None


def in_time(member: Member, at: datetime) -> bool:
    """Whether the member signed up so short a time ago that a code would still count."""
    return at - member.joined_at <= WITHIN


def acceptance_of(member: Member) -> Acceptance | None:
    """By which code the member came, if by one."""
    return db.session.scalars(select(Acceptance).where(Acceptance.member_id == member.id)).one_or_none()


def show_name(acceptance: Acceptance, shown: bool) -> None:
    """Whether the inviter sees who came."""
    acceptance.name_shown = shown
    db.session.flush()


def check(typed: str, at: datetime) -> None:
    """For the sign-up form: raises `UnknownCode` or `CodeOver` where nobody could come by what was typed."""
    codes.usable(typed, at)


def remember(user: User, at: datetime) -> None:
    """Keep with which code somebody signs up at this moment; of several sign-ups with one address the newest counts."""
    code = codes.find(session.get(INVITED_WITH, ""))
    db.session.execute(delete(Claim).where(Claim.user_id == user.id))
    if code is not None:
        insert_new(Claim, {"user_id": user.id, "code_id": code.id, "claimed_at": at})


def welcome(user: User, at: datetime) -> None:
    """The account counts now, and so does the code: the one typed at sign-up, or the one of the link somebody came by.

    A code that is over by now keeps nobody out: the new fan is told.
    """
    member, code = member_of(user), _brought_along(user)
    if member is None or code is None:
        return
    try:
        codes.usable(code.code, at)
        accept(member, code, at)
    except DomainError:
        details = {"code": code.shown}
        tell(member.id, "invitation.missed", key=f"invitation.missed:{code.id}:{member.id}", at=at, url=PLACE,
             details=details)  # fmt: skip


def _brought_along(user: User) -> InvitationCode | None:
    claim = db.session.scalars(select(Claim).where(Claim.user_id == user.id)).one_or_none()
    by_link = session.pop(INVITED_WITH, "") if has_request_context() else ""
    if claim is None:
        return codes.find(by_link) if by_link else None
    code = claim.code
    db.session.delete(claim)
    db.session.flush()
    return code


def _take(code: InvitationCode, at: datetime) -> None:
    """One use less, unless there is none left at this very moment."""
    taken = changed(update(InvitationCode).where(*_free(code, at)).values(used=InvitationCode.used + 1))
    db.session.refresh(code)
    if not taken:
        raise codes.over(code, at)


def _free(code: InvitationCode, at: datetime) -> tuple[ColumnElement[bool], ...]:
    inviting = select(SeedUser.id).where(SeedUser.ended_at.is_(None))
    return (
        InvitationCode.id == code.id,
        InvitationCode.used < InvitationCode.most,
        InvitationCode.revoked_at.is_(None),
        or_(InvitationCode.expires_at.is_(None), InvitationCode.expires_at > at),
        InvitationCode.seed_user_id.in_(inviting),
    )


def _tell_both(acceptance: Acceptance, at: datetime) -> None:
    """A fact about each of the two, with the other behind it: who came, and who brought somebody."""
    sides = (
        ("invitation.accepted", acceptance.member_id, acceptance.inviter_id),
        ("invitation.brought", acceptance.inviter_id, acceptance.member_id),
    )
    for kind, member_id, other_id in sides:
        events.track(
            kind,
            key=f"{kind}:{acceptance.id}",
            at=at,
            member_id=member_id,
            subject=acceptance,
            evidence=Evidence.TRACKED_LINK,
            payload={"by_member_id": other_id},
        )
        tell(member_id, kind, key=f"{kind}:{acceptance.id}", at=at, url=PLACE)


def _already() -> AlreadyInvited:
    return AlreadyInvited(_("You came by another invitation; one counts."))
