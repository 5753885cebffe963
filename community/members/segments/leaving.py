"""What the room knows about a person, for the export of one's data, and what goes when the person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from commons.accounts.models import User
from commons.db import changed, db
from community.members.models import Member
from community.members.roster import member_of
from community.members.segments.models import Segment, SegmentMember


def export(user: User) -> dict[str, Any]:
    """The groups that the brand has put the person into, and since when."""
    member = member_of(user)
    if member is None:
        return {}
    return {"segments": [{"name": segment.name, "since": since.isoformat()} for segment, since in of_member(member)]}


def erase(user: User, at: datetime) -> None:
    """The person is in no group any more. To be called before the tie to the account is cut."""
    member = member_of(user)
    if member is None:
        return
    for segment, _since in of_member(member):
        changed(update(Segment).where(Segment.id == segment.id).values(size=Segment.size - 1))
    db.session.execute(delete(SegmentMember).where(SegmentMember.member_id == member.id))


def of_member(member: Member) -> list[tuple[Segment, datetime]]:
    """The segments that the member is in, by name, each with the moment since when."""
    query = select(Segment, SegmentMember.since).join(SegmentMember, SegmentMember.segment_id == Segment.id)
    found = query.where(SegmentMember.member_id == member.id, Segment.removed_at.is_(None)).order_by(Segment.name)
    return [(segment, since) for segment, since in db.session.execute(found)]
