"""Accounts on channels, and posts as they stand there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.crypto import EncryptedJson
from commons.db import BigId, Model, Public, index_of_filled
from commons.media.models import Picture
from commons.permissions import Permission
from commons.zones import DEFAULT_ZONE


class ChannelAccount(Public, Model):
    """The brand's account on a channel (`circle`, `mastodon` …, or `imported`).

    `facts` is what the channel told of itself and the account when it was last asked, at `checked_at`: limits, say.
    `expires_at` is when the credentials end by themselves; `trouble` says in words why they do not hold now. `typed` is what
    a person typed to connect it, less the secrets. `zone` is the one in which its weekly slots are meant. A disconnected
    account keeps its rows: connecting it again goes on with them.
    """

    __tablename__ = "channel_account"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    channel: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(120))
    credentials: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    connected_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(300), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    zone: Mapped[str] = mapped_column(String(64), default=DEFAULT_ZONE)
    expires_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(300), default="")
    disconnected_at: Mapped[datetime | None]
    typed: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @classmethod
    def visible_to(cls, user: User) -> Select[ChannelAccount]:
        """Whoever may read posts sees where they go; imported accounts are no places to post to."""
        places = select(cls).where(cls.channel != "imported")
        return places if user.can(Permission.POST_READ) else places.where(false())


class Consent(Model):
    """Somebody was sent to a network to agree there. `state` is the hash of the word that must come back with the answer.

    It belongs to one user and works once, until `expires_at`. `kept` is what the network's module needs to go on.
    """

    __tablename__ = "channel_consent"

    state: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("channel_account.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kept: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    typed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ChannelPost(Public, Model):
    """A post of the brand as it stands on a channel. The circle's feed is made of those of the circle's account.

    `campaign_id` is a plain number: this layer does not know campaigns. `link_slug` likewise names a tracked link.
    `url` is where it can be looked at, empty for our own. `facts` holds what came with it: label, platform counts, author
    facts, what the channel needs to find it again.
    """

    __tablename__ = "channel_post"
    __table_args__ = (
        UniqueConstraint("account_id", "external_id"),
        Index("ix_channel_post_account_id_published_at", "account_id", "published_at", "id"),
        index_of_filled("ix_channel_post_campaign_id", "campaign_id"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    external_id: Mapped[str] = mapped_column(String(128))
    text: Mapped[str] = mapped_column(Text)
    link_slug: Mapped[str | None] = mapped_column(String(64))
    campaign_id: Mapped[int | None] = mapped_column(BigId)
    author_name: Mapped[str] = mapped_column(String(120), default="")
    url: Mapped[str] = mapped_column(String(500), default="")
    published_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    account: Mapped[ChannelAccount] = relationship(lazy="joined")
    pictures: Mapped[list[ChannelPostPicture]] = relationship(order_by="ChannelPostPicture.position", lazy="selectin")


class ChannelPostPicture(Model):
    """A picture of a post, with the words for those who do not see it."""

    __tablename__ = "channel_post_picture"
    __table_args__ = (UniqueConstraint("post_id", "position"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("channel_post.id"))
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"))
    position: Mapped[int]
    alt: Mapped[str] = mapped_column(String(1500), default="")

    picture: Mapped[Picture] = relationship(lazy="joined")
