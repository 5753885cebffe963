"""What came back: one row for each thing that somebody did towards the brand, on any channel."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, false, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.permissions import Permission
from community.channels.models import ChannelAccount, ChannelPost
from community.members.models import Handle


class InteractionKind(enum.StrEnum):
    MENTION = "mention"
    COMMENT = "comment"
    REPOST = "repost"
    LIKE = "like"
    DIRECT_MESSAGE = "direct_message"
    SHARE = "share"


EXTERNAL_ID_LENGTH = 128
WAITING = text("parent_external_id IS NOT NULL")


class Interaction(Public, Model):
    """One mention, comment, repost, like, direct message or share.

    `external_id` is unique per channel account, so that receiving the same thing twice changes nothing. `post_id` is
    the brand's post it hangs under, `parent_id` the interaction it answers (None: the post itself). An answer that came
    before what it answers keeps the name of its parent in `parent_external_id` until the parent arrives; afterwards that
    is None again. `occurred_at` is the platform's time, `received_at` ours.
    """

    __tablename__ = "interaction"
    __table_args__ = (
        UniqueConstraint("account_id", "external_id"),
        Index("ix_interaction_post_id_occurred_at", "post_id", "occurred_at", "id"),
        Index("ix_interaction_author_id_occurred_at", "author_id", "occurred_at"),
        Index("ix_interaction_received_at", "received_at", "id"),
        Index(
            "ix_interaction_account_id_parent_external_id",
            "account_id",
            "parent_external_id",
            postgresql_where=WAITING,
            sqlite_where=WAITING,
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    external_id: Mapped[str] = mapped_column(String(EXTERNAL_ID_LENGTH))
    kind: Mapped[InteractionKind] = mapped_column(word_enum(InteractionKind))
    author_id: Mapped[int] = mapped_column(ForeignKey("handle.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("channel_post.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id"), index=True)
    parent_external_id: Mapped[str | None] = mapped_column(String(EXTERNAL_ID_LENGTH))
    text: Mapped[str] = mapped_column(Text, default="")
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    account: Mapped[ChannelAccount] = relationship()
    author: Mapped[Handle] = relationship()
    post: Mapped[ChannelPost | None] = relationship()
    parent: Mapped[Interaction | None] = relationship(remote_side="Interaction.id")

    @classmethod
    def visible_to(cls, user: User) -> Select[Interaction]:
        """Staff who may read what people wrote see all of it; nobody else sees the inbox."""
        return select(cls) if user.can(Permission.INBOX_READ) else select(cls).where(false())
