"""A forgotten password: a link by mail, a new password, and every browser signed out."""

from __future__ import annotations

from datetime import datetime

from commons.accounts import letters, mailed, sessions, signing_up
from commons.accounts.mailed import Purpose
from commons.accounts.models import User
from commons.accounts.passwords import hash_password


def ask(email: str, at: datetime) -> None:
    """Mail a link for a new password. For an address without an account nothing happens, and nobody can tell."""
    user = signing_up.account_of(email)
    if user is None or user.ended_at is not None or user.erased_at is not None:
        return
    if user.confirmed_at is None:
        signing_up.send_link(user, at)
    else:
        letters.reset_password(user, mailed.issue(user, Purpose.RESET, at), at)


def reset(token: str, password: str, at: datetime) -> User:
    """Set the new password and sign the person out everywhere. Raises `Gone`."""
    user = mailed.redeem(token, Purpose.RESET, at).user
    set_password(user, password, at)
    sessions.end_all(user, at)
    return user


def set_password(user: User, password: str, at: datetime) -> None:
    """Keep a new password; links mailed for the old one stop working, and the owner hears of it."""
    user.password_hash = hash_password(password)
    mailed.void(user, Purpose.RESET, at)
    letters.password_changed(user, at)
