"""How handles were proven, the codes by which fans prove them, and how instances know this house."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.crypto import EncryptedJson
from commons.db import Model, Public, index_of_filled, word_enum
from community.members.merging.models import Proof
from community.members.models import Handle, Member


class HandleProof(Model):
    """A member has proven a handle in this way, first at `proven_at`. Stays when the handle is split off again."""

    __tablename__ = "handle_proof"
    __table_args__ = (UniqueConstraint("handle_id", "member_id", "proof"),)

    handle_id: Mapped[int] = mapped_column(ForeignKey("handle.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    proof: Mapped[Proof] = mapped_column(word_enum(Proof))
    proven_at: Mapped[datetime]

    handle: Mapped[Handle] = relationship()
    member: Mapped[Member] = relationship()


class HandleCode(Public, Model):
    """A word that a fan posts on a network, to be seen from which handle it comes.

    The first handle that posts it in time is `seen`; then the fan says whether that was he. Either answer ends the code, as
    does a newer one (`ended_at`).
    """

    __tablename__ = "handle_code"
    __table_args__ = (index_of_filled("ix_handle_code_handle_id", "handle_id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    handle_id: Mapped[int | None] = mapped_column(ForeignKey("handle.id"))
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()
    handle: Mapped[Handle | None] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[HandleCode]:
        """A fan sees the own codes; nobody else sees any."""
        query = select(cls).join(Member, Member.id == cls.member_id)
        return query.where(Member.user_id == user.id) if user.is_authenticated else query.where(false())

    def waits_for_post(self, at: datetime) -> bool:
        """Whether posting it would still prove something."""
        return self.handle_id is None and self.ended_at is None and at < self.expires_at

    @property
    def waits_for_answer(self) -> bool:
        """Whether somebody has posted it and the fan has not said yet who that was."""
        return self.handle_id is not None and self.ended_at is None


class InstanceApp(Model):
    """This house as an application of one Mastodon instance: made once, `checked_at` whenever the instance still knew it."""

    __tablename__ = "instance_app"

    base: Mapped[str] = mapped_column(String(300), unique=True)
    redirect_uri: Mapped[str] = mapped_column(String(300))
    credentials: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    checked_at: Mapped[datetime]
