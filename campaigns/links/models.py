"""Tracked links and the visits through them."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, false, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.links.domains.models import LinkDomain
from campaigns.planning.models import Campaign
from commons import events
from commons.accounts.models import User
from commons.db import BigId, Model, Public, index_of_filled, word_enum
from commons.media.models import Picture
from commons.permissions import Permission
from community.channels.models import ChannelPost
from community.members.models import Member

OF_THE_HOUSE = text("domain_id IS NULL")


class Link(Public, Model):
    """`/l/<slug>`, or `/<slug>` on a domain of the brand's own, leads to `target` with the UTM parameters added.

    A personal link belongs to a member (`member_id`) and shares a post or a page: one per member and target, so that
    sharing twice gives the same link. `target` is a path of our own (begins with `/`) or an http(s) address. A link with
    an `origin` is that link as a post on the channel account shows it, so that visits tell where they came from; it leads
    wherever and on whichever terms its origin does, and ends with it.

    `visits_taken` counts openings by people once `most_visits` limits them. `main_weight` is the share of `target` among A/B
    ways. `tells_click`: the target learns the visit's id, so that its orders can name it. `check_due_at`: when the target
    is looked at next; `misses` in a row so far; `dead_since` once that is more than bad luck.
    """

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("member_id", "target"),
        UniqueConstraint("origin_id", "account_id"),
        Index(
            "uq_link_slug_of_the_house", "slug", unique=True, postgresql_where=OF_THE_HOUSE, sqlite_where=OF_THE_HOUSE
        ),
        index_of_filled("uq_link_domain_id_slug", "domain_id", "slug", unique=True),
        index_of_filled("ix_link_check_due_at", "check_due_at"),
    )

    slug: Mapped[str] = mapped_column(String(64))
    domain_id: Mapped[int | None] = mapped_column(ForeignKey("link_domain.id"))
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
    expires_at: Mapped[datetime | None]
    most_visits: Mapped[int | None]
    visits_taken: Mapped[int] = mapped_column(default=0, server_default="0")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    main_weight: Mapped[int] = mapped_column(default=1, server_default="1")
    tells_click: Mapped[bool] = mapped_column(default=False, server_default=false())
    card_title: Mapped[str] = mapped_column(String(120), default="", server_default="")
    card_text: Mapped[str] = mapped_column(String(300), default="", server_default="")
    card_picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    check_due_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    misses: Mapped[int] = mapped_column(default=0, server_default="0")
    miss_words: Mapped[str] = mapped_column(String(300), default="", server_default="")
    dead_since: Mapped[datetime | None]

    campaign: Mapped[Campaign | None] = relationship()
    member: Mapped[Member | None] = relationship()
    post: Mapped[ChannelPost | None] = relationship()
    domain: Mapped[LinkDomain | None] = relationship()
    made_by: Mapped[User | None] = relationship()
    card_picture: Mapped[Picture | None] = relationship()
    origin: Mapped[Link | None] = relationship(remote_side="Link.id")
    ways: Mapped[list[Way]] = relationship(order_by="Way.position, Way.id", back_populates="link")

    @property
    def terms(self) -> Link:
        """The link whose target, further targets, end, password and card hold: for a link with an origin, that one."""
        return self.origin or self

    @property
    def rules(self) -> list[Way]:
        """The ways for certain visitors, in the order in which they are tried."""
        return [way for way in self.ways if way.weight is None and way.removed_at is None]

    @property
    def variants(self) -> list[Way]:
        """The A/B ways beside the main target."""
        return [way for way in self.ways if way.weight is not None and way.removed_at is None]

    @property
    def has_card(self) -> bool:
        return bool(self.card_title)

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


class Way(Public, Model):
    """Another target of a link. A rule (no `weight`) is for visitors who fit all that it names, the first that fits is taken;
    an A/B way (`weight`) shares with the main target whoever no rule takes.

    `device` is phone, tablet, computer, ios or android; `language` such as zh; `region` a country (`CN`) or a part of one
    (`CN-ZJ`), in ISO 3166 codes. Empty fits everybody. A removed way stays for the visits that went by it.
    """

    __tablename__ = "link_way"

    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(40), default="")
    target: Mapped[str] = mapped_column(String(2000))
    device: Mapped[str] = mapped_column(String(16), default="")
    language: Mapped[str] = mapped_column(String(8), default="")
    region: Mapped[str] = mapped_column(String(8), default="")
    weight: Mapped[int | None]
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    link: Mapped[Link] = relationship(back_populates="ways")


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
    nothing more. `user_id` is the signed-in visitor, if any. `region` is looked up with the address already truncated; of the
    address itself nothing is kept. `way_id` is the way that was taken, empty for the main target.
    """

    __tablename__ = "hit"
    __table_args__ = (
        Index("ix_hit_link_id_occurred_at", "link_id", "occurred_at"),
        Index("ix_hit_visitor", "visitor", "link_id", "occurred_at"),
    )

    uid: Mapped[str] = mapped_column(String(32), unique=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    occurred_at: Mapped[datetime]
    verdict: Mapped[Verdict] = mapped_column(word_enum(Verdict))
    visitor: Mapped[str] = mapped_column(String(32))
    referrer: Mapped[str] = mapped_column(String(255), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    user_id: Mapped[int | None] = mapped_column(BigId)
    device: Mapped[str] = mapped_column(String(16), default="", server_default="")
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")
    region: Mapped[str] = mapped_column(String(8), default="", server_default="")
    way_id: Mapped[int | None] = mapped_column(BigId)

    link: Mapped[Link] = relationship()
