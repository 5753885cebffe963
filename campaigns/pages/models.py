"""A campaign's page: the draft that the team works on, its versions, and when which of them goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Model, Public, index_of_filled
from commons.permissions import Permission

Blocks = list[dict[str, Any]]
"""Blocks in their order, as JSON: `{"id": …, "kind": …, "fields": {…}}`."""


class CampaignPage(Public, Model):
    """What the team is working on. `revision` counts changes; a change that began from an older one is refused where both
    touched the same.
    """

    __tablename__ = "campaign_page"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), unique=True)
    draft: Mapped[list[Any]] = mapped_column(default=list)
    revision: Mapped[int] = mapped_column(default=0)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]

    campaign: Mapped[Campaign] = relationship()
    changed_by: Mapped[User] = relationship()


class PageEdit(Model):
    """How the draft stood after one change: what undoing goes back to, and what a stale editor is shown. Old ones go."""

    __tablename__ = "page_edit"
    __table_args__ = (UniqueConstraint("page_id", "revision"),)

    page_id: Mapped[int] = mapped_column(ForeignKey("campaign_page.id"))
    revision: Mapped[int]
    act: Mapped[str] = mapped_column(String(16))
    blocks: Mapped[list[Any]]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]

    by: Mapped[User] = relationship()


class PageVersion(Public, Model):
    """The draft as somebody kept it. Never changed."""

    __tablename__ = "page_version"
    __table_args__ = (UniqueConstraint("page_id", "number"),)

    page_id: Mapped[int] = mapped_column(ForeignKey("campaign_page.id"))
    number: Mapped[int]
    blocks: Mapped[list[Any]]
    note: Mapped[str] = mapped_column(String(200), default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]

    page: Mapped[CampaignPage] = relationship()
    made_by: Mapped[User] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[PageVersion]:
        return select(cls) if user.can(Permission.CAMPAIGN_READ) else select(cls).where(false())


class Publication(Public, Model):
    """That a version is to be the page from `due_at` on, meant as `wall_clock` in `zone`; it is since `published_at`.

    The page that fans see is the version that was published last. One that was `cancelled_at` never comes.
    """

    __tablename__ = "page_publication"
    __table_args__ = (
        Index("ix_page_publication_page_id_published_at", "page_id", "published_at"),
        index_of_filled("ix_page_publication_live_due_at", "live_due_at"),
    )

    page_id: Mapped[int] = mapped_column(ForeignKey("campaign_page.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("page_version.id"))
    wall_clock: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]
    live_due_at: Mapped[datetime | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    page: Mapped[CampaignPage] = relationship()
    version: Mapped[PageVersion] = relationship()
    by: Mapped[User] = relationship()

    @property
    def is_planned(self) -> bool:
        return self.published_at is None and self.cancelled_at is None

    @classmethod
    def visible_to(cls, user: User) -> Select[Publication]:
        return select(cls) if user.can(Permission.CAMPAIGN_READ) else select(cls).where(false())


class PageShare(Public, Model):
    """A secret address under which somebody without an account sees the draft until `ends_at`. Of the secret itself only
    its SHA-256 is kept.
    """

    __tablename__ = "page_share"

    page_id: Mapped[int] = mapped_column(ForeignKey("campaign_page.id"), index=True)
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    page: Mapped[CampaignPage] = relationship()
    made_by: Mapped[User] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[PageShare]:
        return select(cls) if user.can(Permission.CAMPAIGN_WRITE) else select(cls).where(false())

    def is_over(self, at: datetime) -> bool:
        return self.ended_at is not None or self.ends_at <= at


class PageMedia(Model):
    """A picture or a video that some draft of the page showed: it is kept as long as the page, for its versions."""

    __tablename__ = "page_media"
    __table_args__ = (
        UniqueConstraint("page_id", "picture_id"),
        UniqueConstraint("page_id", "video_id"),
        CheckConstraint("(picture_id IS NULL) <> (video_id IS NULL)", name="one_of_the_two"),
    )

    page_id: Mapped[int] = mapped_column(ForeignKey("campaign_page.id"))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"), index=True)
    video_id: Mapped[int | None] = mapped_column(ForeignKey("video.id"), index=True)
