"""Messages that go out: what was told and not seen yet, gathered into one, when the cap allows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from commons.db import db
from commons.jobs.leasing import take_due
from community.members.profiles import consents
from community.members.profiles.models import Purpose
from community.notices import capping, letters, wishes
from community.notices.models import Medium, Notice, NoticeWish
from community.notices.push import browsers
from community.notices.push.jobs import hand_over

LEASE = timedelta(minutes=10)
MOST_IN_ONE = 20
PURPOSES = {Medium.MAIL: Purpose.MAIL, Medium.PUSH: Purpose.PUSH}


def claim(at: datetime, limit: int) -> Sequence[int]:
    """Take up to `limit` wishes that are due; who takes them and is lost leaves them to be taken again."""
    return take_due(NoticeWish.due_at, at, limit, lease=LEASE)


def send(wish_id: int, at: datetime) -> None:
    """One message with all that waits for the member and goes the same way, now or when the cap allows it.

    What has waited longest says which way; what goes the other way waits for the next message. Called again it finds nothing.
    """
    query = select(NoticeWish).where(NoticeWish.id == wish_id, NoticeWish.due_at.is_not(None)).with_for_update()
    wish = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if wish is None:
        return
    waiting = waiting_for(wish, at)
    if not waiting:
        wish.due_at = None
        return
    if not capping.claim(wish.member, at):
        wish.due_at = _next_moment(wish, at)
        return
    way = waiting[-1][1]
    told = [notice for notice, by in waiting if by is way]
    (_mail if way is Medium.MAIL else _push)(wish, told, at)
    for notice in told:
        notice.sent_at, notice.sent_by = at, way
    wish.due_at = _next_moment(wish, at) if len(told) < len(waiting) else None
    db.session.flush()


def waiting_for(wish: NoticeWish, at: datetime) -> list[tuple[Notice, Medium]]:
    """What the member has not seen and was not sent, newest first, of what he wishes to be sent, and by which way."""
    since = {way: moment for way, moment in _since(wish).items() if _is_open(wish, way, at)}
    if not since:
        return []
    fresh = Notice.seen_at.is_(None), Notice.sent_at.is_(None), Notice.at >= min(since.values())
    query = select(Notice).where(Notice.member_id == wish.member_id, *fresh)
    found = db.session.scalars(query.order_by(Notice.at.desc(), Notice.id.desc())).all()
    ways = [(notice, wishes.way_of(wish, notice.kind, since)) for notice in found]
    return [(notice, way) for notice, way in ways if way is not None and notice.at >= since[way]]


def _since(wish: NoticeWish) -> dict[Medium, datetime]:
    """From when on each way is wished."""
    both = {Medium.MAIL: wish.mail_since, Medium.PUSH: wish.push_since}
    return {way: moment for way, moment in both.items() if moment is not None}


def _is_open(wish: NoticeWish, way: Medium, at: datetime) -> bool:
    """Whether anything can go out this way: the member allows it, and there is an address or a browser."""
    user = wish.member.user
    if user is None or user.ended_at is not None or not consents.given(wish.member_id, PURPOSES[way]):
        return False
    return user.email is not None if way is Medium.MAIL else bool(browsers.browsers_of(wish.member, at))


def _mail(wish: NoticeWish, told: Sequence[Notice], at: datetime) -> None:
    assert wish.member.user is not None
    letters.news(wish.member.user, wish.member, told[:MOST_IN_ONE], len(told), at)


def _push(wish: NoticeWish, told: Sequence[Notice], at: datetime) -> None:
    for browser in browsers.browsers_of(wish.member, at):
        hand_over(browser.id, [notice.id for notice in told])


def _next_moment(wish: NoticeWish, at: datetime) -> datetime:
    return max(capping.next_moment(wish.member, at), at + timedelta(minutes=1))
