"""What a person was told, for the export of one's data; all of it goes when the person is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from commons.accounts.models import User
from commons.db import db
from community.members.merging import finding
from community.members.models import Member
from community.members.roster import member_of
from community.notices import wishes
from community.notices.models import Notice, NoticeWish, OutgoingMessage
from community.notices.push.models import PushBrowser
from community.notices.saying import say


def export(user: User) -> dict[str, Any]:
    """Every notice in words, and what the person wishes to be sent."""
    member = member_of(user)
    if member is None:
        return {}
    found = db.session.scalars(select(Notice).where(Notice.member_id == member.id).order_by(Notice.at, Notice.id))
    own, *others = finding.selves_of(member)
    return {
        "notices": [_plain(notice) for notice in found],
        **_wished(wishes.wish_of(own)),
        "notices_wished_as_another": [_wished(wishes.wish_of(other)) for other in others],
        "notices_browsers": [_browser(one) for one in _browsers([own, *others])],
        "messages_sent_at": [at.isoformat() for at in _sent(member.id)],
    }


def erase(user: User, _at: datetime) -> None:
    """Notices, wishes, browsers and the count of messages go. The member's tie to the account is still there at this moment."""
    own = select(Member.id).where(Member.user_id == user.id).scalar_subquery()
    for model in (Notice, NoticeWish, OutgoingMessage, PushBrowser):
        db.session.execute(delete(model).where(model.member_id == own))


def _plain(notice: Notice) -> dict[str, Any]:
    return {
        "at": notice.at.isoformat(),
        "words": say(notice),
        "seen_at": notice.seen_at.isoformat() if notice.seen_at else None,
        "sent_at": notice.sent_at.isoformat() if notice.sent_at else None,
        "sent_by": notice.sent_by.value if notice.sent_by else None,
    }


def _wished(wish: NoticeWish | None) -> dict[str, Any]:
    return {
        "notices_by_mail_since": wish.mail_since.isoformat() if wish and wish.mail_since else None,
        "notices_by_push_since": wish.push_since.isoformat() if wish and wish.push_since else None,
        "notices_pushed": wish.by_push if wish else [],
        "notices_without": wish.without if wish else [],
    }


def _sent(member_id: int) -> Sequence[datetime]:
    """When a message went out, which is what the cap counts."""
    query = select(OutgoingMessage.at).where(OutgoingMessage.member_id == member_id)
    return db.session.scalars(query.order_by(OutgoingMessage.at)).all()


def _browsers(member_ids: Sequence[int]) -> Sequence[PushBrowser]:
    query = select(PushBrowser).where(PushBrowser.member_id.in_(member_ids))
    return db.session.scalars(query.order_by(PushBrowser.made_at, PushBrowser.id)).all()


def _browser(one: PushBrowser) -> dict[str, Any]:
    """Without its address: whoever found the export could write to the browser."""
    return {
        "browser": one.agent,
        "since": one.made_at.isoformat(),
        "reached_at": one.reached_at.isoformat() if one.reached_at else None,
    }
