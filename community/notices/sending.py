"""Messages that go out: what was told and not seen yet, gathered into one, when the cap allows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from commons.db import db
from community.members.profiles import consents
from community.members.profiles.models import Purpose
from community.notices import capping, letters, wishes
from community.notices.models import Notice, NoticeWish

LEASE = timedelta(minutes=10)
MOST_IN_ONE = 20


def claim(at: datetime, limit: int) -> Sequence[int]:
    """Take up to `limit` wishes that are due; who takes them and is lost leaves them to be taken again."""
    due = select(NoticeWish.id).where(NoticeWish.due_at <= at).order_by(NoticeWish.due_at).limit(limit)
    change = (
        update(NoticeWish)
        .where(NoticeWish.id.in_(due.with_for_update(skip_locked=True).scalar_subquery()))
        .values(due_at=at + LEASE)
        .returning(NoticeWish.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalars(change).all()


def send(wish_id: int, at: datetime) -> None:
    """One message with all that waits for the member, now or when the cap allows it. Called again it finds nothing."""
    query = select(NoticeWish).where(NoticeWish.id == wish_id, NoticeWish.due_at.is_not(None)).with_for_update()
    wish = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if wish is None:
        return
    waiting = waiting_for(wish) if consents.given(wish.member_id, Purpose.MAIL) else []
    user = wish.member.user
    if not waiting or user is None or user.email is None or user.ended_at is not None:
        wish.due_at = None
        return
    if not capping.claim(wish.member, at):
        wish.due_at = max(capping.next_moment(wish.member, at), at + timedelta(minutes=1))
        return
    letters.news(user, wish.member, waiting[:MOST_IN_ONE], len(waiting), at)
    for notice in waiting:
        notice.sent_at = at
    wish.due_at = None
    db.session.flush()


def waiting_for(wish: NoticeWish) -> Sequence[Notice]:
    """What the member has not seen and was not sent, newest first, of what he wishes to be sent."""
    if wish.mail_since is None:
        return []
    fresh = Notice.seen_at.is_(None), Notice.sent_at.is_(None), Notice.at >= wish.mail_since
    query = select(Notice).where(Notice.member_id == wish.member_id, *fresh)
    found = db.session.scalars(query.order_by(Notice.at.desc(), Notice.id.desc()))
    return [notice for notice in found if wishes.wants(wish, notice.kind)]
