"""Circles by interest, who belongs to them, what is written there, and what keeps the peace."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Select, String, Text, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.i18n import Words, WordsColumn
from commons.permissions import Permission
from community.members.models import Handle, Member


class Reason(enum.StrEnum):
    """Why somebody reports a post."""

    ADVERTISING = "advertising"
    ABUSE = "abuse"
    PRIVATE = "private"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


class Settled(enum.StrEnum):
    """What became of a report."""

    LEFT = "left"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


class MeasureKind(enum.StrEnum):
    MUTE = "mute"
    REMOVAL = "removal"


class Outcome(enum.StrEnum):
    """How a mediation ended."""

    AGREED = "agreed"
    APART = "apart"
    NONE = "none"
    WITHDRAWN = "withdrawn"


class InterestCircle(Public, Model):
    """A circle of people with one interest. `rules` holds one rule of the house a line; measures name its number."""

    __tablename__ = "interest_circle"

    name: Mapped[Words] = mapped_column(WordsColumn)
    about: Mapped[Words] = mapped_column(WordsColumn)
    rules: Mapped[Words] = mapped_column(WordsColumn)
    symbol: Mapped[str] = mapped_column(String(32))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    @property
    def rule_lines(self) -> Sequence[str]:
        """The rules in the reader's language; rule number 1 comes first."""
        return [line.strip() for line in str(self.rules).splitlines() if line.strip()]

    @classmethod
    def visible_to(cls, user: User) -> Select[InterestCircle]:
        """Everybody finds the open ones; who sets circles up finds the closed ones too."""
        if user.is_authenticated and user.can(Permission.CIRCLE_MANAGE):
            return select(cls)
        return select(cls).where(cls.closed_at.is_(None))


class Membership(Model):
    """That a member belongs to a circle, once for each pair; `left_at` is empty while it lasts."""

    __tablename__ = "circle_membership"
    __table_args__ = (UniqueConstraint("circle_id", "member_id"), Index("ix_circle_membership_member_id", "member_id"))

    circle_id: Mapped[int] = mapped_column(ForeignKey("interest_circle.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    host_since: Mapped[datetime | None]

    circle: Mapped[InterestCircle] = relationship()
    member: Mapped[Member] = relationship()


class CirclePost(Public, Model):
    """A post of a fan or of the brand, or an answer to one (`parent_id`).

    It stands from `stands_since` on, unless its author took it back or it was removed. `key` names author, form and
    words, so that a form sent twice says it once.
    """

    __tablename__ = "circle_post"
    __table_args__ = (
        Index("ix_circle_post_circle_id_said_at", "circle_id", "said_at", "id"),
        Index("ix_circle_post_author_id_said_at", "author_id", "said_at"),
        Index("ix_circle_post_parent_id_said_at", "parent_id", "said_at"),
    )

    circle_id: Mapped[int] = mapped_column(ForeignKey("interest_circle.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("handle.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("circle_post.id"))
    text: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    said_at: Mapped[datetime]
    stands_since: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    pinned_at: Mapped[datetime | None]
    featured_at: Mapped[datetime | None]

    circle: Mapped[InterestCircle] = relationship()
    author: Mapped[Handle] = relationship()
    parent: Mapped[CirclePost | None] = relationship(remote_side="CirclePost.id")

    @property
    def stands(self) -> bool:
        return self.stands_since is not None and self.withdrawn_at is None and self.removed_at is None


class Complaint:
    """Mixin: what a member says against something, until it is settled. Rooms add what it is about and who says it."""

    reason: Mapped[Reason] = mapped_column(word_enum(Reason))
    note: Mapped[str] = mapped_column(String(500), default="")
    reported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Report(Complaint, Public, Model):
    """A member's word that a post breaks a rule: one for each pair."""

    __tablename__ = "circle_report"
    __table_args__ = (UniqueConstraint("post_id", "reporter_id"), Index("ix_circle_report_settled_at", "settled_at"))

    post_id: Mapped[int] = mapped_column(ForeignKey("circle_post.id"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("handle.id"))
    settled: Mapped[Settled | None] = mapped_column(word_enum(Settled))

    post: Mapped[CirclePost] = relationship()
    reporter: Mapped[Member] = relationship()


class Measure(Public, Model):
    """A mute or a removal: it names a rule, a reason and, for a mute, its term; it can be appealed once.

    `rule` is the rule as it read then. It holds until `until` (None: for good) or until it is lifted.
    """

    __tablename__ = "circle_measure"
    __table_args__ = (
        Index("ix_circle_measure_circle_id_member_id", "circle_id", "member_id"),
        Index("ix_circle_measure_member_id", "member_id"),
    )

    kind: Mapped[MeasureKind] = mapped_column(word_enum(MeasureKind))
    circle_id: Mapped[int] = mapped_column(ForeignKey("interest_circle.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("circle_post.id"))
    rule_number: Mapped[int]
    rule: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("handle.id"))
    taken_at: Mapped[datetime]
    until: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    appeal: Mapped[str] = mapped_column(Text, default="")
    appealed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("handle.id"))
    answer: Mapped[str] = mapped_column(Text, default="")

    circle: Mapped[InterestCircle] = relationship()
    member: Mapped[Member] = relationship()
    post: Mapped[CirclePost | None] = relationship()

    @property
    def rule_words(self) -> str:
        """The rule in the reader's language where the circle still words it so, else as it read when it was cited."""
        number, rules = self.rule_number, self.circle.rules
        is_as_it_was = self.rule in {
            line for text in (rules.zh, rules.en) for line in text.splitlines()[number - 1 : number]
        }
        return self.circle.rule_lines[number - 1] if is_as_it_was else self.rule

    def holds(self, at: datetime) -> bool:
        return self.lifted_at is None and (self.until is None or at < self.until)

    @classmethod
    def visible_to(cls, user: User) -> Select[Measure]:
        """Each member finds what was done to him; staff who set circles up find all."""
        if user.can(Permission.CIRCLE_MANAGE):
            return select(cls)
        return select(cls).join(Member, Member.id == cls.member_id).where(Member.user_id == user.id)


class Mood(Model):
    """How one member feels in a circle in the week that begins on `week`: 1 (cold) to 5 (warm)."""

    __tablename__ = "circle_mood"
    __table_args__ = (UniqueConstraint("circle_id", "member_id", "week"),)

    circle_id: Mapped[int] = mapped_column(ForeignKey("interest_circle.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    week: Mapped[date] = mapped_column(Date)
    value: Mapped[int]
    said_at: Mapped[datetime]


class Mediation(Public, Model):
    """A dispute between two members with somebody between them, and how it ended."""

    __tablename__ = "circle_mediation"
    __table_args__ = (Index("ix_circle_mediation_circle_id_closed_at", "circle_id", "closed_at"),)

    circle_id: Mapped[int] = mapped_column(ForeignKey("interest_circle.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("circle_post.id"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("handle.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("handle.id"), index=True)
    asked_at: Mapped[datetime]
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("handle.id"))
    taken_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(word_enum(Outcome))
    outcome_words: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None]

    circle: Mapped[InterestCircle] = relationship()
    post: Mapped[CirclePost | None] = relationship()
    asker: Mapped[Handle] = relationship(foreign_keys=[asker_id])
    other: Mapped[Handle] = relationship(foreign_keys=[other_id])
    mediator: Mapped[Handle | None] = relationship(foreign_keys=[mediator_id])
    words: Mapped[list[MediationWord]] = relationship(order_by="MediationWord.id", back_populates="mediation")

    @classmethod
    def visible_to(cls, user: User) -> Select[Mediation]:
        """The two sides, who mediates, the hosts while nobody does, and staff who set circles up."""
        if user.can(Permission.CIRCLE_MANAGE):
            return select(cls)
        mine = select(Handle.id).join(Member, Member.id == Handle.member_id).where(Member.user_id == user.id)
        hosted = (
            select(Membership.circle_id)
            .join(Member, Member.id == Membership.member_id)
            .where(Member.user_id == user.id, Membership.left_at.is_(None), Membership.host_since.is_not(None))
        )
        waiting = cls.mediator_id.is_(None) & cls.closed_at.is_(None) & cls.circle_id.in_(hosted)
        return select(cls).where(
            or_(cls.asker_id.in_(mine), cls.other_id.in_(mine), cls.mediator_id.in_(mine), waiting)
        )


class MediationWord(Model):
    """What one of the three said."""

    __tablename__ = "circle_mediation_word"
    __table_args__ = (Index("ix_circle_mediation_word_mediation_id", "mediation_id"),)

    mediation_id: Mapped[int] = mapped_column(ForeignKey("circle_mediation.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("handle.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    said_at: Mapped[datetime]

    mediation: Mapped[Mediation] = relationship(back_populates="words")
    author: Mapped[Handle] = relationship()
