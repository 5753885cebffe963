"""What a member was told, as the page shows it, and what of it is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from commons import paging
from commons.db import db
from community.members.models import Member
from community.notices.models import Notice

PAGE = 20


@dataclass(frozen=True)
class Page:
    """Some notices, newest first; `newest` is the newest one of all, whatever page this is."""

    notices: Sequence[Notice]
    has_older: bool
    number: int
    newest: Notice | None
    unseen: int


def page(member: Member, number: int) -> Page:
    query = select(Notice).where(Notice.member_id == member.id).order_by(Notice.at.desc(), Notice.id.desc())
    some = paging.page_of(query, number, PAGE)
    last = db.session.scalar(select(func.max(Notice.id)).where(Notice.member_id == member.id))
    newest = db.session.get_one(Notice, last) if last is not None else None
    return Page(some.rows, some.has_older, number, newest, unseen(member))


def unseen(member: Member) -> int:
    """How many notices the member has not had on the page yet."""
    query = select(func.count()).select_from(Notice)
    return db.session.scalar(query.where(Notice.member_id == member.id, Notice.seen_at.is_(None))) or 0


def see(member: Member, until: Notice, at: datetime) -> None:
    """Everything told up to `until` has been seen; what came later has not. Twice is once."""
    db.session.execute(
        update(Notice)
        .where(Notice.member_id == member.id, Notice.id <= until.id, Notice.seen_at.is_(None))
        .values(seen_at=at)
    )
