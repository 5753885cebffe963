"""Posts that a person puts on a network by hand: given, reminded of, and answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Select, String, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons import events
from commons.accounts.models import User
from commons.db import Model, Public, db, random_id
from commons.errors import Invalid
from commons.permissions import Permission
from community.channels.models import ChannelAccount

REMINDED_AFTER = timedelta(minutes=10)
WAITED_FOR = timedelta(hours=2)


class NoAddress(Invalid):
    """What was pasted is no address of a post."""


class HandOver(Public, Model):
    """A publication that lies with a person since `given_at`. `key` names it, `request` is what is to be posted.

    After `until` nobody waits for the answer any more; it may still be given. The answer is either `url`, where it stands
    now, or `refusal`, why it does not.
    """

    __tablename__ = "hand_over"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    request: Mapped[dict[str, Any]]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    given_at: Mapped[datetime]
    until: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    url: Mapped[str] = mapped_column(String(500), default="")
    refusal: Mapped[str] = mapped_column(String(300), default="")

    account: Mapped[ChannelAccount] = relationship(lazy="joined")
    person: Mapped[User | None] = relationship(foreign_keys=[person_id], lazy="joined")

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    def is_for(self, user: User) -> bool:
        """Whether `user` may answer: whoever was asked, and whoever plans posts."""
        return self.person_id == user.id or user.can(Permission.POST_SCHEDULE)

    def posted(self, url: str, *, by: User, at: datetime) -> None:
        """It stands there now. Saying so twice is once. Raises `NoAddress`."""
        address = url.strip()
        if not _is_address(address):
            raise NoAddress(_("Paste the whole address of the post, beginning with https://."))
        self._answer("handoff.posted", by, at, url=address)

    def not_posted(self, reason: str, *, by: User, at: datetime) -> None:
        """It was not put there, and why."""
        self._answer(
            "handoff.refused", by, at, refusal=" ".join(reason.split())[:300] or str(_("No reason was given."))
        )

    def _answer(self, kind: str, by: User, at: datetime, *, url: str = "", refusal: str = "") -> None:
        if not self.is_open:
            return
        self.answered_at, self.answered_by_id, self.url, self.refusal = at, by.id, url, refusal
        db.session.flush()
        text = str(self.request["parts"][0]["text"])[:80]
        payload = {"text": text, "account": self.account.name, "url": url, "reason": refusal}
        events.track(
            kind, key=f"{kind}:{self.public_id}:{random_id()}", at=at, actor_id=by.id, subject=self, payload=payload
        )

    @classmethod
    def visible_to(cls, user: User) -> Select[HandOver]:
        return select(cls) if user.can(Permission.POST_READ) else select(cls).where(false())


def of_key(key: str) -> HandOver | None:
    """The hand-over of a publication."""
    query = select(HandOver).where(HandOver.key == key).with_for_update(of=HandOver)
    return db.session.scalar(query.execution_options(populate_existing=True))


def give(account: ChannelAccount, key: str, request: Mapping[str, Any], at: datetime) -> tuple[HandOver, bool]:
    """Lay a publication with the person of the account; whether that is news. One that lies there still is left alone,
    one that was answered or waited for in vain is given anew. Flushed.
    """
    found = of_key(key)
    if found is not None and found.is_open and at < found.until:
        return found, False
    person = person_of(account)
    found = found or HandOver(key=key, account_id=account.id)
    found.request, found.person_id = dict(request), person.id if person else None
    found.given_at, found.until, found.reminded_at = at, at + WAITED_FOR, None
    found.answered_at = found.answered_by_id = None
    found.url = found.refusal = ""
    db.session.add(found)
    db.session.flush()
    return found, True


def person_of(account: ChannelAccount) -> User | None:
    """Who posts there by hand; None when nobody is named, or he has left."""
    person = db.session.scalar(select(User).where(User.public_id == str(account.facts.get("person", ""))))
    return person if person is not None and person.is_active and person.is_staff else None


def unanswered() -> Sequence[HandOver]:
    """The last that lie with somebody, the oldest of them first. Some may have been settled otherwise (see `slots.waiting`)."""
    query = select(HandOver).where(HandOver.answered_at.is_(None)).order_by(HandOver.given_at.desc()).limit(200)
    return db.session.scalars(query).unique().all()[::-1]


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and len(text) <= 500
