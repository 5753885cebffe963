"""The real-time lane: hot topics, the ideas drawn from them, and the target of the stopwatch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Select, String, Text, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.posts.models import BrandPost
from commons.accounts.models import User
from commons.db import Model, Public
from commons.permissions import Permission

TARGET_MINUTES = 20


class HotTopic(Public, Model):
    """Something that people talk about right now, seen at `seen_at`. It ends live, or is dropped with a reason."""

    __tablename__ = "hot_topic"

    title: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(2000), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    seen_at: Mapped[datetime] = mapped_column(index=True)
    seen_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    dropped_at: Mapped[datetime | None]
    dropped_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    dropped_reason: Mapped[str] = mapped_column(String(300), default="")

    seen_by: Mapped[User] = relationship(foreign_keys=[seen_by_id], lazy="joined")
    dropped_by: Mapped[User | None] = relationship(foreign_keys=[dropped_by_id], lazy="joined")
    ideas: Mapped[list[Idea]] = relationship(back_populates="topic", order_by="Idea.id", lazy="selectin")

    @property
    def url(self) -> str:
        return f"/lane/{self.public_id}"

    @classmethod
    def visible_to(cls, user: User) -> Select[HotTopic]:
        """Whoever may read posts sees what they come from."""
        return select(cls) if user.can(Permission.POST_READ) else select(cls).where(false())


class Idea(Public, Model):
    """A post drawn from a topic at `drawn_at`. How far it got stands with the post."""

    __tablename__ = "lane_idea"

    topic_id: Mapped[int] = mapped_column(ForeignKey("hot_topic.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("brand_post.id"), unique=True)
    drawn_at: Mapped[datetime]
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    topic: Mapped[HotTopic] = relationship(back_populates="ideas")
    post: Mapped[BrandPost] = relationship(lazy="joined")
    drawn_by: Mapped[User] = relationship(lazy="joined")

    @classmethod
    def visible_to(cls, user: User) -> Select[Idea]:
        return select(cls) if user.can(Permission.POST_READ) else select(cls).where(false())


class LaneTarget(Model):
    """In how many minutes a topic should be live: the newest row counts."""

    __tablename__ = "lane_target"

    minutes: Mapped[int] = mapped_column(default=TARGET_MINUTES)
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
