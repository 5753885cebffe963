"""Whoever signs in with a network has proven the handle there."""

from __future__ import annotations

from datetime import datetime

from commons.accounts.identities.providers import Proven
from commons.accounts.models import User
from commons.errors import DomainError
from community.handles import joining
from community.members.merging.models import Proof
from community.members.roster import by_account


def follow(user: User, proven: Proven, at: datetime) -> None:
    """The handle of a proven identity is the fan's. Flushed.

    Where it cannot be joined the person is signed in all the same; the page of handles says what stands in the way.
    """
    member = by_account(user.id)
    if proven.handle is None or member is None or member.user is None:
        return
    handle = joining.known_handle(proven.handle, at)
    try:
        joining.prove(handle, member, Proof.NETWORK, by=member.user, at=at)
    except DomainError:
        return
