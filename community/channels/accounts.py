"""The brand's accounts on channels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select, update

from commons.db import db
from community.channels.models import ChannelAccount, ChannelPost, ChannelPostPicture
from community.channels.protocol import Connection, Outgoing, Sent, known


def circle_account() -> ChannelAccount:
    """The one account of the circle; LookupError before the database was prepared."""
    account = account_of("circle", "circle")
    if account is None:
        raise LookupError("the circle has no account yet: run `flask prepare`")
    return account


def account_of(channel: str, external_id: str) -> ChannelAccount | None:
    """The account that a channel knows as `external_id`."""
    query = select(ChannelAccount).where(ChannelAccount.channel == channel, ChannelAccount.external_id == external_id)
    return db.session.scalar(query)


def connect(channel: str, external_id: str, name: str, at: datetime) -> ChannelAccount:
    """The account called so, made if it was not there. Safe to call twice; flushed."""
    account = account_of(channel, external_id)
    if account is None:
        account = ChannelAccount(channel=channel, external_id=external_id, name=name, connected_at=at)
        db.session.add(account)
        db.session.flush()
    return account


def accept(connection: Connection, channel: str, at: datetime) -> ChannelAccount:
    """Keep an account that has answered: a new one, or the same one connected again, with all that is planned on it."""
    account = connect(channel, connection.external_id, connection.name, at)
    account.name, account.address = connection.name[:120], connection.address[:300]
    account.credentials, account.facts = dict(connection.credentials), dict(connection.facts)
    account.expires_at, account.checked_at, account.trouble, account.disconnected_at = (
        connection.expires_at,
        at,
        "",
        None,
    )
    db.session.flush()
    return account


def confirm(asked: ChannelAccount, connection: Connection, at: datetime) -> None:
    """Keep what the channel has told of an account that was `asked` about (see `apart`). Flushed.

    How to sign in is not touched, and whoever has connected, checked or disconnected the account meanwhile knows better.
    """
    account = _as_it_was(asked)
    if account is not None:
        account.name, account.address = connection.name[:120], connection.address[:300]
        account.facts, account.expires_at = dict(connection.facts), connection.expires_at
        account.checked_at, account.trouble = at, ""
        db.session.flush()


def refused(asked: ChannelAccount, words: str, at: datetime) -> None:
    """The channel does not let us in with what the account signs in with. As `confirm` otherwise. Flushed."""
    account = _as_it_was(asked)
    if account is not None:
        account.trouble, account.checked_at = words[:300], at
        db.session.flush()


def _as_it_was(asked: ChannelAccount) -> ChannelAccount | None:
    """The account, locked, unless there is newer word of it than `asked` has."""
    query = select(ChannelAccount).where(
        ChannelAccount.id == asked.id,
        ChannelAccount.disconnected_at.is_(None),
        ChannelAccount.checked_at.is_not_distinct_from(asked.checked_at),
    )
    return db.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def renew(account: ChannelAccount, credentials: Mapping[str, Any], expires_at: datetime | None = None) -> None:
    """Keep credentials that a network has renewed while it was called, at once: no transaction is open then.

    An account that was disconnected meanwhile gets none: they were to be forgotten.
    """
    account.credentials, account.expires_at = dict(credentials), expires_at
    values = {"credentials": dict(credentials), "expires_at": expires_at}
    connected = (ChannelAccount.id == account.id, ChannelAccount.disconnected_at.is_(None))
    db.session.execute(update(ChannelAccount).where(*connected).values(**values))
    db.session.commit()


def credentials_now(account: ChannelAccount) -> dict[str, Any]:
    """The credentials as they are kept at this moment: another worker may have renewed them. No transaction stays open."""
    kept = db.session.scalar(select(ChannelAccount.credentials).where(ChannelAccount.id == account.id))
    db.session.rollback()
    return dict(kept or {})


def apart(account: ChannelAccount) -> ChannelAccount:
    """A copy that belongs to no transaction, for the time of a call."""
    names = [attribute.key for attribute in inspect(ChannelAccount).column_attrs]
    return ChannelAccount(**{name: getattr(account, name) for name in names})


def open_accounts() -> list[ChannelAccount]:
    """The accounts to which posts can go, the circle first."""
    query = select(ChannelAccount).where(
        ChannelAccount.channel.in_([channel.name for channel in known()]), ChannelAccount.disconnected_at.is_(None)
    )
    return sorted(db.session.scalars(query), key=lambda account: (account.channel != "circle", account.id))


def note_post(account: ChannelAccount, outgoing: Outgoing, sent: Sent, at: datetime) -> ChannelPost:
    """A post that stands on a network, as the rest of the house knows it. Flushed."""
    post = ChannelPost(
        account=account,
        external_id=sent.external_id[:128],
        text=outgoing.text,
        url=sent.url[:500],
        link_slug=outgoing.link_slug,
        campaign_id=outgoing.campaign_id,
        author_name=outgoing.author_name,
        published_at=at,
        recorded_at=at,
        facts={**sent.details, **({"ad": True} if outgoing.ad else {})},
        pictures=pictures_of(outgoing),
    )
    db.session.add(post)
    db.session.flush()
    return post


def pictures_of(outgoing: Outgoing) -> list[ChannelPostPicture]:
    return [
        ChannelPostPicture(picture_id=picture.id, position=position, alt=picture.alt)
        for position, picture in enumerate(outgoing.pictures)
    ]


def prepare(at: datetime) -> None:
    """What a fresh database needs from this room: the circle's account."""
    connect("circle", "circle", "圈子", at)
