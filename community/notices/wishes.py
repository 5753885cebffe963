"""Where else than on the page a member wants to be told, as easily taken back as given."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, literal, null, or_, select, update

from commons.db import db, insert_new
from community.members.profiles import allowing
from community.members.profiles.models import Purpose, Way
from community.notices.models import Medium, NoticeWish
from community.notices.saying import topic_of, topics

# What happens within a few minutes goes into one message.
PATIENCE = timedelta(minutes=5)


def wish_of(member_id: int) -> NoticeWish | None:
    """What the member wishes; None for one who never said anything, and so is told on the page only."""
    return db.session.scalars(select(NoticeWish).where(NoticeWish.member_id == member_id)).one_or_none()


def change(
    member_id: int,
    *,
    mail: bool,
    without: Collection[str],
    at: datetime,
    push: bool = False,
    by_push: Collection[str] = (),
) -> NoticeWish:
    """From now on: by which ways, and about what. What was told before a way was wished is not sent by it later.

    Each way is a consent, given and withdrawn with this. Where a guardian has to agree to it first, there is none yet.
    """
    mail = _settle(member_id, Purpose.MAIL, mail, at)
    push = _settle(member_id, Purpose.PUSH, push, at)
    wish = _locked(member_id)
    wish.mail_since = (wish.mail_since or at) if mail else None
    wish.push_since = (wish.push_since or at) if push else None
    wish.without, wish.by_push = sorted(without), sorted(by_push)
    if not (mail or push):
        wish.due_at = None
    db.session.flush()
    return wish


def waits(wished: Mapping[str, Any], kept: NoticeWish) -> bool:
    """Whether a guardian has yet to agree to something that was wished."""
    return (wished["mail"] and kept.mail_since is None) or (wished["push"] and kept.push_since is None)


def take_pushes(member_id: int, at: datetime) -> bool:
    """A browser was asked for: pushes are allowed from now on. Whether they are: a guardian may have to agree first."""
    if not _settle(member_id, Purpose.PUSH, True, at):
        return False
    start_push(member_id, at)
    return True


def start_mail(member_id: int, at: datetime) -> None:
    """By mail from now on, about all that is neither left out nor pushed. Twice is once."""
    wish = _locked(member_id)
    wish.mail_since = wish.mail_since or at
    db.session.flush()


def start_push(member_id: int, at: datetime) -> None:
    """By push from now on: unless the member has chosen before, all that is not left out. Twice is once."""
    wish = _locked(member_id)
    wish.push_since = wish.push_since or at
    if not wish.by_push:
        wish.by_push = sorted(topic for topic in topics() if topic not in wish.without)
    db.session.flush()


def stop_mail(member_id: int) -> None:
    """No more mail from now on; what is pushed still is. Twice is once."""
    due = case((NoticeWish.push_since.is_(None), null()), else_=NoticeWish.due_at)
    stopped = update(NoticeWish).where(NoticeWish.member_id == member_id).values(mail_since=None, due_at=due)
    db.session.execute(stopped)


def stop_push(member_id: int) -> None:
    """No more pushes from now on; what is mailed still is. Twice is once."""
    due = case((NoticeWish.mail_since.is_(None), null()), else_=NoticeWish.due_at)
    stopped = update(NoticeWish).where(NoticeWish.member_id == member_id).values(push_since=None, due_at=due)
    db.session.execute(stopped)


def way_about(wish: NoticeWish | None, topic: str) -> Medium | None:
    """How the member wants to be told about a topic besides on the page; None: not at all."""
    if wish is None or topic in wish.without:
        return None
    if topic in wish.by_push:
        return Medium.PUSH if wish.push_since is not None else None
    return Medium.MAIL if wish.mail_since is not None else None


def way_of(wish: NoticeWish, kind: str, open_ways: Collection[Medium]) -> Medium | None:
    """By which of the `open_ways` what is told under `kind` goes out. Without a browser that takes it, a push is a mail."""
    topic = topic_of(kind)
    way = way_about(wish, topic)
    if way is Medium.PUSH and Medium.PUSH not in open_ways:
        way = Medium.MAIL
    return way if way in open_ways else None


def wake(member_id: int, at: datetime) -> None:
    """Something was told: look soon whether it is to be sent.

    The row is written also when nothing changes in it, so that whoever is sending at this moment is waited for.
    """
    soon = literal(at + PATIENCE, NoticeWish.due_at.type)
    sooner = case((NoticeWish.due_at < soon, NoticeWish.due_at), else_=soon)
    db.session.execute(
        update(NoticeWish)
        .where(
            NoticeWish.member_id == member_id,
            or_(NoticeWish.mail_since.is_not(None), NoticeWish.push_since.is_not(None)),
        )
        .values(due_at=sooner)
        .execution_options(synchronize_session=False)
    )


def _locked(member_id: int) -> NoticeWish:
    insert_new(NoticeWish, {"member_id": member_id})
    return db.session.scalars(select(NoticeWish).where(NoticeWish.member_id == member_id).with_for_update()).one()


def _settle(member_id: int, purpose: Purpose, wished: bool, at: datetime) -> bool:
    """The consent as it was chosen; whether there is one then."""
    if wished:
        return allowing.give(member_id, purpose, Way.NOTICES_PAGE, at)
    allowing.withdraw(member_id, purpose, Way.NOTICES_PAGE, at)
    return False
