"""The way to a provider and back: begun in one browser, good for one answer, for a quarter of an hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from commons.accounts import tokens
from commons.accounts.identities import failures
from commons.accounts.identities.models import IdentityRequest, Purpose
from commons.accounts.identities.providers import HandleName, Proven, Provider
from commons.accounts.models import User
from commons.db import changed, db

LASTS = timedelta(minutes=15)
KNOWN_LASTS = timedelta(minutes=30)
LONGEST_NEXT = 300


def begin(
    provider: Provider, where: str, purpose: Purpose, redirect_uri: str, browser: str,
    *, user_id: int | None, next_page: str, at: datetime,
) -> str:  # fmt: skip
    """The address to send the person to. `browser` is the secret of this browser's session. Commits, then flushes.

    No transaction is open while the provider is asked. Raises a `NotIdentified`.
    """
    db.session.commit()
    state = tokens.fresh()
    departure = provider.depart(where, redirect_uri, state, at)
    forget_old(at)
    row = IdentityRequest(state=tokens.hash_of(state), browser=tokens.hash_of(browser), provider=provider.name)
    row.purpose, row.user_id, row.kept = purpose, user_id, dict(departure.kept)
    row.next, row.expires_at = next_page if len(next_page) <= LONGEST_NEXT else "", at + LASTS
    db.session.add(row)
    db.session.flush()
    return departure.address


def take(state: str, browser: str, provider: str, at: datetime) -> IdentityRequest:
    """What was begun with this word, in this browser, with this provider; it is used up by this. Commits. Raises `Over`."""
    db.session.rollback()  # the next statement begins a transaction, and by writing
    mine = (IdentityRequest.state == tokens.hash_of(state), IdentityRequest.browser == tokens.hash_of(browser))
    query = delete(IdentityRequest).where(*mine, IdentityRequest.purpose != Purpose.KNOWN).returning(IdentityRequest)
    found = db.session.scalar(query)
    if found is not None:
        db.session.expunge(found)
    db.session.commit()
    if found is None or found.expires_at < at or found.provider != provider:
        raise failures.over()
    return found


def wait_for_owner(proven: Proven, owner: User, browser: str, at: datetime, next_page: str = "") -> None:
    """Keep a proven identity until the owner of its mail address has opened the account. The newest counts. Flushed.

    What else the provider told of the person is not kept: nobody has agreed to that.
    """
    forget_waiting(browser)
    row = IdentityRequest(state=tokens.hash_of(tokens.fresh()), browser=tokens.hash_of(browser))
    row.provider, row.purpose, row.user = proven.provider, Purpose.KNOWN, owner
    row.kept, row.next, row.expires_at = asdict(replace(proven, told={})), next_page, at + KNOWN_LASTS
    db.session.add(row)
    db.session.flush()


def waiting(browser: str, at: datetime) -> IdentityRequest | None:
    """What waits in this browser for the owner of an address."""
    query = select(IdentityRequest).where(
        IdentityRequest.browser == tokens.hash_of(browser),
        IdentityRequest.purpose == Purpose.KNOWN,
        IdentityRequest.expires_at > at,
    )
    return db.session.scalars(query).first()


def proven_of(request: IdentityRequest) -> Proven:
    """The identity that waits."""
    kept: Mapping[str, Any] = request.kept
    handle = HandleName(**kept["handle"]) if kept["handle"] else None
    return Proven(**{**kept, "handle": handle})


def forget_waiting(browser: str) -> None:
    """Nothing waits in this browser any more."""
    mine = (IdentityRequest.browser == tokens.hash_of(browser), IdentityRequest.purpose == Purpose.KNOWN)
    changed(delete(IdentityRequest).where(*mine))


def forget_old(at: datetime) -> None:
    """Let go of what nobody came back for."""
    changed(delete(IdentityRequest).where(IdentityRequest.expires_at < at))
