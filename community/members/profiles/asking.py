"""Asking a guardian: the member names an address, a mail with a link goes there, not too often."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, select

from commons.accounts import addresses
from commons.crypto import derived_key
from commons.db import db
from commons.errors import Conflict, Gone, Invalid
from commons.events import Event
from community.members.models import Member
from community.members.profiles import consents, guardians, letters
from community.members.profiles.models import Guardianship, Purpose

MOST_MAILS_A_DAY = 3


def name(member: Member, email: str, at: datetime) -> None:
    """The member names the guardian's address, or another one; a mail with a link goes there, and older links end.

    Raises `Invalid` for the member's own address, `Conflict` when it was decided, or for too many mails in a day.
    """
    guardianship = _undecided(member)
    email = addresses.normal(email)
    if not addresses.is_address(email):
        raise Invalid(_("That is not an email address."))
    if member.user is not None and _mailbox(email) == _mailbox(member.user.email or ""):
        raise Invalid(_("That is your own address. Enter the address of your guardian."))
    guardianship.email, guardianship.serial = email, guardianship.serial + 1
    _mail(guardianship, at)


def remind(member: Member, at: datetime) -> None:
    """The same link once more. Raises as `name` does."""
    guardianship = _undecided(member)
    if not guardianship.email:
        raise Conflict(_("No guardian is named yet."))
    _mail(guardianship, at)


def ask_for(guardianship: Guardianship, purpose: Purpose, at: datetime) -> None:
    """One purpose more: the guardian hears of it by mail, unless there were too many today; it stands on the page anyway."""
    if purpose in guardianship.purposes:
        return
    guardianship.wanted = [one.value for one in Purpose if one in {*guardianship.purposes, purpose}]
    db.session.flush()
    if guardianship.email and _mails_today(guardianship.member_id, at) < MOST_MAILS_A_DAY:
        _mail(guardianship, at)


def ask_no_more_for(guardianship: Guardianship, purpose: Purpose) -> None:
    guardianship.wanted = [one.value for one in guardianship.purposes if one is not purpose]
    db.session.flush()


def token_of(guardianship: Guardianship) -> str:
    """What opens the guardian's page; nobody else can make it, and a new address ends it."""
    return str(_signer().dumps([guardianship.public_id, guardianship.serial]))


def look(token: str, at: datetime) -> Guardianship:
    """What a link speaks of; raises `Gone` for one that opens nothing (any more)."""
    try:
        public_id, serial = _signer().loads(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise _over() from error
    query = select(Guardianship).where(Guardianship.public_id == public_id, Guardianship.serial == serial)
    guardianship = db.session.scalars(query.where(Guardianship.lifted_at.is_(None))).one_or_none()
    if guardianship is None or guardianship.state(at) == "expired":
        raise _over()
    return guardianship


def _undecided(member: Member) -> Guardianship:
    consents.hold(member.id)
    guardianship = guardians.needed(member.id)
    if guardianship is None:
        raise Conflict(_("No guardian has to agree for you."))
    if guardianship.decision is not None:
        raise Conflict(_("Your guardian has decided already."))
    return guardianship


def _mail(guardianship: Guardianship, at: datetime) -> None:
    member = guardianship.member
    if _mails_today(member.id, at) >= MOST_MAILS_A_DAY:
        raise Conflict(_("Enough mails for today"), _("Try again tomorrow."))
    guardianship.asked_at = at
    db.session.flush()
    guardians.track("member.guardian_asked", member, at)
    letters.asked(guardianship, token_of(guardianship), at)


def _mails_today(member_id: int, at: datetime) -> int:
    sent = select(func.count(Event.id)).where(Event.member_id == member_id, Event.kind == "member.guardian_asked")
    return db.session.scalar(sent.where(Event.occurred_at > at - timedelta(days=1))) or 0


def _mailbox(email: str) -> str:
    """The address without what some mail servers ignore, so that nobody is the own guardian by a trick."""
    local, _at, domain = addresses.normal(email).partition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def _over() -> Gone:
    return Gone(_("This link does not work any more"), _("Whoever sent it to you can have a new one mailed."))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(derived_key("guardians"))
