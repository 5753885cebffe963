"""What came back: one row for each thing that somebody did towards the brand, on any channel."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Model, Public, word_enum
from community.channels.models import ChannelAccount, ChannelPost
from community.members.models import Handle


class InteractionKind(enum.StrEnum):
    MENTION = "mention"
    COMMENT = "comment"
    REPOST = "repost"
    LIKE = "like"
    DIRECT_MESSAGE = "direct_message"
    SHARE = "share"


class Interaction(Public, Model):
    """One mention, comment, repost, like, direct message or share.

    `external_id` is unique per channel account, so that receiving the same thing twice changes nothing. `post_id` is
    the brand's post it hangs under, `parent_id` the interaction it answers (None: the post itself). `occurred_at` is
    the platform's time, `received_at` ours.
    """

    __tablename__ = "interaction"
    __table_args__ = (
        UniqueConstraint("account_id", "external_id"),
        Index("ix_interaction_post_id_occurred_at", "post_id", "occurred_at", "id"),
        Index("ix_interaction_author_id_occurred_at", "author_id", "occurred_at"),
        Index("ix_interaction_received_at", "received_at", "id"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    external_id: Mapped[str] = mapped_column(String(160))
    kind: Mapped[InteractionKind] = mapped_column(word_enum(InteractionKind))
    author_id: Mapped[int] = mapped_column(ForeignKey("handle.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("channel_post.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    account: Mapped[ChannelAccount] = relationship()
    author: Mapped[Handle] = relationship()
    post: Mapped[ChannelPost | None] = relationship()
    parent: Mapped[Interaction | None] = relationship(remote_side="Interaction.id")
