"""Looking on a network for a code that somebody posted there, where nothing brings it to us by itself.

None of these uses the database: no transaction is open while a network is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from commons.accounts.identities.providers import HandleName
from commons.config import Settings
from commons.db import db
from community.channels.models import ChannelAccount

MASTODON, WEIBO = "mastodon", "weibo"


@dataclass(frozen=True, slots=True)
class Posted:
    """Public words on a network: whose, what, and when they were last changed."""

    by: HandleName
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Places:
    """Where this house can look: at the address of a post on any instance of Mastodon, and as these accounts on Weibo."""

    mastodon: bool
    weibo: Sequence[ChannelAccount]

    @property
    def are_any(self) -> bool:
        return self.mastodon or bool(self.weibo)


def places() -> Places:
    """An instance is asked only in a house that has to do with Mastodon: fans have it call addresses that they type."""
    settings: Settings = current_app.extensions["settings"]
    on_mastodon = settings.sign_in.mastodon or bool(_connected(MASTODON))
    return Places(on_mastodon, _connected(WEIBO))


def _connected(channel: str) -> Sequence[ChannelAccount]:
    query = select(ChannelAccount).where(ChannelAccount.channel == channel, ChannelAccount.disconnected_at.is_(None))
    return db.session.scalars(query.order_by(ChannelAccount.id)).all()
