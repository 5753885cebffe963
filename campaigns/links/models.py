"""Tracked links and the visits through them."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.planning.models import Campaign
from commons import events
from commons.accounts.models import User
from commons.db import BigId, Model, Public, word_enum
from commons.permissions import Permission
from community.channels.models import ChannelPost
from community.members.models import Member


class Link(Public, Model):
    """`/l/<slug>` leads to `target` with the UTM parameters added.

    A personal link belongs to a member (`member_id`) and shares a post or a page: one per member and target, so that
    sharing twice gives the same link. `target` is a path of our own (begins with `/`) or an http(s) address. A link with
    an `origin` is that link as a post on the channel account shows it, so that visits tell where they came from.
    """

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("member_id", "target"), UniqueConstraint("origin_id", "account_id"))

    slug: Mapped[str] = mapped_column(String(64), unique=True)
    target: Mapped[str] = mapped_column(String(2000))
    title: Mapped[str] = mapped_column(String(120), default="")
    utm_source: Mapped[str] = mapped_column(String(64), default="")
    utm_medium: Mapped[str] = mapped_column(String(64), default="")
    utm_campaign: Mapped[str] = mapped_column(String(64), default="")
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("channel_post.id"), index=True)
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("channel_account.id"))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    campaign: Mapped[Campaign | None] = relationship()
    member: Mapped[Member | None] = relationship()
    post: Mapped[ChannelPost | None] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[Link]:
        return select(cls) if user.can(Permission.LINK_READ) else select(cls).where(false())

    def end(self, *, by: User, at: datetime) -> None:
        """From now on the address leads nowhere; its visits stay. Ending twice is ending once."""
        if self.ended_at is None:
            self.ended_at = at
            events.track(
                "link.ended",
                key=f"link.ended:{self.public_id}",
                at=at,
                actor_id=by.id,
                subject=self,
                campaign_id=self.campaign_id,
                payload={"slug": self.slug},
            )


class Origin(Model):
    """By which link somebody came who then signed up. Counts from the moment that the account does."""

    __tablename__ = "sign_up_origin"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"), index=True)
    came_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    link: Mapped[Link] = relationship()


class Verdict(enum.StrEnum):
    """What a visit was. `duplicate` is a human's second within half an hour; `staff` is one of us."""

    HUMAN = "human"
    BOT = "bot"
    PREVIEW = "preview"
    DUPLICATE = "duplicate"
    STAFF = "staff"


class Hit(Model):
    """One visit. `uid` is made at the redirect, so that writing a spool twice changes nothing.

    `visitor` is a keyed hash (see `verdicts.visitor_mark`) that changes every day: it recognises a second visit and
    nothing more. `user_id` is the signed-in visitor, if any.
    """

    __tablename__ = "hit"
    __table_args__ = (Index("ix_hit_link_id_occurred_at", "link_id", "occurred_at"),)

    uid: Mapped[str] = mapped_column(String(32), unique=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    occurred_at: Mapped[datetime]
    verdict: Mapped[Verdict] = mapped_column(word_enum(Verdict))
    visitor: Mapped[str] = mapped_column(String(32))
    referrer: Mapped[str] = mapped_column(String(255), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    user_id: Mapped[int | None] = mapped_column(BigId)

    link: Mapped[Link] = relationship()
