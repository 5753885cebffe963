"""What a person changes about the own account."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from commons import events
from commons.accounts import addresses, letters, mailed, recovering, sessions, signing_up, slots
from commons.accounts.mailed import Purpose
from commons.accounts.models import SignIn, User
from commons.db import db
from commons.errors import Conflict


def rename(user: User, name: str, at: datetime) -> None:
    """A new name; the rooms that show one of their own are told."""
    if name != user.name:
        user.name = name
        for renaming in slots.renaming:
            renaming(user, at)


def change_password(user: User, password: str, at: datetime, keep: SignIn | None) -> None:
    """A new password; every browser but `keep` is signed out."""
    recovering.set_password(user, password, at)
    sessions.end_all(user, at, but=keep)
    if user.is_staff:
        key = f"staff.password_changed:{user.public_id}:{at.timestamp():.6f}"
        events.track("staff.password_changed", key=key, at=at, actor_id=user.id, subject=user)


def ask_new_address(user: User, email: str, at: datetime) -> None:
    """Mail a link to the new address; it takes the place of the old one when it is confirmed there.

    Somebody else's address gets a notice instead, and the person who asked cannot tell.
    """
    email = addresses.normal(email)
    owner = signing_up.account_of(email)
    if owner is user:
        return
    if owner is not None and owner.confirmed_at is not None:
        letters.already_here(owner, at)
    else:
        letters.confirm_new_address(user, email, mailed.issue(user, Purpose.ADDRESS, at, email=email), at)


def take_new_address(token: str, at: datetime) -> User:
    """The new address is proven. Raises `Gone`, and `Conflict` when somebody else has it by now."""
    used = mailed.redeem(token, Purpose.ADDRESS, at)
    user, former, email = used.user, used.user.email, used.email
    other = signing_up.account_of(email or "")
    if other is not None and other is not user:
        signing_up.give_way(other, at)
    try:
        with db.session.begin_nested():
            user.email = email
    except IntegrityError as error:
        raise Conflict(_("This address belongs to another account by now.")) from error
    if former and former != email:
        letters.address_changed(user, former, at)
    mailed.void(user, Purpose.RESET, at)
    return user
