"""What the brand writes: a post, its pictures, where and when it is meant to go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ForeignKey, Select, String, Text, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Model, Public
from commons.media.models import Picture, Video
from commons.permissions import Permission
from community.channels.models import ChannelAccount


class BrandPost(Public, Model):
    """A post as the team writes it. Where it goes stands in its variants, how far it got in its deliveries.

    `more` are the further parts of a thread, `first_comment` is the brand's own under it, `notes` are for the team alone.

    `revision` counts saves: a save that began from an older one is refused instead of overwriting. `ad` is the writer's
    own word that this is advertising; a link to something for sale makes it so anyway (see `is_ad`).
    """

    __tablename__ = "brand_post"

    text: Mapped[str] = mapped_column(Text, default="")
    more: Mapped[list[Any]] = mapped_column(default=list)
    first_comment: Mapped[str] = mapped_column(Text, default="")
    content_warning: Mapped[str] = mapped_column(String(500), default="")
    language: Mapped[str] = mapped_column(String(16), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    video_id: Mapped[int | None] = mapped_column(ForeignKey("video.id"))
    video_alt: Mapped[str] = mapped_column(String(1500), default="")
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"))
    ad: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    discarded_at: Mapped[datetime | None]

    campaign: Mapped[Campaign | None] = relationship()
    link: Mapped[Link | None] = relationship()
    author: Mapped[User] = relationship()
    video: Mapped[Video | None] = relationship()
    variants: Mapped[list[PostVariant]] = relationship(
        order_by="PostVariant.id", cascade="all, delete-orphan", lazy="selectin"
    )
    pictures: Mapped[list[PostPicture]] = relationship(
        order_by="PostPicture.position", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def is_ad(self) -> bool:
        """Whether readers are told that this is an ad."""
        return self.ad or (self.link is not None and sells(self.link.target))

    @property
    def url(self) -> str:
        return f"/posts/{self.public_id}"

    @classmethod
    def visible_to(cls, user: User) -> Select[BrandPost]:
        if not user.can(Permission.POST_READ):
            return select(cls).where(false())
        return select(cls).where(cls.discarded_at.is_(None))

    @classmethod
    def discarded_for(cls, user: User) -> Select[BrandPost]:
        """Those that were thrown away and may be taken back."""
        return select(cls).where(cls.discarded_at.is_not(None) if user.can(Permission.POST_WRITE) else false())


def sells(target: str) -> bool:
    """Whether an address leads to a page of ours where something is bought."""
    return urlsplit(target).path.startswith("/groupbuys/")


class PostVariant(Model):
    """That a post goes to an account, and what is said otherwise there.

    What is None follows the post; what is not was edited for this account and stays so whatever the post becomes.
    """

    __tablename__ = "post_variant"
    __table_args__ = (UniqueConstraint("post_id", "account_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("brand_post.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    text: Mapped[str | None] = mapped_column(Text)
    more: Mapped[list[Any] | None]
    first_comment: Mapped[str | None] = mapped_column(Text)
    content_warning: Mapped[str | None] = mapped_column(String(500))

    account: Mapped[ChannelAccount] = relationship(lazy="joined")


class PostPicture(Model):
    """A picture in a post, with the words for those who do not see it."""

    __tablename__ = "post_picture"
    __table_args__ = (UniqueConstraint("post_id", "picture_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("brand_post.id"))
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"))
    position: Mapped[int]
    alt: Mapped[str] = mapped_column(String(1500), default="")

    picture: Mapped[Picture] = relationship(lazy="joined")
