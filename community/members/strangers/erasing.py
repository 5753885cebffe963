"""Erasing a member who has no account and so cannot do it: the same as when somebody leaves, done by staff on request."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from commons import events
from commons.accounts import leaving, names
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid, NotAllowed
from commons.events import Evidence
from commons.permissions import Permission, Role
from community.members.merging import finding
from community.members.models import Member

ERASED = "member.erased"


def erase(member: Member, *, by: User, reason: str, at: datetime) -> None:
    """Names, addresses, answers and words of the person go; a stub keeps ledgers and counts in balance. Twice is once.

    Every room lets go of a person by way of the account, so the member gets one for the time of this, which nobody can open.
    Raises `NotAllowed`, `Invalid` without a reason, and `Conflict` for a member who has an account or is part of another one.
    """
    if not by.can(Permission.MEMBER_WRITE):
        raise NotAllowed(_("You may not change members."))
    reason = names.clean(reason)
    if not names.has_letter(reason):
        raise Invalid(_("This needs a reason."), _("Write in a few words why."))
    now = finding.closed(member)[0]
    if member.erased_at is not None:
        return
    if now is not member or member.user_id is not None:
        raise Conflict(
            _("This person has an account by now."), _("Only the person can delete it, on the page of the account.")
        )
    account = User(name=names.ERASED, role=Role.FAN, created_at=at)
    db.session.add(account)
    member.user = account
    db.session.flush()
    leaving.forget(account, at)
    events.track(
        ERASED, key=f"{ERASED}:{member.public_id}", at=at, member_id=member.id, actor_id=by.id, subject=member,
        evidence=Evidence.STAFF, payload={"reason": reason},
    )  # fmt: skip
