"""Connecting accounts: by what a person types, or by consent on the network's own pages; asking again; disconnecting."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from commons import events, zones
from commons.accounts.models import User
from commons.db import changed, db, random_id
from commons.errors import Conflict, Invalid
from community.channels import accounts
from community.channels.models import ChannelAccount, Consent
from community.channels.outcomes import SignIn, Trouble
from community.channels.protocol import Authorizing, Channel, Connection, known, network_named

CONSENT_LASTS = timedelta(minutes=30)


class NotConnected(Invalid):
    """The network did not let us in; the message says why in its words."""


class AnotherAccount(Conflict):
    """What answered is not the account that was to be connected again."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A consent that was begun: where to send the person, and the word that must come back."""

    address: str
    state: str


def connectable() -> list[Channel]:
    """The kinds of channel that accounts can be connected of."""
    return [channel for channel in known() if not channel.facts.transactional]


def ask(channel: str, values: Mapping[str, str], at: datetime) -> Connection:
    """Sign in at the network. No transaction is open meanwhile. Raises `NotConnected`."""
    db.session.commit()
    try:
        return network_named(channel).connect(values, at)
    except Trouble as trouble:
        raise _not_connected(trouble) from trouble


def begin_consent(
    channel: Authorizing, name: str, values: Mapping[str, str], redirect_uri: str, account: ChannelAccount | None,
    *, by: User, at: datetime,
) -> Begun:  # fmt: skip
    """Send somebody to the network. What must be remembered until he is back is kept encrypted. Flushed.

    Raises `NotConnected`.
    """
    user_id, account_id = by.id, account.id if account else None
    state = secrets.token_urlsafe(32)
    db.session.commit()
    try:
        address, kept = channel.authorize(values, redirect_uri, state)
    except Trouble as trouble:
        raise _not_connected(trouble) from trouble
    changed(delete(Consent).where(Consent.expires_at < at))
    consent = Consent(channel=name, account_id=account_id, user_id=user_id, state=_hash(state), kept=dict(kept))
    consent.typed, consent.expires_at = without_secrets(name, values), at + CONSENT_LASTS
    db.session.add(consent)
    db.session.flush()
    return Begun(address, state)


def take_consent(state: str, *, by: User, at: datetime) -> Consent:
    """The consent that comes back with `state`, which is used up by this. Commits. Raises `NotConnected`."""
    user_id = by.id
    db.session.rollback()  # the next statement begins a transaction, and by writing
    query = delete(Consent).where(Consent.state == _hash(state), Consent.user_id == user_id).returning(Consent)
    consent = db.session.scalar(query)
    if consent is not None:
        db.session.expunge(consent)
    db.session.commit()
    if consent is None or consent.expires_at < at:
        raise NotConnected(_("This consent was used already, or took too long."), _("Begin again."))
    return consent


def exchange(consent: Consent, code: str, redirect_uri: str, at: datetime) -> Connection:
    """Trade the code for an account. No transaction is open meanwhile. Raises `NotConnected`."""
    channel = network_named(consent.channel)
    assert isinstance(channel, Authorizing)
    try:
        return channel.exchange(consent.kept, code, redirect_uri, at)
    except Trouble as trouble:
        raise _not_connected(trouble) from trouble


def keep(
    connection: Connection, channel: str, typed: Mapping[str, Any], wanted_id: int | None, *, by: User, at: datetime
) -> ChannelAccount:
    """Keep an account that answered. Flushed. Raises `AnotherAccount` when one was to be connected again and it is not that."""
    actor_id = by.id
    db.session.rollback()
    changed(delete(Consent).where(Consent.expires_at < at))
    wanted = db.session.get(ChannelAccount, wanted_id) if wanted_id else None
    if wanted is not None and (wanted.channel, wanted.external_id) != (channel, connection.external_id):
        raise _another(connection.name, wanted.name)
    account = accounts.accept(connection, channel, at)
    account.typed = dict(typed)
    _tell("channel.connected", account, actor_id, at)
    return account


def check(account: ChannelAccount, at: datetime) -> str:
    """Ask the network how the account stands. Commits. What is wrong, in words; empty when all is well.

    Only a refused sign-in is written down as trouble: that a network does not answer says nothing about the account.
    """
    apart = accounts.apart(account)
    db.session.commit()
    try:
        connection = network_named(apart.channel).refresh(apart, at)
    except SignIn as refusal:
        accounts.refused(apart, refusal.words, at)
        db.session.commit()
        return refusal.words
    except Trouble as trouble:
        return trouble.words
    accounts.confirm(apart, connection, at)
    db.session.commit()
    return ""


def disconnect(account: ChannelAccount, *, by: User, at: datetime) -> None:
    """Forget how to sign in. What was planned and what stands there stays. Safe to call twice; flushed."""
    if account.disconnected_at is None:
        account.disconnected_at, account.credentials, account.trouble = at, None, ""
        account.expires_at = None
        _tell("channel.disconnected", account, by.id, at)


def set_zone(account: ChannelAccount, zone: str, *, by: User, at: datetime) -> None:
    """The zone in which its weekly slots are meant. Flushed."""
    if not zones.is_zone(zone):
        raise Invalid(_("“%(zone)s” is not a time zone.", zone=zone))
    if account.zone != zone:
        account.zone = zone
        _tell("channel.zone_set", account, by.id, at, zone=zone)


def without_secrets(channel: str, values: Mapping[str, str]) -> dict[str, str]:
    """What was typed, for next time."""
    open_fields = [field.name for field in network_named(channel).fields if field.kind != "secret"]
    return {name: values[name] for name in open_fields if values.get(name)}


def account_with(public_id: str) -> ChannelAccount | None:
    return db.session.scalar(select(ChannelAccount).where(ChannelAccount.public_id == public_id))


def _another(other: str, wanted: str) -> AnotherAccount:
    words = _("That is %(other)s, not %(wanted)s. Nothing was changed.", other=other, wanted=wanted)
    if other == wanted:
        words = _("That is not the place that %(wanted)s was connected to. Nothing was changed.", wanted=wanted)
    return AnotherAccount(words, _("Sign in there with the right account, or connect the other one as a new account."))


def _not_connected(trouble: Trouble) -> NotConnected:
    return NotConnected(trouble.words, _("Nothing was changed."))


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _tell(kind: str, account: ChannelAccount, actor_id: int, at: datetime, **more: str) -> None:
    db.session.flush()
    payload = {"account": account.name, "channel": account.channel, **more}
    events.track(
        kind,
        key=f"{kind}:{account.public_id}:{random_id()}",
        at=at,
        actor_id=actor_id,
        subject=account,
        payload=payload,
    )
