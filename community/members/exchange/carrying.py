"""Carrying a row out: a new member or more about one that there is, all through the usual verbs."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update

from commons import events
from commons.accounts.models import User
from commons.db import changed, db, insert_new
from commons.errors import Conflict, NotAllowed
from commons.events import Evidence
from commons.permissions import Permission
from community.members import roster
from community.members.exchange import awaiting
from community.members.exchange.comparing import Compared
from community.members.exchange.models import MemberImport
from community.members.models import Handle, Member
from community.members.segments import following
from community.members.tags import naming, tagging

BROUGHT = "member.brought"


def carry_out(result: Compared, found: MemberImport, by: User, at: datetime) -> Member:
    """Write what the row adds. Raises what the verbs raise, and then some of it may be done."""
    if not by.can(Permission.MEMBER_WRITE):
        raise NotAllowed(_("You may not change members."))
    member = result.member or _bring_in(result, found, at)
    for channel, account in result.handles:
        _join(member, channel, account, at)
    if result.mail:
        awaiting.note(member, result.mail, found, at)
    for word in result.tags:
        tagging.put_on(naming.named(word, by=by, at=at), [member.id], by=by, at=at)
    if result.member is not None:
        following.touch([member.id], at)
    return member


def _bring_in(result: Compared, found: MemberImport, at: datetime) -> Member:
    """A member without an account, as the list says."""
    joined_at = result.meant.joined or at
    member = roster.stranger(result.meant.name, joined_at)
    key = f"member.joined:{member.public_id}"
    events.track("member.joined", key=key, at=joined_at, member_id=member.id, evidence=Evidence.STAFF)
    events.track(
        BROUGHT, key=f"{BROUGHT}:{member.public_id}", at=at, member_id=member.id, subject=found, evidence=Evidence.STAFF,
        payload={"name": found.name, "basis": found.basis},
    )  # fmt: skip
    return member


def _join(member: Member, channel: str, account: str, at: datetime) -> None:
    """The handle is the member's, whether it was seen before or not. Raises `Conflict` if somebody else has it by now."""
    row = {
        "channel": channel, "external_id": account, "name": account[:120], "member_id": member.id, "first_seen_at": at,
    }  # fmt: skip
    if insert_new(Handle, row) is not None:
        return
    free = (Handle.channel == channel, Handle.external_id == account, Handle.user_id.is_(None))
    mine = Handle.member_id.is_(None) | (Handle.member_id == member.id)
    if changed(update(Handle).where(*free, mine).values(member_id=member.id)) != 1:
        raise Conflict(_("“%(name)s” belongs to somebody else by now.", name=account), _("Import the list again."))
    db.session.expire_all()
