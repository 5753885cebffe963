"""What the brand writes: a post, its pictures, where and when it is meant to go out; and what helps to write it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Column, ForeignKey, Select, String, Table, Text, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Base, Model, Public, word_enum
from commons.media.models import Picture, Video
from commons.permissions import Permission
from community.channels.models import ChannelAccount

post_labels = Table(
    "post_label",
    Base.metadata,
    Column("post_id", ForeignKey("brand_post.id"), primary_key=True),
    Column("label_id", ForeignKey("label.id"), primary_key=True, index=True),
)


class BrandPost(Public, Model):
    """A post as the team writes it. Where it goes stands in its variants, how far it got in its deliveries.

    `more` are the further parts of a thread, `first_comment` is the brand's own under it, `notes` are for the team alone.

    `revision` counts saves: a save that began from an older one is refused instead of overwriting. `ad` is the writer's
    own word that this is advertising; a link to something for sale makes it so anyway (see `is_ad`). A post that `is_pattern`
    is what the posts of a series are made from; it never goes out itself.
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
    is_pattern: Mapped[bool] = mapped_column(default=False)
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
    labels: Mapped[list[Label]] = relationship(secondary=post_labels, order_by="Label.name", lazy="selectin")

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


class Label(Public, Model):
    """A word by which the team sorts its posts; readers never see it."""

    __tablename__ = "label"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    made_at: Mapped[datetime]


class PostVersion(Public, Model):
    """How a post stood at `saved_at`: the last of what `author` saved since `began_at` without long pauses.

    `content` is what `campaigns.posts.contents` makes of a post.
    """

    __tablename__ = "post_version"
    __table_args__ = (UniqueConstraint("post_id", "number"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("brand_post.id"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    began_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]

    post: Mapped[BrandPost] = relationship()
    author: Mapped[User] = relationship(lazy="joined")

    @classmethod
    def visible_to(cls, user: User) -> Select[PostVersion]:
        return (
            select(cls)
            .join(BrandPost)
            .where(BrandPost.id.in_(BrandPost.visible_to(user).with_only_columns(BrandPost.id)))
        )


class PostPresence(Model):
    """That somebody had a post open for writing at `seen_at`."""

    __tablename__ = "post_presence"
    __table_args__ = (UniqueConstraint("post_id", "user_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("brand_post.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    seen_at: Mapped[datetime]


class SnippetKind(enum.StrEnum):
    """A template is a whole text to begin with, hashtags are a set to put in."""

    TEMPLATE = "template"
    HASHTAGS = "hashtags"


class Snippet(Public, Model):
    """Words that the team uses again and again."""

    __tablename__ = "snippet"
    __table_args__ = (UniqueConstraint("kind", "name"),)

    kind: Mapped[SnippetKind] = mapped_column(word_enum(SnippetKind))
    name: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]

    changed_by: Mapped[User] = relationship(lazy="joined")

    @classmethod
    def visible_to(cls, user: User) -> Select[Snippet]:
        return select(cls).where(cls.id.is_not(None) if user.can(Permission.POST_WRITE) else false())
