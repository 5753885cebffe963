"""What members are told."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public, index_of_filled, word_enum
from community.members.models import Member


class Medium(enum.StrEnum):
    """How a notice goes out, besides standing on its page."""

    MAIL = "mail"
    PUSH = "push"


class Notice(Public, Model):
    """Something one member should know. The sentence of its `kind` is filled from `details` in the reader's language.

    `seen_at`: it stood on the member's page. `sent_at`: it was part of a message that went out, `sent_by` that way.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_member_id_at", "member_id", "at", "id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    url: Mapped[str] = mapped_column(String(300), default="")
    key: Mapped[str] = mapped_column(String(160), unique=True)
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[Medium | None] = mapped_column(word_enum(Medium))

    member: Mapped[Member] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[Notice]:
        """Each fan sees what was said to him."""
        if not user.is_authenticated:
            return select(cls).where(false())
        return select(cls).join(Member).where(Member.user_id == user.id)


class NoticeWish(Model):
    """Where else than on the page a member wants to be told, and about what not. No row: nowhere else.

    `without` holds the topics that stay on the page, `by_push` those that are pushed to the member's browsers; all others
    are mailed. A way counts from its `…_since` on; while that is empty, nothing goes by it.

    `due_at` is when the member may next have something to be sent; a worker's claim moves it ahead, as a lease.
    """

    __tablename__ = "notice_wish"
    __table_args__ = (index_of_filled("ix_notice_wish_due_at", "due_at"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    mail_since: Mapped[datetime | None]
    push_since: Mapped[datetime | None]
    without: Mapped[list[Any]] = mapped_column(default=list)
    by_push: Mapped[list[Any]] = mapped_column(default=list)
    due_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()


class OutgoingMessage(Model):
    """One message that went out to a member: the `number`th of the `month` (YYYY-MM, in the member's own zone).

    The constraint keeps two senders at the same moment from both taking the last place under the cap.
    """

    __tablename__ = "outgoing_message"
    __table_args__ = (UniqueConstraint("member_id", "month", "number"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    month: Mapped[str] = mapped_column(String(7))
    number: Mapped[int]
    at: Mapped[datetime]
