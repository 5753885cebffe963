"""Checking who somebody is."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from commons import events
from commons.accounts import sessions, signing_up
from commons.accounts.models import User
from commons.accounts.passwords import password_fits
from commons.errors import DomainError


class WrongPair(DomainError):
    """No such account, a wrong password, or access that was ended: the same words for all three."""


class NotConfirmed(DomainError):
    """The password is right and the mail address not yet proven."""


def check(email: str, password: str) -> User:
    """The account that this pair opens. Raises `WrongPair`, `NotConfirmed`."""
    user = signing_up.account_of(email)
    fits = password_fits(user, password)
    if user is None or not fits or user.ended_at is not None or user.erased_at is not None:
        raise WrongPair(_("The email address and the password do not match."))
    if user.confirmed_at is None:
        raise NotConfirmed(_("Your email address is not confirmed yet."))
    return user


def sign_in(email: str, password: str, at: datetime, browser: str) -> User:
    """Check the pair and sign this browser in. A sign-in of staff is a fact for the audit log."""
    user = check(email, password)
    enter(user, at, browser)
    return user


def enter(user: User, at: datetime, browser: str) -> None:
    """Sign this browser in as `user`, who has proven it."""
    sessions.begin(user, at, browser)
    if user.is_staff:
        key = f"staff.signed_in:{user.public_id}:{at.timestamp():.6f}"
        events.track(
            "staff.signed_in", key=key, at=at, actor_id=user.id, subject=user, payload={"browser": browser[:80]}
        )
