"""What members tell about themselves, what they allow and for how long, and the guardians of the young."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from community.members.models import Member

BASIS_LENGTH = 300


class Field(enum.StrEnum):
    """What can be told; which values there are stands in `choices`. Interests are several, of the others there is one."""

    REGION = "region"
    AGE_BAND = "age_band"
    EDUCATION = "education"
    INTEREST = "interest"

    @property
    def is_several(self) -> bool:
        return self is Field.INTEREST


class Purpose(enum.StrEnum):
    """What a member may allow, each by itself."""

    PROFILE = "profile"
    RECOMMENDATIONS = "recommendations"
    STATISTICS = "statistics"
    MAIL = "mail"
    PUSH = "push"


class Source(enum.StrEnum):
    """Where an answer comes from."""

    FAN = "fan"
    STAFF = "staff"
    IMPORT = "import"
    SIGN_IN = "sign_in"


class Way(enum.StrEnum):
    """How a consent was given or taken back."""

    PROFILE_PAGE = "profile_page"
    NOTICES_PAGE = "notices_page"
    LINK_IN_A_MAIL = "link_in_a_mail"
    GUARDIAN = "guardian"
    TOO_YOUNG = "too_young"
    LIST = "list"


class Answer(Model):
    """One value that is known of a member. It stands only while the consent for `purpose` does, and is erased with it.

    `told_by` is the colleague who entered it, and `basis` why, unless the member said it himself.
    """

    __tablename__ = "profile_answer"
    __table_args__ = (
        UniqueConstraint("member_id", "field", "value"),
        Index(
            "uq_profile_answer_single",
            "member_id",
            "field",
            unique=True,
            postgresql_where=text("field <> 'interest'"),
            sqlite_where=text("field <> 'interest'"),
        ),
        Index("ix_profile_answer_field_value", "field", "value", "member_id"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    field: Mapped[Field] = mapped_column(word_enum(Field))
    value: Mapped[str] = mapped_column(String(32))
    source: Mapped[Source] = mapped_column(word_enum(Source), default=Source.FAN)
    basis: Mapped[str] = mapped_column(String(BASIS_LENGTH), default="")
    purpose: Mapped[Purpose] = mapped_column(word_enum(Purpose), default=Purpose.PROFILE)
    told_at: Mapped[datetime]
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    member: Mapped[Member] = relationship()
    told_by: Mapped[User | None] = relationship()


class Consent(Model):
    """That a member allowed something, from `given_at` until `withdrawn_at`: at most one is open for each purpose.

    `wording` is the version of the sentences that were read when it was given (see `wording.VERSIONS`).
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_open",
            "member_id",
            "purpose",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
            sqlite_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_consent_member_id", "member_id"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    purpose: Mapped[Purpose] = mapped_column(word_enum(Purpose))
    wording: Mapped[int]
    given_at: Mapped[datetime]
    given_way: Mapped[Way] = mapped_column(word_enum(Way))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_way: Mapped[Way | None] = mapped_column(word_enum(Way))

    member: Mapped[Member] = relationship()


class Decision(enum.StrEnum):
    """What a guardian said last."""

    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Guardianship(Public, Model):
    """That a guardian has to agree for a member, because of the age band that was told; open until staff lift it.

    `wanted` are the purposes that the member asks for. The link in the mail names the row and its `serial`, which moves on
    with every new address, so that an earlier address opens nothing.
    """

    __tablename__ = "guardianship"
    __table_args__ = (
        Index(
            "uq_guardianship_open",
            "member_id",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
            sqlite_where=text("lifted_at IS NULL"),
        ),
        Index("ix_guardianship_asked_at", "asked_at"),
    )

    LASTS = timedelta(days=30)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    band: Mapped[str] = mapped_column(String(32))
    required_at: Mapped[datetime]
    wanted: Mapped[list[Any]] = mapped_column(default=list)
    email: Mapped[str] = mapped_column(String(254), default="")
    serial: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None]
    decision: Mapped[Decision | None] = mapped_column(word_enum(Decision))
    decided_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lifted_basis: Mapped[str] = mapped_column(String(BASIS_LENGTH), default="")

    member: Mapped[Member] = relationship()
    lifted_by: Mapped[User | None] = relationship()

    @property
    def purposes(self) -> list[Purpose]:
        """What the member asks the guardian for, in the usual order."""
        return [purpose for purpose in Purpose if purpose in self.wanted]

    def state(self, at: datetime) -> str:
        """`agreed`, `refused`, `withdrawn`, or while nothing is decided `unnamed`, `asked`, `expired`."""
        if self.decision is not None:
            return self.decision.value
        if self.asked_at is None:
            return "unnamed"
        return "asked" if at < self.asked_at + self.LASTS else "expired"

    @classmethod
    def open_of(cls, member_id: int) -> Select[Guardianship]:
        """The open one of a member as it stands in the database now."""
        query = select(cls).where(cls.member_id == member_id, cls.lifted_at.is_(None))
        return query.execution_options(populate_existing=True)
