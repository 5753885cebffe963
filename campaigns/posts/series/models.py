"""Posts that come again: the series, and what became of each of its days."""

from __future__ import annotations

import enum
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.posts.models import BrandPost
from campaigns.posts.series.recurring import Rule, parsed
from commons import zones
from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.permissions import Permission


class Series(Public, Model):
    """One text that goes out again and again: when the clock on the wall in `zone` shows `wall_time` on each day of `rule`.

    The `pattern` is a post that never goes out itself; the team writes on it like on any other. `content` is the pattern as
    it was when somebody last said that it holds, from which the posts are made: words half typed get into none of them.
    A series that was changed from some day on goes on in another one, which names it in `follows_id`.
    """

    __tablename__ = "series"

    name: Mapped[str] = mapped_column(String(120))
    pattern_id: Mapped[int] = mapped_column(ForeignKey("brand_post.id"), unique=True)
    content: Mapped[dict[str, Any]]
    rule: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    wall_time: Mapped[str] = mapped_column(String(5))
    zone: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    pattern: Mapped[BrandPost] = relationship()
    author: Mapped[User] = relationship()
    follows: Mapped[Series | None] = relationship(remote_side="Series.id")

    @property
    def url(self) -> str:
        return f"/posts/series/{self.public_id}"

    @property
    def recurrence(self) -> Rule:
        return parsed(self.rule)

    def wall_clock(self, day: date) -> datetime:
        """What the clock on the wall shows when its post of that day goes out."""
        return datetime.combine(day, time.fromisoformat(self.wall_time))

    @classmethod
    def visible_to(cls, user: User) -> Select[Series]:
        return select(cls) if user.can(Permission.POST_READ) else select(cls).where(false())


class DayState(enum.StrEnum):
    """`made`: there is a post. `skipped`: somebody left it out. `blocked`: it could not be made, and is tried again.

    `passed`: nothing was made in time, and nothing will be.
    """

    MADE = "made"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    PASSED = "passed"


class SeriesDay(Model):
    """What became of one day of a series; there is at most one for a day, and so at most one post.

    `content` and `wall_clock` are what the post was given. Where it says otherwise now somebody has edited it, and it is
    left like that whatever the series becomes.
    """

    __tablename__ = "series_day"
    __table_args__ = (UniqueConstraint("series_id", "day"),)

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    day: Mapped[date]
    state: Mapped[DayState] = mapped_column(word_enum(DayState))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("brand_post.id"), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    wall_clock: Mapped[str] = mapped_column(String(19), default="")
    zone: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")

    series: Mapped[Series] = relationship()
    post: Mapped[BrandPost | None] = relationship()

    def is_over(self, at: datetime) -> bool:
        """Whether the day has passed where the series is meant; then nothing can begin with it."""
        return self.day < zones.day_of(at, self.series.zone)
