"""Keeping segments up to date: a fact marks its member in the same transaction, a worker looks at the marked ones after it.

Judging within the transaction of the fact would miss what another one, not committed yet, writes about the same member.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, delete, insert, select

from commons import bulk
from commons.db import db
from commons.events import Event
from commons.jobs.leasing import take_due
from community.members.models import Member
from community.members.segments import deciding
from community.members.segments.models import Segment, SegmentDue, SegmentMember

LEASE = timedelta(seconds=30)
AT_ONCE = 5000
ALWAYS = "member."
ROWS = cast("Table", SegmentMember.__table__)

Scope = Callable[[Any], ColumnElement[bool]]


def read(facts: Sequence[Event]) -> None:
    """Mark the members of facts after which somebody may come into a segment or leave one."""
    mine = [fact for fact in facts if fact.member_id is not None]
    wanted = _interests() if mine else set()
    rows = {
        (fact.member_id, fact.kind): fact.learnt_at
        for fact in mine
        if wanted and ("*" in wanted or fact.kind in wanted or fact.kind.startswith(ALWAYS))
    }
    _mark(rows)


def touch(member_ids: Collection[int], at: datetime, kind: str = "*") -> None:
    """Have members looked at again after a change of which there is no fact: in all segments, or in those that follow `kind`."""
    wanted = _interests() if member_ids else set()
    if wanted and (kind == "*" or not wanted.isdisjoint({"*", kind})):
        _mark({(member_id, kind): at for member_id in member_ids})


def claim(at: datetime, limit: int) -> Sequence[int]:
    """Marks to go through now: they are due again when nobody has done so within `LEASE`."""
    return take_due(SegmentDue.due_at, at, limit, lease=LEASE)


def follow(ids: Sequence[int], at: datetime) -> set[int]:
    """Look at the members of these marks in every segment concerned, and take the marks away. Which: all of them."""
    rows = db.session.execute(select(SegmentDue.member_id, SegmentDue.kind).where(SegmentDue.id.in_(ids))).all()
    if rows:
        settle({member_id for member_id, _kind in rows}, {kind for _member_id, kind in rows}, at)
        db.session.execute(delete(SegmentDue).where(SegmentDue.id.in_(ids)))
    return set(ids)


def follow_one(due_id: int, at: datetime) -> None:
    follow([due_id], at)


def settle(member_ids: Collection[int], kinds: Collection[str], at: datetime) -> None:
    """Put the members where they belong in the segments that facts of these kinds concern.

    A segment is locked before anybody is looked at: what is written then follows from what was committed before.
    """
    for segment in lock(_concerned(kinds)):
        came, went = put_right(segment, lambda column: column.in_(member_ids), at)
        segment.size += len(came) - len(went)


def put_right(segment: Segment, scope: Scope, at: datetime) -> tuple[Sequence[int], Sequence[int]]:
    """Bring the kept rows of a locked segment in line with its rules, among the members for whose id `scope(column)` holds.

    Who came and who went. The rules are asked once about each member, and mostly nothing has to be written.
    """
    fitting = set(db.session.scalars(deciding.matching(segment.rules, deciding.today(at)).where(scope(Member.id))))
    rows = select(ROWS.c.member_id).where(ROWS.c.segment_id == segment.id, scope(ROWS.c.member_id))
    kept = set(db.session.scalars(rows))
    came, went = sorted(fitting - kept), sorted(kept - fitting)
    if came:
        new = ((segment.id, member_id, at) for member_id in came)
        bulk.write(db.session.connection(), ROWS, ("segment_id", "member_id", "since"), new)
    for start in range(0, len(went), AT_ONCE):
        some = ROWS.c.member_id.in_(went[start : start + AT_ONCE])
        db.session.execute(delete(ROWS).where(ROWS.c.segment_id == segment.id, some))
    return came, went


def lock_all() -> Sequence[Segment]:
    """All segments as they stand now, closed to everybody else until the transaction ends; always in the same order."""
    return lock(select(Segment.id))


def lock(ids: Select[int] | Collection[int]) -> Sequence[Segment]:
    """Those of the segments that are not removed, locked as `lock_all` does."""
    query = select(Segment).where(Segment.id.in_(ids), Segment.removed_at.is_(None)).order_by(Segment.id)
    return db.session.scalars(query.with_for_update(key_share=True).execution_options(populate_existing=True)).all()


def _interests() -> set[str]:
    """The kinds of facts after which some segment may change."""
    rows = db.session.scalars(select(Segment.follows).where(Segment.removed_at.is_(None)))
    return {ALWAYS}.union(*found) if (found := list(rows)) else set()


def _mark(rows: dict[tuple[int | None, str], datetime]) -> None:
    if rows:
        marks = [{"member_id": member_id, "kind": kind, "due_at": at} for (member_id, kind), at in rows.items()]
        db.session.execute(insert(SegmentDue), marks)


def _concerned(kinds: Collection[str]) -> list[int]:
    """Ids of the segments that facts of these kinds concern. The others are not waited for: one may just be worked out."""
    rows = db.session.execute(select(Segment.id, Segment.follows).where(Segment.removed_at.is_(None)))
    is_for_all = any(kind == "*" or kind.startswith(ALWAYS) for kind in kinds)
    return [segment_id for segment_id, follows in rows if is_for_all or not {"*", *kinds}.isdisjoint(follows)]
