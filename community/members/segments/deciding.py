"""Who is in a segment, decided from the rules themselves: in SQL over `Member`, for one, for some, or for all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select

from commons import clock, zones
from commons.db import db
from community.members.models import Member
from community.members.segments import slots
from community.members.segments.conditions import Condition
from community.members.segments.models import Segment
from community.members.segments.tree import Group, Join, Leaf, leaves

EXACT_UP_TO = 20_000
"""In a larger circle the live count asks every n-th member, so that nobody waits."""
AT_ONCE = 1000


@dataclass(frozen=True)
class Count:
    """How many of `total` members fit. `one_of` is 1 when all were asked; else every so manieth stood for the others."""

    members: int
    total: int
    one_of: int = 1

    @property
    def is_everybody(self) -> bool:
        return self.total > 0 and self.members >= self.total


def contains(segment_id: int, member_ids: Collection[int]) -> set[int]:
    """Those of the members who are in the segment at this moment, with everything this transaction has written so far.

    Asked of the rules, not of the kept rows, so that a rule that pays for a fact never waits for them. Nobody is in a
    segment that was removed.
    """
    segment = db.session.get(Segment, segment_id)
    if segment is None or segment.removed_at is not None:
        return set()
    found: set[int] = set()
    ids = sorted(set(member_ids))
    fitting = matching(segment.rules, today(clock.now()))
    for start in range(0, len(ids), AT_ONCE):
        found |= set(db.session.scalars(fitting.where(Member.id.in_(ids[start : start + AT_ONCE]))))
    return found


def matching(rules: Group, day: date) -> Select[int]:
    """The ids of all members who fit; erased ones and those who are part of another member never do."""
    return select(Member.id).where(Member.counts(), holds(rules, day))


def count(rules: Group, at: datetime) -> Count:
    """How many fit, at once: exact in a small circle, estimated in a large one."""
    total = db.session.scalar(select(func.count(Member.id)).where(Member.counts())) or 0
    one_of = max(1, ceil(total / EXACT_UP_TO))
    fitting = matching(rules, today(at)).where(Member.id % one_of == 0) if one_of > 1 else matching(rules, today(at))
    found = db.session.scalar(select(func.count()).select_from(fitting.subquery())) or 0
    if one_of == 1:
        return Count(found, total)
    asked = db.session.scalar(select(func.count(Member.id)).where(Member.counts(), Member.id % one_of == 0))
    return Count(round(found * total / max(1, asked or 0)), total, one_of)


def follows(rules: Group) -> set[str]:
    """After which kinds of facts somebody may turn out to fit otherwise, also through the segments that are asked about."""
    return {fact for kind, leaf in _known(rules) for fact in kind.follows(leaf.values)}


def drifts(rules: Group) -> bool:
    """Whether a new day alone may change who fits."""
    return any(kind.drifts(leaf.values) for kind, leaf in _known(rules))


def holds(part: Group | Leaf, day: date) -> ColumnElement[bool]:
    """Whether the tree holds of `Member` on `day`. A kind of condition that no room knows any more holds of nobody."""
    if isinstance(part, Leaf):
        kind = slots.kinds().get(part.kind)
        return kind.holds(part.values, day) if kind is not None else false()
    inner = [holds(each, day) for each in part.parts]
    if part.join is Join.ALL:
        return and_(*inner)
    return or_(*inner) if part.join is Join.ANY else not_(or_(*inner))


def _known(rules: Group) -> Iterator[tuple[Condition, Leaf]]:
    """The conditions of the rules that some room knows."""
    kinds = slots.kinds()
    return ((kinds[leaf.kind], leaf) for leaf in leaves(rules) if leaf.kind in kinds)


def today(at: datetime) -> date:
    """The calendar day of the house: periods of conditions begin and end at its midnights."""
    return zones.day_of(at, zones.DEFAULT_ZONE)
