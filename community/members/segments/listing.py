"""The members of a segment, on the page and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from commons import paging
from commons.accounts.models import User
from commons.db import db
from commons.zones import to_local
from community.members.models import Member
from community.members.segments.deciding import matching, today
from community.members.segments.models import Segment, SegmentMember

PAGE = 25
AT_ONCE = 500


@dataclass(frozen=True)
class Page:
    """Some members with the moment since when they are in, newest first, and whether more follow."""

    rows: Sequence[tuple[Member, datetime]]
    has_more: bool


def members_of(segment: Segment, by: User, page: int = 1, size: int = PAGE) -> Page:
    """One page of the members that `by` may see."""
    query = Member.visible_to(by).join(SegmentMember, SegmentMember.member_id == Member.id)
    rows = query.add_columns(SegmentMember.since).where(SegmentMember.segment_id == segment.id)
    ordered = rows.order_by(Member.id.desc()).offset((page - 1) * size).limit(size + 1)
    found = [(member, since) for member, since in db.session.execute(ordered)]
    return Page(found[:size], len(found) > size)


def table(segment: Segment, by: User, zone: str, at: datetime) -> Iterator[Sequence[object]]:
    """All members of the segment as rows for a spreadsheet, the heading first; read in pieces, from the rules themselves."""
    yield _("Name"), _("Number"), _("Joined"), _("Handles")
    fitting = matching(segment.rules, today(at))
    query = Member.visible_to(by).options(selectinload(Member.handles)).order_by(Member.id)
    last = 0
    while ids := db.session.scalars(fitting.where(Member.id > last).order_by(Member.id).limit(AT_ONCE)).all():
        last = ids[-1]
        for member in db.session.scalars(query.where(Member.id.in_(ids))).all():
            yield _cells(member, zone)


def listed(by: User, number: int) -> paging.Page[Segment]:
    """One page of the segments that `by` may see, by name."""
    query = Segment.visible_to(by).options(selectinload(Segment.rounds)).order_by(Segment.name, Segment.id)
    return paging.page_of(query, number, PAGE)


def total() -> int:
    """How many members there are in all."""
    return db.session.scalar(select(func.count(Member.id)).where(Member.counts())) or 0


def _cells(member: Member, zone: str) -> Sequence[object]:
    handles = " ".join(f"{handle.channel}:{handle.name}" for handle in member.handles)
    return member.name, member.public_id, to_local(member.joined_at, zone).strftime("%Y-%m-%d"), handles
