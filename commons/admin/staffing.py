"""Who works here: roles, and the end of access."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from commons import events
from commons.accounts import administrators, sessions
from commons.accounts.models import Invitation, SignIn, User
from commons.db import db
from commons.errors import Invalid, NotAllowed
from commons.permissions import GRANTS, Role


def people() -> Sequence[User]:
    """All staff, those with access first, by name."""
    query = select(User).where(User.role != Role.FAN, User.erased_at.is_(None))
    return db.session.scalars(query.order_by(User.ended_at.is_not(None), User.name, User.id)).all()


def invitations() -> Sequence[Invitation]:
    """Invitations that nobody has taken up and nobody has withdrawn, newest first."""
    waiting = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    return db.session.scalars(select(Invitation).where(*waiting).order_by(Invitation.invited_at.desc())).all()


def last_seen(people: Sequence[User]) -> dict[int, datetime]:
    """When each of them last used a browser here."""
    query = select(SignIn.user_id, func.max(SignIn.seen_at)).where(SignIn.user_id.in_([user.id for user in people]))
    return dict(db.session.execute(query.group_by(SignIn.user_id)).all())


def change_role(user: User, role: Role, by: User, at: datetime) -> None:
    """Give `user` another staff role; where rights shrink, the person is signed out everywhere.

    Raises `Invalid`, and `NotAllowed` for oneself and for the last administrator.
    """
    _refuse(user, by)
    if not role.is_staff:
        raise Invalid(_("Choose one of the staff roles."))
    former = user.role
    if former is role:
        return
    if former is Role.ADMINISTRATOR:
        _keep_one(user)
    user.role = role
    db.session.flush()
    if GRANTS[former] - GRANTS[role]:
        sessions.end_all(user, at)
    _track("staff.role_changed", user, by, at, former=former, role=role)


def end_access(user: User, by: User, at: datetime) -> None:
    """The person is signed out everywhere and cannot sign in any more. What was done stays under the name."""
    _refuse(user, by)
    if user.ended_at is not None:
        return
    if user.role is Role.ADMINISTRATOR:
        _keep_one(user)
    user.ended_at = at
    sessions.end_all(user, at)
    db.session.flush()
    _track("staff.access_ended", user, by, at)


def restore_access(user: User, by: User, at: datetime) -> None:
    """The person may sign in again, with the role of before."""
    _refuse(user, by)
    if user.ended_at is not None:
        user.ended_at = None
        db.session.flush()
        _track("staff.access_restored", user, by, at)


def _refuse(user: User, by: User) -> None:
    if user.id == by.id:
        raise NotAllowed(_("You cannot change your own access."), _("Ask another administrator."))
    if not user.is_staff or user.erased_at is not None:
        raise Invalid(_("This account is not one of staff."))


def _keep_one(user: User) -> None:
    if administrators.is_last(user):
        raise NotAllowed(_("This is the last administrator."), _("Make a colleague administrator first."))


def _track(kind: str, user: User, by: User, at: datetime, **payload: Any) -> None:
    key = f"{kind}:{user.public_id}:{at.timestamp():.6f}"
    events.track(kind, key=key, at=at, actor_id=by.id, subject=user, payload=payload)
