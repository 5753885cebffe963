"""Tags, who has them, and acts on many members that take their time."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, String, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Base, BigId, Model, Public, word_enum
from commons.permissions import Permission

LONGEST = 40


class Tag(Public, Model):
    """A word that staff put on members.

    `folded` is the name as it is compared, so that no two tags differ only in case or width. A tag that is gone has none;
    if it was merged into another, whoever still asks about it is led there.
    """

    __tablename__ = "member_tag"

    name: Mapped[str] = mapped_column(String(LONGEST))
    folded: Mapped[str | None] = mapped_column(String(LONGEST * 2), unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("member_tag.id"))

    made_by: Mapped[User] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[Tag]:
        """Staff who may read profiles see all that are not gone."""
        if user.is_authenticated and user.can(Permission.MEMBER_READ):
            return select(cls).where(cls.gone_at.is_(None))
        return select(cls).where(false())


class Tagging(Base):
    """That a member has a tag, since when, and who put it there."""

    __tablename__ = "member_tagging"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("member_tag.id"), primary_key=True, index=True)
    put_at: Mapped[datetime]
    put_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Act(enum.StrEnum):
    """What is done to many members at once."""

    PUT_ON = "put_on"
    TAKE_OFF = "take_off"
    MERGE = "merge"
    REMOVE = "remove"


class TagRun(Public, Model):
    """One act on many members, piece by piece. `chosen` says which: see `choosing`; `up_to` is the last one looked at.

    `changed` counts those for whom it made a difference. A merge carries the tag's members over to `into`.
    """

    __tablename__ = "member_tag_run"

    act: Mapped[Act] = mapped_column(word_enum(Act))
    tag_id: Mapped[int] = mapped_column(ForeignKey("member_tag.id"), index=True)
    into_id: Mapped[int | None] = mapped_column(ForeignKey("member_tag.id"))
    chosen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    wanted: Mapped[int] = mapped_column(default=0)
    looked_at: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    up_to: Mapped[int] = mapped_column(BigId, default=0)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    tag: Mapped[Tag] = relationship(foreign_keys=[tag_id])
    into: Mapped[Tag | None] = relationship(foreign_keys=[into_id])
    made_by: Mapped[User] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[TagRun]:
        """Staff who may tag see all of them."""
        if user.is_authenticated and user.can(Permission.MEMBER_WRITE):
            return select(cls)
        return select(cls).where(false())
