"""Ways into an account besides the password, and the ways to a provider that were begun."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.crypto import EncryptedJson
from commons.db import Model, Public, word_enum


class Identity(Public, Model):
    """Who a person is at a provider: `(issuer, subject)` names one person there, and opens one account here.

    `name` is what the provider called the person last. No token is kept: none is needed after the answer.
    """

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    provider: Mapped[str] = mapped_column(String(20))
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(120))
    linked_at: Mapped[datetime]
    used_at: Mapped[datetime]

    user: Mapped[User] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[Identity]:
        """Everybody sees only the own, and those of accounts that lead to the own."""
        mine = select(User.id).where((User.id == user.id) | (User.leads_to_id == user.id))
        return select(cls).where(cls.user_id.in_(mine))


class Purpose(enum.StrEnum):
    """What somebody was sent to a provider for."""

    SIGN_IN = "sign_in"
    LINK = "link"
    KNOWN = "known"


class IdentityRequest(Model):
    """Somebody was sent to a provider and may come back once, until `expires_at`, in the same browser.

    `state` and `browser` are hashes of the word in the address and of the secret in the browser's session. `user_id` is who
    was signed in to link. Of the purpose `known` it is what came after: `kept` is then the proven identity, which waits until
    its owner opens the account of `user_id`, which has the same mail address.
    """

    __tablename__ = "identity_request"

    state: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(64), index=True)
    provider: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[Purpose] = mapped_column(word_enum(Purpose))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    kept: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    next: Mapped[str] = mapped_column(String(300), default="")
    expires_at: Mapped[datetime] = mapped_column(index=True)

    user: Mapped[User | None] = relationship()
