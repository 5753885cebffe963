"""Which identities open which account: found, linked, unlinked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from commons import events
from commons.accounts import letters, names
from commons.accounts.identities import failures
from commons.accounts.identities.models import Identity
from commons.accounts.identities.providers import Proven, identified, label_of
from commons.accounts.models import User
from commons.db import db, random_id

LONGEST_NAME = 120


def identity_of(proven: Proven) -> Identity | None:
    """The identity as we know it, if somebody has come with it before."""
    query = select(Identity).where(Identity.issuer == proven.issuer, Identity.subject == proven.subject)
    return db.session.scalars(query).one_or_none()


def identities_of(user: User) -> Sequence[Identity]:
    """The ways into an account besides the password, oldest first; those into accounts that lead to it too."""
    return db.session.scalars(Identity.visible_to(user).order_by(Identity.id)).all()


def link(user: User, proven: Proven, at: datetime) -> Identity:
    """From now on the identity opens this account; its owner hears of it by mail. Linked already is success. Flushed.

    Raises `Elsewhere` when it opens another account.
    """
    known = identity_of(proven)
    if known is None:
        try:
            with db.session.begin_nested():
                known = attach(user, proven, at)
        except IntegrityError:  # somebody linked it in the same moment
            known = identity_of(proven)
        else:
            _tell("account.identity_linked", user, proven.provider, at)
            letters.identity_linked(user, label_of(proven.provider), at)
    if known is None or user.id not in {known.user_id, known.user.leads_to_id}:
        raise failures.elsewhere(label_of(proven.provider))
    use(known, proven, at)
    return known


def attach(user: User, proven: Proven, at: datetime) -> Identity:
    """The row alone. Flushed; raises IntegrityError when the identity is somebody's already."""
    identity = Identity(user=user, provider=proven.provider, issuer=proven.issuer, subject=proven.subject)
    identity.name, identity.linked_at, identity.used_at = _name(proven), at, at
    db.session.add(identity)
    db.session.flush()
    return identity


def use(identity: Identity, proven: Proven, at: datetime) -> None:
    """The identity was proven just now; the rooms that know what follows are told. Flushed."""
    identity.used_at, identity.name, identity.provider = at, _name(proven), proven.provider
    db.session.flush()
    for plug in identified:
        plug(identity.user, proven, at)


def unlink(identity: Identity, at: datetime) -> None:
    """The identity no longer opens the account. What was proven by it stays as it is. Flushed.

    Raises `LastWay` when the person could not sign in any more.
    """
    user = identity.user
    person = db.session.scalars(select(User).where(User.id == (user.leads_to_id or user.id)).with_for_update()).one()
    if not can_do_without(person):
        raise failures.last_way()
    if db.session.execute(delete(Identity).where(Identity.id == identity.id).returning(Identity.id)).scalar():
        _tell("account.identity_unlinked", user, identity.provider, at)
        letters.identity_unlinked(user, label_of(identity.provider), at)


def can_do_without(user: User) -> bool:
    """Whether the person could still sign in with one identity less: by password, or by another one."""
    mine = select(User).where((User.id == user.id) | (User.leads_to_id == user.id))
    if any(account.email and account.password_hash for account in db.session.scalars(mine)):
        return True
    return len(identities_of(user)) > 1


def _name(proven: Proven) -> str:
    return (names.clean(proven.name) or proven.subject)[:LONGEST_NAME]


def _tell(kind: str, user: User, provider: str, at: datetime) -> None:
    """A fact; of staff it stands in the audit log."""
    key, actor_id = f"{kind}:{user.public_id}:{random_id()}", user.id if user.is_staff else None
    events.track(kind, key=key, at=at, actor_id=actor_id, subject=user, payload={"provider": label_of(provider)})
