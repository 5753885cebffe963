"""Our key for push services, and the browsers that take notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, String, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import SignIn, User
from commons.crypto import EncryptedJson
from commons.db import Model, Public
from community.members.models import Member


class PushKey(Model):
    """The key pair by which push services know this house: one for each `purpose`, made once.

    Browsers tie their address to the public half, so another key would lose all of them.
    """

    __tablename__ = "push_key"

    purpose: Mapped[str] = mapped_column(String(16), unique=True)
    secret: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    made_at: Mapped[datetime]


class PushBrowser(Public, Model):
    """A browser that takes the notices of a member, for as long as the sign-in lasts in which it was asked.

    `address` is what the browser gave: where its push service takes messages and the keys that seal them. Whoever has it can
    write to that browser, so it is kept encrypted, and `mark` (SHA-256 of the endpoint) stands for it. `misses` counts the
    messages in a row that could not be handed over.
    """

    __tablename__ = "push_browser"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_in.id", ondelete="CASCADE"), index=True)
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    agent: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    reached_at: Mapped[datetime | None]
    misses: Mapped[int] = mapped_column(default=0)

    member: Mapped[Member] = relationship()
    sign_in: Mapped[SignIn] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[PushBrowser]:
        """Everybody finds and removes the own browsers."""
        if not user.is_authenticated:
            return select(cls).where(false())
        return select(cls).join(Member, Member.id == cls.member_id).where(Member.user_id == user.id)
