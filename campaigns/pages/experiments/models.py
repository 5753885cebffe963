"""A/B tests: what is compared, whom it was shown to, and what was chosen."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.links.models import Link
from campaigns.pages.models import PageVersion
from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.db import Model, Public, index_of_filled, word_enum
from commons.permissions import Permission
from community.channels.models import ChannelPost
from community.members.models import Member


class Goal(enum.StrEnum):
    """What a visitor is to do. `JOINED`: take part in the campaign; `VISITED`: open a tracked link; `ORDERED`: take a seat in
    a group buy of the campaign.
    """

    JOINED = "joined"
    VISITED = "visited"
    ORDERED = "ordered"


class Experiment(Public, Model):
    """An A/B test of a campaign's page, or of one post in the circle (`post_id`). Nothing of it changes once it runs.

    `base_rate` is what one expects of the first variant, `effect` the smallest difference that matters: from these the
    variants' `needed` come. `live_subject` names the page or post as long as it runs, so that each is in one test at a time.
    """

    __tablename__ = "experiment"
    __table_args__ = (index_of_filled("uq_experiment_live_subject", "live_subject", unique=True),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("channel_post.id"))
    name: Mapped[str] = mapped_column(String(120))
    goal: Mapped[Goal] = mapped_column(word_enum(Goal))
    base_rate: Mapped[float]
    effect: Mapped[float]
    live_subject: Mapped[str | None] = mapped_column(String(32))
    started_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship()
    post: Mapped[ChannelPost | None] = relationship()
    started_by: Mapped[User] = relationship()
    variants: Mapped[list[Variant]] = relationship(
        back_populates="experiment", order_by="Variant.position", lazy="selectin"
    )

    @property
    def chosen(self) -> Variant | None:
        return next((variant for variant in self.variants if variant.chosen_at is not None), None)

    @classmethod
    def visible_to(cls, user: User) -> Select[Experiment]:
        return select(cls) if user.can(Permission.CAMPAIGN_READ) else select(cls).where(false())


class Variant(Public, Model):
    """One side of a test: a version of the page, or other words of a post with a tracked link of their own. `share` is its
    weight among the variants, `needed` how many visitors its result is taken from.
    """

    __tablename__ = "experiment_variant"
    __table_args__ = (UniqueConstraint("experiment_id", "position"),)

    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiment.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    share: Mapped[int]
    needed: Mapped[int]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("page_version.id"))
    text: Mapped[str] = mapped_column(Text, default="")
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"))
    chosen_at: Mapped[datetime | None]

    experiment: Mapped[Experiment] = relationship(back_populates="variants")
    version: Mapped[PageVersion | None] = relationship()
    link: Mapped[Link | None] = relationship()


class Visitor(Model):
    """Somebody who was shown a variant, and keeps being shown it. `mark` is the fan's, or a random one from a cookie that says
    nothing about anybody; `member_id` is filled once it is known who that is. What is reached before `counts_until` counts.

    `hit_mark` is the links' mark of that day (see `links.verdicts.visitor_mark`), by which a visit of a link is told.
    """

    __tablename__ = "experiment_visitor"
    __table_args__ = (
        UniqueConstraint("experiment_id", "mark"),
        Index("ix_experiment_visitor_variant_id", "variant_id", "id"),
        index_of_filled("uq_experiment_visitor_member_id", "member_id", "experiment_id", unique=True),
    )

    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiment.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("experiment_variant.id"))
    mark: Mapped[str] = mapped_column(String(40))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    hit_mark: Mapped[str] = mapped_column(String(32), default="")
    first_seen_at: Mapped[datetime]
    counts_until: Mapped[datetime]

    experiment: Mapped[Experiment] = relationship()
    variant: Mapped[Variant] = relationship()
    member: Mapped[Member | None] = relationship()
