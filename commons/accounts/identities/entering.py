"""From a proven identity to an account: known, new, or one that has the same mail address already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from commons.accounts import names, signing_up, slots
from commons.accounts.identities import failures, linking
from commons.accounts.identities.providers import Proven
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role

TRIES = 3


class KnownAddress(Exception):
    """The provider answers for an address that has an account here. Its owner must open that account once."""

    def __init__(self, owner: User) -> None:
        super().__init__(owner.public_id)
        self.owner = owner


@dataclass(frozen=True)
class Opened:
    """The account that an identity opens, and whether it was made just now."""

    user: User
    is_new: bool = False


def open_account(proven: Proven, *, language: str, zone: str, at: datetime) -> Opened:
    """The account of a proven identity; the first time a fan's is made. Flushed.

    An address counts only when the provider has verified it; whoever has none lives without. Raises `KnownAddress` when a
    confirmed account has the address, and `NotIdentified` when the account's access was ended.
    """
    for _try in range(TRIES):
        # The address first: whoever comes in the same moment writes account and identity together, and seeing the
        # account but not yet its identity would send the person to confirm what is already theirs.
        owner = signing_up.account_of(proven.verified_email) if proven.verified_email else None
        known = linking.identity_of(proven)
        if known is not None:
            _refuse_closed(known.user)
            linking.use(known, proven, at)
            return Opened(known.user)
        if owner is not None and not signing_up.give_way(owner, at):
            raise KnownAddress(owner)
        try:
            with db.session.begin_nested():
                user = _make(proven, language, zone, at)
        except IntegrityError:  # somebody came in the same moment, with this identity or this address: look again
            continue
        return Opened(user, is_new=True)
    raise failures.down(proven.provider)


def welcome(user: User, proven: Proven, at: datetime) -> None:
    """Tell the rooms that there is a new fan, and by which identity."""
    for signed_up in slots.signed_up:
        signed_up(user, at)
    signing_up.welcome(user, at)
    identity = linking.identity_of(proven)
    if identity is not None:
        linking.use(identity, proven, at)


def _make(proven: Proven, language: str, zone: str, at: datetime) -> User:
    user = User(
        email=proven.verified_email or None,
        name=_name(proven.name),
        role=Role.FAN,
        language=language,
        zone=zone,
        created_at=at,
        confirmed_at=at,
    )
    db.session.add(user)
    db.session.flush()
    linking.attach(user, proven, at)
    return user


def _name(given: str) -> str:
    name = names.clean(given)[: names.LONGEST]
    return name if names.has_letter(name) else str(_("New fan"))


def _refuse_closed(user: User) -> None:
    if not user.is_active:
        raise failures.closed()
