"""From a form to a fan: an account that counts only once the mail address is proven."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from commons.accounts import addresses, letters, mailed, slots
from commons.accounts.mailed import Purpose
from commons.accounts.models import User
from commons.accounts.passwords import hash_password
from commons.db import changed, db
from commons.permissions import Role


def sign_up(name: str, email: str, password: str, language: str, zone: str, at: datetime) -> User:
    """Make an unconfirmed fan and mail the link that confirms it.

    An address that is taken is no error: its owner is told by mail, and nobody else can tell. Of an address that was never
    confirmed the newest sign-up counts.
    """
    email = addresses.normal(email)
    hashed = hash_password(password)
    user = account_of(email) or _make(email, at)
    if _change_unconfirmed(user, at, name=name, password_hash=hashed, language=language, zone=zone):
        send_link(user, at)
    else:
        letters.already_here(user, at)
    return user


def send_link(user: User, at: datetime) -> None:
    """Mail the confirming link, again if need be; only the newest works. Nothing for who is confirmed already."""
    if user.confirmed_at is None and user.ended_at is None and user.email:
        letters.confirm_address(user, mailed.issue(user, Purpose.CONFIRM, at), at)


def send_link_again(email: str, at: datetime) -> None:
    """The same by address; an unknown or a confirmed one gets nothing, and nobody can tell."""
    user = account_of(email)
    if user is not None:
        send_link(user, at)


def confirm(token: str, at: datetime) -> User:
    """The address is proven: the account counts from now on. Raises `Gone`. A second time it is a success that changes nothing."""
    known = mailed.find(token, Purpose.CONFIRM)
    if known is not None and known.used_at is not None and known.user.is_active:
        return known.user
    user = mailed.redeem(token, Purpose.CONFIRM, at).user
    if user.confirmed_at is None:
        _count(user, at)
    return user


def confirm_anew(token: str, password: str, at: datetime) -> User:
    """The same for who reads the mail in another browser than the form was sent from: this password counts, not that of the form.

    Raises `Gone`, also when the address is confirmed already.
    """
    hashed = hash_password(password)
    user = mailed.redeem(token, Purpose.CONFIRM, at).user
    db.session.refresh(user)  # as it is now that the link is ours alone
    if user.confirmed_at is not None:
        raise mailed.gone()
    user.password_hash = hashed
    _count(user, at)
    return user


def welcome(user: User, at: datetime) -> None:
    """Tell the rooms that there is a new fan."""
    if user.role is Role.FAN:
        for became_fan in slots.became_fan:
            became_fan(user, at)


def give_way(user: User, at: datetime) -> bool:
    """A sign-up that was never confirmed leaves its address to who proved it: anybody may have typed it, with any password.

    False for what is confirmed, be it in this very moment: it keeps the address. Flushed.
    """
    return _change_unconfirmed(user, at, email=None)


def account_of(email: str) -> User | None:
    """The account with this mail address, however it is capitalised."""
    return db.session.scalars(select(User).where(User.email == addresses.normal(email))).one_or_none()


def _make(email: str, at: datetime) -> User:
    """A bare account; the one that somebody else made in the same moment if there is one."""
    user = User(email=email, name="", role=Role.FAN, created_at=at)
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:
        return db.session.scalars(select(User).where(User.email == email)).one()
    return user


def _change_unconfirmed(user: User, at: datetime, **values: str | None) -> bool:
    """Change a sign-up, whose link stops working; False for what is confirmed."""
    mailed.void(user, Purpose.CONFIRM, at)  # waits for whoever is just confirming
    count = changed(update(User).where(User.id == user.id, User.confirmed_at.is_(None)).values(**values))
    db.session.refresh(user)
    return count == 1


def _count(user: User, at: datetime) -> None:
    user.confirmed_at = at
    db.session.flush()
    welcome(user, at)
