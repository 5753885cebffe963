"""Members of the circle and the handles by which channels know them."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import (
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    false,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from commons.accounts.models import User
from commons.db import Model, Public, index_of_filled
from commons.permissions import Permission

ERASED = "∅"


class PersonName(TypeDecorator[str]):
    """A person's name. Once it is erased, whoever reads it is told so in the reader's own language."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return str(_("A former member")) if value == ERASED else value


class Member(Public, Model):
    """A fan. Outlives the account: an erased member is a stub that keeps the ledgers in balance.

    One who turned out to be the same person as another is `merged_into` that one, who has the facts and the points since.
    """

    __tablename__ = "member"
    __table_args__ = (index_of_filled("ix_member_merged_into_id", "merged_into_id"),)

    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), unique=True)
    name: Mapped[str] = mapped_column(PersonName(60))
    joined_at: Mapped[datetime] = mapped_column(index=True)
    card_public: Mapped[bool] = mapped_column(default=False)
    erased_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    user: Mapped[User | None] = relationship()
    handles: Mapped[list[Handle]] = relationship(back_populates="member", order_by="Handle.id")

    @classmethod
    def visible_to(cls, user: User) -> Select[Member]:
        """Staff who may read profiles see everybody who counts; a fan sees himself."""
        if user.can(Permission.MEMBER_READ):
            return select(cls).where(cls.counts())
        return select(cls).where(cls.user_id == user.id) if user.is_authenticated else select(cls).where(false())

    @classmethod
    def counts(cls) -> ColumnElement[bool]:
        """Whether this is a person of the circle: not erased, and not part of another member by now."""
        return cls.erased_at.is_(None) & cls.merged_into_id.is_(None)


class Handle(Public, Model):
    """An identity on a channel: `(channel, external_id)` names one person there. May belong to a member, or to staff."""

    __tablename__ = "handle"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        # On PostgreSQL by code point (COLLATE "C"), see commons.beginnings; Alembic does not compare that.
        Index("ix_handle_name_folded", func.lower(literal_column("name"))),
        Index("ix_handle_external_id_folded", func.lower(literal_column("external_id"))),
    )

    channel: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(PersonName(120))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    first_seen_at: Mapped[datetime]

    member: Mapped[Member | None] = relationship(back_populates="handles")

    @property
    def is_brand(self) -> bool:
        """Whether this identity speaks for the brand (its words carry a label)."""
        return self.user_id is not None

    @property
    def acting_account(self) -> int | None:
        """The key of the account that acts under it, for the audit: of staff, or of the member whose handle it is."""
        return self.user_id or (self.member.user_id if self.member is not None else None)

    def is_same_person(self, other: Handle) -> bool:
        """Whether both are one identity, or belong to one member."""
        return self.id == other.id or (self.member_id is not None and self.member_id == other.member_id)
