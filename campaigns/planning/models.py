"""Campaigns: what the brand sets out to do, for how long, and what counts as taking part."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, String, Text, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.events import Evidence
from commons.i18n import Words
from commons.money import DEFAULT_CURRENCY, Money
from commons.permissions import Permission

PARTICIPANTS = "participants"
"""The measure that every campaign has a goal for."""


class CampaignKind(enum.StrEnum):
    """Content-led wants content, community-led wants people to meet, product-led spreads a feature."""

    CONTENT = "content"
    COMMUNITY = "community"
    PRODUCT = "product"


class MissionKind(enum.StrEnum):
    """The names of the kinds of missions that the house itself declares (see `missions.kinds`); another room may add its own."""

    COMMENT = "comment"
    SHARE = "share"
    SUBMIT = "submit"
    ANSWER = "answer"
    SCAN = "scan"
    CHECK_IN = "check_in"
    INVITE = "invite"
    BUY = "buy"
    JOIN_GROUP_BUY = "join_group_buy"
    JOIN_CIRCLE = "join_circle"


class Campaign(Public, Model):
    """A campaign. Its period is meant in `zone`; `launched_at` and `ended_at` say what really happened.

    Until it is launched it is a draft that only the team sees. One that was ended early ends at that moment, and
    `planned_end_at` keeps the end that was meant. `revision` counts changes of what stands in its own row.
    """

    __tablename__ = "campaign"

    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[CampaignKind] = mapped_column(word_enum(CampaignKind))
    goal: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    zone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3), default=DEFAULT_CURRENCY)
    revision: Mapped[int] = mapped_column(default=0)
    lead_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    launched_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    planned_end_at: Mapped[datetime | None]

    lead: Mapped[User] = relationship()
    missions: Mapped[list[Mission]] = relationship(back_populates="campaign", order_by="Mission.position")
    goals: Mapped[list[Goal]] = relationship(back_populates="campaign", order_by="Goal.id")
    phases: Mapped[list[Phase]] = relationship(back_populates="campaign", order_by="Phase.starts_at")
    tasks: Mapped[list[Task]] = relationship(back_populates="campaign", order_by="Task.due_at, Task.id")
    budget: Mapped[list[BudgetLine]] = relationship(back_populates="campaign", order_by="BudgetLine.id")
    risks: Mapped[list[Risk]] = relationship(back_populates="campaign", order_by="Risk.id")

    @property
    def goal_participants(self) -> int:
        """How many people it wants; the plan for a day is the even share of that up to the day."""
        return next((goal.target for goal in self.goals if goal.measure == PARTICIPANTS), 0)

    @goal_participants.setter
    def goal_participants(self, target: int) -> None:
        goal = next((goal for goal in self.goals if goal.measure == PARTICIPANTS), None)
        if goal is None:
            self.goals.append(Goal(measure=PARTICIPANTS, target=target))
        else:
            goal.target = target

    @property
    def is_draft(self) -> bool:
        return self.launched_at is None and self.cancelled_at is None

    @property
    def teaser(self) -> Phase | None:
        """The phase in which fans are told that it is to come."""
        return next((phase for phase in self.phases if phase.is_teaser), None)

    def count_goals_anew(self) -> None:
        """Its period is another one, and so is what counts for its goals."""
        for goal in self.goals:
            goal.counted_at = None

    def has_begun(self, at: datetime) -> bool:
        """Whether fans have been able to take part: what they were promised stays."""
        return self.launched_at is not None and self.starts_at <= at

    def is_over(self, at: datetime) -> bool:
        return self.cancelled_at is not None or (self.launched_at is not None and self.ends_at <= at)

    def is_shown(self, at: datetime) -> bool:
        """Whether fans find it: the same rule as `visible_to`, for one campaign at hand."""
        first = min(self.starts_at, self.teaser.starts_at) if self.teaser else self.starts_at
        return self.launched_at is not None and self.cancelled_at is None and first <= at

    @classmethod
    def visible_to(cls, user: User, at: datetime) -> Select[Campaign]:
        """Staff who may read campaigns see all; everybody else those that were launched, are not called off, and have begun
        at `at` or are in their teaser.
        """
        if user.is_authenticated and user.can(Permission.CAMPAIGN_READ):
            return select(cls)
        in_teaser = cls.phases.any(and_(Phase.is_teaser, Phase.starts_at <= at))
        return select(cls).where(
            cls.launched_at.is_not(None), cls.cancelled_at.is_(None), or_(cls.starts_at <= at, in_teaser)
        )


class Mission(Public, Model):
    """Something a fan can do in a campaign: `needed` facts of its kind, each at least as well proven as `evidence`.

    It is open from `opens_at` to `closes_at`, within its campaign (None: as long as that), and until the lead closes it
    (`closed_at`). `settings` are the kind's own, as its form gave them.
    """

    __tablename__ = "mission"
    __table_args__ = (
        UniqueConstraint("campaign_id", "position"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="opens_before_it_closes"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120), default="", server_default="")
    needed: Mapped[int] = mapped_column(default=1)
    evidence: Mapped[Evidence] = mapped_column(word_enum(Evidence), default=Evidence.SELF_DECLARED)
    position: Mapped[int]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    added_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship(back_populates="missions")

    @property
    def name(self) -> Words:
        """The title in the language of whoever reads it; where there is only one, that one."""
        return Words(self.title, self.title_en)

    @property
    def begins_at(self) -> datetime:
        """From when on facts count."""
        return max(self.campaign.starts_at, self.opens_at or self.campaign.starts_at)

    @property
    def over_at(self) -> datetime:
        """From when on no fact counts any more."""
        ends = (self.campaign.ends_at, self.campaign.cancelled_at, self.closes_at, self.closed_at)
        return min(moment for moment in ends if moment is not None)

    def is_open(self, at: datetime) -> bool:
        """Whether a fact of that moment counts."""
        return self.campaign.launched_at is not None and self.begins_at <= at < self.over_at

    @classmethod
    def visible_to(cls, user: User, at: datetime) -> Select[Mission]:
        """Those of the campaigns that the person may see."""
        campaigns = Campaign.visible_to(user, at).with_only_columns(Campaign.id)
        return select(cls).where(cls.campaign_id.in_(campaigns))


class Part(Public, Model):
    """What every part of a plan has: a campaign, and a `revision` that counts its changes."""

    __abstract__ = True

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    revision: Mapped[int] = mapped_column(default=0)

    if TYPE_CHECKING:
        campaign: Mapped[Campaign]


class Goal(Part):
    """A number that the campaign wants: `target` of a measure (see `campaigns.planning.measures`).

    `counted_at` is when what counts for it was counted through; since then it is kept (see docs/control-room.md). None: it has
    to be counted, as the goal is new or what counts has changed.
    """

    __tablename__ = "campaign_goal"
    __table_args__ = (
        UniqueConstraint("campaign_id", "measure"),
        CheckConstraint("target >= 1", name="wants_something"),
    )

    measure: Mapped[str] = mapped_column(String(40))
    target: Mapped[int]
    counted_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship(back_populates="goals")


class Phase(Part):
    """A stretch of a campaign, from `starts_at` up to `ends_at`; no two overlap. A teaser lies before the beginning, every
    other phase within the period. `begun_at` is when it turned.
    """

    __tablename__ = "campaign_phase"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="takes_time"),)

    name: Mapped[str] = mapped_column(String(80))
    is_teaser: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship(back_populates="phases")


class Task(Part):
    """Something that somebody does for a campaign until `due_at`. `asked_at` is when owner and date were set as they are."""

    __tablename__ = "campaign_task"
    __table_args__ = (CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_by_somebody"),)

    title: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    due_at: Mapped[datetime] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    campaign: Mapped[Campaign] = relationship(back_populates="tasks")
    owner: Mapped[User] = relationship(foreign_keys=[owner_id])
    done_by: Mapped[User | None] = relationship(foreign_keys=[done_by_id])

    def is_overdue(self, at: datetime) -> bool:
        return self.done_at is None and self.due_at <= at


class BudgetLine(Part):
    """What something may cost and has cost so far, in the currency of the campaign."""

    __tablename__ = "campaign_budget_line"
    __table_args__ = (
        CheckConstraint("planned_minor >= 0", name="planned_not_negative"),
        CheckConstraint("spent_minor >= 0", name="spent_not_negative"),
    )

    title: Mapped[str] = mapped_column(String(120))
    planned_minor: Mapped[int]
    spent_minor: Mapped[int] = mapped_column(default=0)

    campaign: Mapped[Campaign] = relationship(back_populates="budget")

    @property
    def planned(self) -> Money:
        return Money(self.planned_minor, self.campaign.currency)

    @property
    def spent(self) -> Money:
        return Money(self.spent_minor, self.campaign.currency)

    @property
    def left(self) -> Money:
        """What may still be spent; negative once it is over."""
        return Money(self.planned_minor - self.spent_minor, self.campaign.currency)

    @property
    def is_over(self) -> bool:
        return self.spent_minor > self.planned_minor


class Grade(enum.StrEnum):
    """How likely, and how bad."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def weight(self) -> int:
        """1 to 3."""
        return list(Grade).index(self) + 1


class RiskState(enum.StrEnum):
    WATCHED = "watched"
    OCCURRED = "occurred"
    CLOSED = "closed"


class Risk(Part):
    """What may go wrong, how likely and how bad that is, what is done about it and by whom."""

    __tablename__ = "campaign_risk"

    title: Mapped[str] = mapped_column(String(160))
    likelihood: Mapped[Grade] = mapped_column(word_enum(Grade))
    impact: Mapped[Grade] = mapped_column(word_enum(Grade))
    response: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    state: Mapped[RiskState] = mapped_column(word_enum(RiskState), default=RiskState.WATCHED)

    campaign: Mapped[Campaign] = relationship(back_populates="risks")
    owner: Mapped[User] = relationship()

    @property
    def weight(self) -> int:
        """1 (hardly matters) to 9 (likely and bad)."""
        return self.likelihood.weight * self.impact.weight
