"""Carrying a row out: a new member or more about one that there is, all through the usual verbs."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new
from commons.errors import Conflict, NotAllowed
from commons.events import Evidence
from commons.permissions import Permission
from community.members import roster
from community.members.exchange import awaiting
from community.members.exchange.comparing import Compared
from community.members.exchange.models import MemberImport
from community.members.merging import joining
from community.members.merging.models import Proof
from community.members.models import Handle, Member
from community.members.profiles import allowing, answers
from community.members.profiles.models import Purpose, Source, Way
from community.members.segments import following
from community.members.tags import naming, tagging

BROUGHT = "member.brought"


def carry_out(result: Compared, found: MemberImport, by: User, at: datetime) -> Member:
    """Write what the row adds. Raises what the verbs raise, and then some of it may be done."""
    if not by.can(Permission.MEMBER_WRITE):
        raise NotAllowed(_("You may not change members."))
    member = result.member or _bring_in(result, found, at)
    for channel, account in result.handles:
        _join(member, channel, account, found, by, at)
    if result.mail:
        awaiting.note(member, result.mail, found, at)
    for word in result.tags:
        tagging.put_on(naming.named(word, by=by, at=at), [member.id], by=by, at=at)
    if result.agrees_to_mail:
        allowing.give(member.id, Purpose.MAIL, Way.LIST, at)
    if result.answers:
        _tell(member, result, found, by, at)
    if result.member is not None:
        following.touch([member.id], at)
    return member


def _tell(member: Member, result: Compared, found: MemberImport, by: User, at: datetime) -> None:
    """What the list says of the person; if it says so, also that the person agreed to that."""
    if result.consents:
        allowing.give(member.id, Purpose.PROFILE, Way.LIST, at)
    answers.bring(member, result.answers, Source.IMPORT, at, by=by, basis=found.basis)


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


def _join(member: Member, channel: str, account: str, found: MemberImport, by: User, at: datetime) -> None:
    """The handle is the member's with all that was done under it. Raises `Conflict` if somebody else has it by now."""
    row = {"channel": channel, "external_id": account, "name": account[:120], "first_seen_at": at}
    insert_new(Handle, row)
    same = select(Handle).where(Handle.channel == channel, Handle.external_id == account)
    handle = db.session.scalars(same.execution_options(populate_existing=True)).one()
    if handle.member_id not in {None, member.id}:
        raise Conflict(_("“%(name)s” belongs to somebody else by now.", name=account), _("Import the list again."))
    joining.join_handle(handle, member, by=by, at=at, proof=Proof.STAFF, reason=found.basis)
    db.session.expire(member, ["handles"])
