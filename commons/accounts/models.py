"""Accounts: who signs in, from where, and by which invitation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Select, String, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons import permissions
from commons.accounts.names import PersonName
from commons.db import Model, Public, index_of_filled, word_enum
from commons.permissions import Permission, Role
from commons.zones import DEFAULT_ZONE


class User(Public, Model):
    """An account. Personal fields are empty once it is erased; the row stays as the stub of its facts.

    Whoever signs in with an account that `leads_to` another one of the same person is signed in as that one.
    """

    __tablename__ = "user_account"
    __table_args__ = (index_of_filled("ix_user_account_leads_to_id", "leads_to_id"),)

    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(PersonName(60))
    role: Mapped[Role] = mapped_column(word_enum(Role), default=Role.FAN)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    language: Mapped[str | None] = mapped_column(String(10))
    zone: Mapped[str] = mapped_column(String(64), default=DEFAULT_ZONE)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    leads_to_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    leads_to: Mapped[User | None] = relationship(remote_side="User.id")

    @property
    def is_staff(self) -> bool:
        return self.role.is_staff

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        """Whether this account may sign in: confirmed, not ended, not erased."""
        return self.confirmed_at is not None and self.ended_at is None and self.erased_at is None

    @property
    def is_anonymous(self) -> bool:
        return False

    def can(self, permission: Permission) -> bool:
        return self.is_active and permissions.allows(self.role, permission)

    @classmethod
    def visible_to(cls, user: User) -> Select[User]:
        """Those who manage staff see every account; everybody else only their own."""
        query = select(cls)
        return query if user.can(Permission.STAFF_MANAGE) else query.where(cls.id == user.id)


class SignIn(Public, Model):
    """One signed-in browser. The session cookie names it; ending it signs that browser out.

    `address` is the network address that a browser of staff was last seen at: some networks ask for that of whoever posts.
    """

    __tablename__ = "sign_in"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")

    @classmethod
    def visible_to(cls, user: User) -> Select[SignIn]:
        """Everybody sees and ends only the own browsers."""
        own = select(User.id).where((User.id == user.id) | (User.leads_to_id == user.id))
        return select(cls).where(cls.user_id.in_(own))


class Invitation(Public, Model):
    """An invitation of one mail address to one staff role; the token in the mail is kept only as a hash."""

    __tablename__ = "invitation"

    email: Mapped[str] = mapped_column(String(254), index=True)
    role: Mapped[Role] = mapped_column(word_enum(Role))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    invited_by: Mapped[User | None] = relationship(foreign_keys=[invited_by_id])

    @classmethod
    def visible_to(cls, user: User) -> Select[Invitation]:
        """Invitations are for those who manage staff."""
        return select(cls) if user.can(Permission.STAFF_MANAGE) else select(cls).where(false())

    def is_open(self, at: datetime) -> bool:
        """Whether the link in the mail still works."""
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at

    def state(self, at: datetime) -> str:
        """`accepted`, `withdrawn`, `expired` or `invited`."""
        if self.accepted_at is not None:
            return "accepted"
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "invited" if at < self.expires_at else "expired"


class MailToken(Model):
    """A single-use secret sent by mail, for one `purpose`; kept only as a hash. `email` is the new address of a change."""

    __tablename__ = "mail_token"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
