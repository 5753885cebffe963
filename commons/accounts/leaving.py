"""Taking one's data along, and going for good."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from commons import events
from commons.accounts import administrators, names, sessions, slots
from commons.accounts.models import Invitation, MailToken, SignIn, User
from commons.db import db
from commons.errors import NotAllowed
from commons.zones import DEFAULT_ZONE


def export(user: User, at: datetime) -> dict[str, Any]:
    """Everything that is known about the person, room by room, ready for JSON."""
    whole: dict[str, Any] = {"made_at": at.isoformat(), "account": _account(user), "browsers": _browsers(user)}
    for exporting in slots.exporting:
        whole.update(exporting(user))
    return whole


def erase(user: User, at: datetime) -> None:
    """The person leaves for good: see `forget`. A second time changes nothing. Raises `NotAllowed` for the last administrator."""
    if user.erased_at is not None:
        return
    if administrators.is_last(user):
        raise NotAllowed(_("You are the last administrator."), _("Make a colleague administrator first."))
    forget(user, at)
    events.track("account.erased", key=f"account.erased:{user.public_id}", at=at, actor_id=user.id, subject=user)


def forget(user: User, at: datetime) -> None:
    """Erase every personal field, in all rooms; the row stays as the stub that ledgers and facts speak of."""
    for erasing in reversed(tuple(slots.erasing)):  # upper rooms first: they know the person by what lower rooms let go
        erasing(user, at)
    _forget_mail(user)
    sessions.end_all(user, at)
    db.session.execute(update(SignIn).where(SignIn.user_id == user.id).values(browser=""))
    user.email = user.password_hash = user.language = None
    user.name, user.zone = names.ERASED, DEFAULT_ZONE
    user.erased_at = at
    user.ended_at = user.ended_at or at
    db.session.flush()
    db.session.expire(user, ["name"])


def _forget_mail(user: User) -> None:
    db.session.execute(delete(MailToken).where(MailToken.user_id == user.id))
    db.session.execute(update(Invitation).where(Invitation.user_id == user.id).values(email=""))


def _account(user: User) -> dict[str, Any]:
    return {
        "id": user.public_id,
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "language": user.language,
        "time_zone": user.zone,
        "created_at": user.created_at.isoformat(),
        "confirmed_at": user.confirmed_at.isoformat() if user.confirmed_at else None,
    }


def _browsers(user: User) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(SignIn).where(SignIn.user_id == user.id).order_by(SignIn.id))
    return [
        {
            "browser": row.browser,
            "started_at": row.started_at.isoformat(),
            "seen_at": row.seen_at.isoformat(),
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in rows
    ]
