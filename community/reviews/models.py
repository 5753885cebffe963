"""The content standard, what members submit under it, and what people decided about that."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, false, or_, select
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import BigId, Model, Public, index_of_filled, word_enum
from commons.i18n import Words, WordsColumn
from commons.media.models import FULL, Picture
from commons.permissions import Permission
from community.members.models import Member


class StandardVersion(Public, Model):
    """The content standard as it stood from `published_at` on; None is the draft, of which there is one at most."""

    __tablename__ = "standard_version"

    number: Mapped[int] = mapped_column(unique=True)
    note: Mapped[Words] = mapped_column(WordsColumn)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    published_by: Mapped[User | None] = relationship()
    clauses: Mapped[list[Clause]] = relationship(
        back_populates="version", order_by="Clause.position", cascade="all, delete-orphan"
    )


class Clause(Public, Model):
    """One numbered sentence of the standard. Only what is `grounds` may be cited against somebody's words."""

    __tablename__ = "standard_clause"
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"))
    number: Mapped[str] = mapped_column(String(12))
    position: Mapped[int]
    title: Mapped[Words] = mapped_column(WordsColumn)
    text: Mapped[Words] = mapped_column(WordsColumn)
    grounds: Mapped[bool] = mapped_column(default=True)

    version: Mapped[StandardVersion] = relationship(back_populates="clauses")


class Kind(enum.StrEnum):
    """What is submitted; `FOREIGN` belongs to another room, which follows what is decided here."""

    POST = "post"
    PICTURES = "pictures"
    ORDER_REVIEW = "order_review"
    FOREIGN = "foreign"


class State(enum.StrEnum):
    """waiting → published or refused; published → removed; the author may withdraw."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


class Wait(enum.StrEnum):
    """Why something stands in the queue."""

    FLAGGED = "flagged"
    REPORT = "report"
    APPEAL = "appeal"
    SECOND = "second"
    FIRST = "first"
    SPOT_CHECK = "spot_check"


class Verdict(enum.StrEnum):
    """What a person decided. `PROPOSE`: something critical should go; another person has to say so too."""

    PUBLISH = "publish"
    REFUSE = "refuse"
    PROPOSE = "propose"
    KEEP = "keep"
    REMOVE = "remove"
    UPHOLD = "uphold"
    DECLINE = "decline"


class Submission(Public, Model):
    """Something that a member wrote or drew for everybody to see.

    It stands in the queue while `due_at` is filled: until then somebody should have looked, and `wait` says why. `findings`
    are what the rules saw (`checks.Finding`), `critical` whether it judges us badly: then one person alone cannot refuse it.
    `order_ref` names an order in another room; `subject_type` and `subject_id` name what belongs to another room.
    """

    __tablename__ = "submission"
    __table_args__ = (
        index_of_filled("ix_submission_due_at", "due_at", "id"),
        Index("ix_submission_state_published_at", "state", "published_at"),
        Index("ix_submission_member_id_submitted_at", "member_id", "submitted_at"),
        Index("ix_submission_fingerprint_submitted_at", "fingerprint", "submitted_at"),
        index_of_filled("uq_submission_order_ref", "order_ref", unique=True),
        index_of_filled("uq_submission_subject", "subject_id", "subject_type", unique=True),
    )

    kind: Mapped[Kind] = mapped_column(word_enum(Kind))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)
    stars: Mapped[int | None]
    aspects: Mapped[dict[str, Any]] = mapped_column(default=dict)
    order_ref: Mapped[str | None] = mapped_column(String(64))
    order_title: Mapped[str] = mapped_column(String(120), default="")
    order_about: Mapped[str | None] = mapped_column(String(64), index=True)
    subject_type: Mapped[str | None] = mapped_column(String(32))
    subject_id: Mapped[int | None] = mapped_column(BigId)
    fingerprint: Mapped[str] = mapped_column(String(32))
    findings: Mapped[list[Any]] = mapped_column(default=list)
    critical: Mapped[bool] = mapped_column(default=False)
    state: Mapped[State] = mapped_column(word_enum(State), default=State.WAITING)
    wait: Mapped[Wait | None] = mapped_column(word_enum(Wait))
    due_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    key: Mapped[str] = mapped_column(String(80), unique=True)

    member: Mapped[Member] = relationship()
    pictures: Mapped[list[SubmissionPicture]] = relationship(
        order_by="SubmissionPicture.position",
        cascade="all, delete-orphan",
        lazy="selectin",
        back_populates="submission",
    )
    decisions: Mapped[list[Decision]] = relationship(back_populates="submission", order_by="Decision.id")
    reports: Mapped[list[SubmissionReport]] = relationship(back_populates="submission", order_by="SubmissionReport.id")

    @classmethod
    def visible_to(cls, user: User) -> Select[Submission]:
        """What is published is for everybody, one's own for oneself, everything for who reviews.

        What belongs to another room is read there, by who may read it there.
        """
        if user.is_authenticated and user.can(Permission.CONTENT_REVIEW):
            return select(cls)
        published = (cls.state == State.PUBLISHED) & (cls.kind != Kind.FOREIGN)
        if not user.is_authenticated:
            return select(cls).where(published)
        return select(cls).join(Member).where(or_(published, Member.user_id == user.id))

    @property
    def url(self) -> str:
        return f"/circle/shares/{self.public_id}"

    @property
    def waits(self) -> bool:
        return self.due_at is not None


class SubmissionPicture(Model):
    __tablename__ = "submission_picture"
    __table_args__ = (UniqueConstraint("submission_id", "position"),)

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    position: Mapped[int]
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"))
    alt: Mapped[str] = mapped_column(String(300), default="")

    submission: Mapped[Submission] = relationship(back_populates="pictures")
    picture: Mapped[Picture] = relationship(lazy="joined")

    @property
    def url(self) -> str:
        return self._url(FULL)

    @property
    def thumb_url(self) -> str:
        return self._url(320)

    def _url(self, width: int) -> str:
        """Its own address while everybody may see it, else one behind those who may read the words."""
        if self.picture.is_private:
            return f"{self.submission.url}/pictures/{self.position}/{width}"
        return self.picture.url(width)


class Decision(Public, Model):
    """What one person decided and why. It holds at once; the author is told (`told_at`) once it can no longer be undone.

    `before` is where the submission stood, for undoing.
    """

    __tablename__ = "review_decision"
    __table_args__ = (
        Index("ix_review_decision_submission_id", "submission_id", "id"),
        Index("ix_review_decision_by_id_at", "by_id", "at"),
        Index("ix_review_decision_clause_id", "clause_id"),
        Index(
            "ix_review_decision_untold", "at",
            postgresql_where=sql_text("told_at IS NULL AND undone_at IS NULL"),
            sqlite_where=sql_text("told_at IS NULL AND undone_at IS NULL"),
        ),
    )  # fmt: skip

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    verdict: Mapped[Verdict] = mapped_column(word_enum(Verdict))
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("standard_clause.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship(back_populates="decisions")
    clause: Mapped[Clause | None] = relationship()
    by: Mapped[User] = relationship()

    @property
    def stands(self) -> bool:
        return self.undone_at is None


class ReviewAppeal(Model):
    """The author's answer to a refusal or a removal: one for each decision."""

    __tablename__ = "review_appeal"

    decision_id: Mapped[int] = mapped_column(ForeignKey("review_decision.id"), unique=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("review_decision.id"), index=True)

    decision: Mapped[Decision] = relationship(foreign_keys=[decision_id])
    answer: Mapped[Decision | None] = relationship(foreign_keys=[answer_id])
    submission: Mapped[Submission] = relationship()


class SubmissionReport(Model):
    """A member says that something published breaks a clause; once for each member."""

    __tablename__ = "submission_report"
    __table_args__ = (UniqueConstraint("submission_id", "member_id"),)

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("standard_clause.id"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    submission: Mapped[Submission] = relationship(back_populates="reports")
    member: Mapped[Member] = relationship()
    clause: Mapped[Clause] = relationship()


class CheckTerms(Model):
    """The thresholds and word lists of the rules (`checks.Terms`) from `starts_at` until the next row. Never changed."""

    __tablename__ = "check_terms"

    number: Mapped[int] = mapped_column(unique=True)
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    starts_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    by: Mapped[User | None] = relationship()


class Feature(Public, Model):
    """Something published that people put in a featured slot from `starts_at` until `ends_at`, or until somebody ends it."""

    __tablename__ = "feature"
    __table_args__ = (
        Index("ix_feature_place_starts_at", "place", "starts_at"),
        Index("ix_feature_submission_id", "submission_id"),
    )

    place: Mapped[str] = mapped_column(String(32))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    note: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship()
    by: Mapped[User] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[Feature]:
        """Who reviews sees all of them."""
        return select(cls) if user.can(Permission.CONTENT_REVIEW) else select(cls).where(false())
