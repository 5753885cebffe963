"""The brand's accounts as the connection pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commons.accounts.models import User
from commons.db import db
from commons.panels import Panel
from commons.permissions import Permission
from community.channels.models import ChannelAccount
from community.channels.protocol import Channel, channel_named
from community.channels.standing import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One account, its kind of channel (None: no longer known), and how it stands."""

    account: ChannelAccount
    channel: Channel | None
    standing: Standing

    @property
    def is_ours(self) -> bool:
        return self.channel is not None and self.channel.facts.transactional

    @property
    def can_reconnect(self) -> bool:
        return self.channel is not None and not self.is_ours


def entry_of(account: ChannelAccount, at: datetime) -> Entry:
    try:
        channel: Channel | None = channel_named(account.channel)
    except LookupError:
        channel = None
    return Entry(account, channel, standing_of(account, at))


def listed(user: User, at: datetime) -> list[Entry]:
    """All accounts that `user` may see: the circle first, then by name."""
    accounts = db.session.scalars(ChannelAccount.visible_to(user)).unique().all()
    entries = [entry_of(account, at) for account in accounts]
    return sorted(entries, key=lambda entry: (not entry.is_ours, entry.account.channel, entry.account.name))


def trouble_panel(user: User, at: datetime) -> Panel | None:
    """On the start page: accounts that must be connected again, or soon; nothing when all is well."""
    if not user.can(Permission.CHANNEL_MANAGE):
        return None
    entries = [
        entry for entry in listed(user, at) if entry.account.disconnected_at is None and not entry.standing.is_well
    ]
    return Panel("community/channels/_trouble_panel.html", {"entries": entries}, 8) if entries else None
