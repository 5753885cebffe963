"""Secrets that were sent by mail: each works once, for one purpose, for a while."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from commons.accounts import tokens
from commons.accounts.models import MailToken, User
from commons.db import db
from commons.errors import Gone


class Purpose(enum.StrEnum):
    """What the person proves by having the mail."""

    CONFIRM = "confirm"
    RESET = "reset"
    ADDRESS = "address"


LIFETIMES = {
    Purpose.CONFIRM: timedelta(days=3),
    Purpose.RESET: timedelta(hours=1),
    Purpose.ADDRESS: timedelta(days=1),
}


def issue(user: User, purpose: Purpose, at: datetime, email: str | None = None) -> str:
    """A new secret for `purpose`; earlier ones of the same purpose stop working."""
    void(user, purpose, at)
    token = tokens.fresh()
    row = MailToken(user=user, purpose=purpose, email=email, token_hash=tokens.hash_of(token), made_at=at)
    row.expires_at = at + LIFETIMES[purpose]
    db.session.add(row)
    db.session.flush()
    return token


def look(token: str, purpose: Purpose, at: datetime) -> MailToken:
    """The secret that still works; raises `Gone`. Looking does not use it up: mail scanners look too."""
    found = find(token, purpose)
    if found is None or found.used_at is not None or at >= found.expires_at:
        raise gone()
    return found


def redeem(token: str, purpose: Purpose, at: datetime) -> MailToken:
    """Use the secret up; raises `Gone` when it is over. Of two at once, one succeeds."""
    still_good = (MailToken.used_at.is_(None), MailToken.expires_at > at, MailToken.purpose == purpose)
    query = update(MailToken).where(MailToken.token_hash == tokens.hash_of(token), *still_good).values(used_at=at)
    used = db.session.scalars(query.returning(MailToken)).one_or_none()
    if used is None:
        raise gone()
    return used


def find(token: str, purpose: Purpose) -> MailToken | None:
    """The row of a secret, whether or not it still works."""
    query = select(MailToken).where(MailToken.token_hash == tokens.hash_of(token), MailToken.purpose == purpose)
    return db.session.scalars(query).one_or_none()


def void(user: User, purpose: Purpose, at: datetime) -> None:
    """Nothing that was mailed to the person for `purpose` works any more."""
    query = update(MailToken).where(MailToken.user_id == user.id, MailToken.purpose == purpose)
    db.session.execute(query.where(MailToken.used_at.is_(None)).values(used_at=at))


def gone() -> Gone:
    """Why a link that is used, too old or invented opens nothing."""
    return Gone(_("This link has been used or is too old"), _("Ask for a new one; it arrives by email in a moment."))
