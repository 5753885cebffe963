"""A domain for short links, and whether it has been shown to lead here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Select, String, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model, Public
from commons.permissions import Permission


class LinkDomain(Public, Model):
    """`host` in lower case, as the network writes it (punycode). Counts from `proved_at` on: then a request to it was seen to
    arrive here. `token` is what the proof has to answer. `default_since`: new links stand there; at most one domain has it.
    """

    __tablename__ = "link_domain"

    host: Mapped[str] = mapped_column(String(253), unique=True)
    token: Mapped[str] = mapped_column(String(32))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(300), default="")
    default_since: Mapped[datetime | None]

    made_by: Mapped[User] = relationship()

    @classmethod
    def visible_to(cls, user: User) -> Select[LinkDomain]:
        return select(cls) if user.can(Permission.LINK_READ) else select(cls).where(false())

    @property
    def shown_host(self) -> str:
        """The host as people read it."""
        try:
            return self.host.encode("ascii").decode("idna")
        except UnicodeError:
            return self.host
