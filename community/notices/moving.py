"""What becomes of notices when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from commons.db import db
from community.members.merging import rows
from community.members.merging.models import Merge
from community.members.merging.moving import Carries, Moves, Stays
from community.members.models import Member
from community.notices.models import Notice, NoticeWish, OutgoingMessage
from community.notices.push.models import PushBrowser


def rules() -> Sequence[Moves | Stays | Carries]:
    """For every table of the room that names a member."""
    return (
        Moves(Notice.member_id, _l("Notices")),
        Stays(
            NoticeWish.member_id,
            "a wish to be written to speaks of the address of that self, and is not given for another",
        ),
        Stays(PushBrowser.member_id, "a browser was asked for the notices of that self, and is not given for another"),
        Carries((OutgoingMessage.member_id,), carry=_count_together, give_back=_count_apart),
    )


def _count_together(merge: Merge, to_id: int, _key: str, _at: datetime) -> None:
    """One person, one cap: what went out to either counts."""
    theirs = select(OutgoingMessage.id).where(OutgoingMessage.member_id == merge.other_id)
    ids = db.session.scalars(theirs.order_by(OutgoingMessage.id)).all()
    _move(ids, to_id)
    rows.note(merge, OutgoingMessage.__tablename__, ids)


def _count_apart(merge: Merge, holder: Member, _at: datetime) -> None:
    went = rows.went(merge, OutgoingMessage.__tablename__)
    theirs = select(OutgoingMessage.id).where(OutgoingMessage.id.in_(went), OutgoingMessage.member_id == holder.id)
    _move(db.session.scalars(theirs.order_by(OutgoingMessage.id)).all(), merge.other_id)


def _move(ids: Sequence[int], to_id: int) -> None:
    """Each becomes the next of its month with the other member."""
    for message_id in ids:
        message = db.session.get_one(OutgoingMessage, message_id, populate_existing=True)
        there = (OutgoingMessage.member_id == to_id, OutgoingMessage.month == message.month)
        last = db.session.scalar(select(func.max(OutgoingMessage.number)).where(*there)) or 0
        message.member_id, message.number = to_id, last + 1
        db.session.flush()
