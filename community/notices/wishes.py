"""Where else than on the page a member wants to be told, as easily taken back as given."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import case, literal, select, update

from commons.db import db, insert_new
from community.members.profiles import allowing
from community.members.profiles.models import Purpose, Way
from community.notices.models import NoticeWish
from community.notices.saying import topic_of

# What happens within a few minutes goes into one message.
PATIENCE = timedelta(minutes=5)


def wish_of(member_id: int) -> NoticeWish | None:
    """What the member wishes; None for one who never said anything, and so is told on the page only."""
    return db.session.scalars(select(NoticeWish).where(NoticeWish.member_id == member_id)).one_or_none()


def change(member_id: int, *, mail: bool, without: Collection[str], at: datetime) -> NoticeWish:
    """From now on: by mail or not, and about which topics not. What was told before is not sent later.

    Mail is a consent, given and withdrawn with this. Where a guardian has to agree to it first, there is none yet.
    """
    mail = _settle(member_id, Purpose.MAIL, mail, at)
    insert_new(NoticeWish, {"member_id": member_id})
    wish = db.session.scalars(select(NoticeWish).where(NoticeWish.member_id == member_id).with_for_update()).one()
    wish.mail_since = (wish.mail_since or at) if mail else None
    wish.without = sorted(without)
    if not mail:
        wish.due_at = None
    db.session.flush()
    return wish


def start_mail(member_id: int, at: datetime) -> None:
    """By mail from now on, about all that is not left out. Twice is once."""
    insert_new(NoticeWish, {"member_id": member_id})
    wish = db.session.scalars(select(NoticeWish).where(NoticeWish.member_id == member_id).with_for_update()).one()
    wish.mail_since = wish.mail_since or at
    db.session.flush()


def stop_mail(member_id: int) -> None:
    """No more mail from now on. Twice is once."""
    stopped = update(NoticeWish).where(NoticeWish.member_id == member_id).values(mail_since=None, due_at=None)
    db.session.execute(stopped)


def wants(wish: NoticeWish, kind: str) -> bool:
    """Whether the member wants to be sent what is told under `kind`."""
    return wish.mail_since is not None and topic_of(kind) not in wish.without


def _settle(member_id: int, purpose: Purpose, wished: bool, at: datetime) -> bool:
    """The consent as it was chosen; whether there is one then."""
    if wished:
        return allowing.give(member_id, purpose, Way.NOTICES_PAGE, at)
    allowing.withdraw(member_id, purpose, Way.NOTICES_PAGE, at)
    return False


def wake(member_id: int, at: datetime) -> None:
    """Something was told: look soon whether it is to be sent.

    The row is written also when nothing changes in it, so that whoever is sending at this moment is waited for.
    """
    soon = literal(at + PATIENCE, NoticeWish.due_at.type)
    sooner = case((NoticeWish.due_at < soon, NoticeWish.due_at), else_=soon)
    db.session.execute(
        update(NoticeWish)
        .where(NoticeWish.member_id == member_id, NoticeWish.mail_since.is_not(None))
        .values(due_at=sooner)
        .execution_options(synchronize_session=False)
    )
