"""What came in for a merged self, or for a handle that was nobody's, while the two were being joined: it is not left behind.

Somebody may have been writing at the very moment of a merge, for the member as he was before. A short while after, and once a
night for all, somebody looks.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from commons import jobs
from commons.db import db
from community.members.merging import facts, finding, moving, rows
from community.members.merging.models import Merge
from community.members.models import Handle

SOON = timedelta(minutes=1)


def later(at: datetime, *, merge_id: int = 0, handle_id: int = 0) -> None:
    """Look after a short while at this merge or at this handle."""
    jobs.send("members.gather", due=at + SOON, merge_id=merge_id, handle_id=handle_id)


def gather_merge(merge: Merge, at: datetime, *, soon: bool = False) -> int:
    """Carry along what the merged self got since; how many rows that were. Nothing for a merge that was taken back.

    Only `soon` after it also rows of which a member has one: later the kept self may have done away with his on purpose.
    """
    holder = finding.closed_with(merge.other)
    db.session.refresh(merge, with_for_update=True)
    if merge.split_at is not None:
        return 0
    plain = [rule for rule in moving.plain() if soon or rule.once_for is None]
    late = sum(rows.carry(rule, merge, holder.id) for rule in plain)
    db.session.expire_all()
    for room in moving.special():
        room.carry(merge, holder.id, f"{merge.key}:{at:%y%m%d%H%M}", at)
    if late:
        for room in moving.special():
            room.settle([holder.id], at)
    return late


def gather_handle(handle: Handle, at: datetime) -> int:
    """Give facts that are nobody's to the member whose handle brought them about; how many there were."""
    if handle.member_id is None:
        return 0
    member = finding.by_id(handle.member_id)
    ids = facts.follow_handles([handle.id], None, member.id)
    facts.learn(ids, at)
    return len(ids)


def all_after(merge_id: int, limit: int = 200) -> list[int]:
    """The next merges that stand, by id."""
    query = select(Merge.id).where(Merge.id > merge_id, Merge.split_at.is_(None)).order_by(Merge.id)
    return list(db.session.scalars(query.limit(limit)))
