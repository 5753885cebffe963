"""Inviting a member who has no account to open one: by mail, with the person's consent, and under the cap on messages."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, DomainError, NotAllowed
from commons.events import Event, Evidence
from commons.i18n import date_words, moment_words
from commons.permissions import Permission
from community.members.exchange.awaiting import awaited
from community.members.models import Member
from community.members.profiles import consents
from community.members.profiles.models import Purpose
from community.members.strangers import letters
from community.notices import capping

INVITED = "member.invited"
AGAIN_AFTER = timedelta(days=30)


def invite(member: Member, *, by: User, at: datetime) -> None:
    """Mail the invitation to the address under which the member is awaited. Raises what `hindrance` gives, or `NotAllowed`."""
    if not by.can(Permission.MEMBER_WRITE):
        raise NotAllowed(_("You may not change members."))
    consents.hold(member.id)
    db.session.refresh(member)
    reason = hindrance(member, at)
    if reason is not None:
        raise reason
    known = awaited(member)
    if known is None or not capping.claim(member, at):
        raise _not_now(member, at)
    key = f"{INVITED}:{member.public_id}:{at.timestamp():.6f}"
    events.track(INVITED, key=key, at=at, member_id=member.id, actor_id=by.id, subject=member, evidence=Evidence.STAFF)
    letters.invitation(member, known.mail, at)


def hindrance(member: Member, at: datetime) -> DomainError | None:
    """Why no invitation can go out at this moment, and what to do; None when one can."""
    if member.user_id is not None:
        return Conflict(_("This person has an account already."))
    if awaited(member) is None:
        return Conflict(_("No mail address is known."), _("A list of members can bring one."))
    if not consents.given(member.id, Purpose.MAIL):
        advice = _("If the person did, a list of members can say so in its column “Consent to mail”.")
        return NotAllowed(_("This person has not agreed to be written to."), advice)
    last = last_invited(member)
    if last is not None and at < last + AGAIN_AFTER:
        day = date_words(last + AGAIN_AFTER)
        return Conflict(
            _("An invitation went out on %(day)s.", day=date_words(last)), _("Another may on %(day)s.", day=day)
        )
    return _not_now(member, at) if capping.next_moment(member, at) > at else None


def last_invited(member: Member) -> datetime | None:
    """When the newest invitation went out."""
    query = select(func.max(Event.occurred_at)).where(Event.member_id == member.id, Event.kind == INVITED)
    return db.session.scalar(query)


def _not_now(member: Member, at: datetime) -> Conflict:
    moment = moment_words(capping.next_moment(member, at))
    return Conflict(_("No message may go out to this person now."), _("The next one may on %(moment)s.", moment=moment))
