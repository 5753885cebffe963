"""Rules and segments as the tests need them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from commons.db import db
from commons.permissions import Role
from community.members.models import Member
from community.members.segments import following, rebuilding, writing
from community.members.segments.models import Segment, SegmentMember
from community.members.segments.tree import Group, Join, Leaf
from community.members.segments.writing import Draft
from tests.factories import NOON, make_staff


def times(fact: str, number: int = 1, how: str = "at_least", evidence: str = "", **period: Any) -> Leaf:
    """So many facts of a kind; at any time unless `period` says otherwise."""
    when = {"period": "ever", "days": 30, "first": None, "last": None} | period
    return Leaf("facts", {"fact": fact, "how": how, "times": number, "evidence": evidence, **when})


def joined(**period: Any) -> Leaf:
    return Leaf("joined", {"period": "ever", "days": 30, "first": None, "last": None} | period)


def every(*parts: Group | Leaf) -> Group:
    return Group(Join.ALL, parts)


def one(*parts: Group | Leaf) -> Group:
    return Group(Join.ANY, parts)


def none(*parts: Group | Leaf) -> Group:
    return Group(Join.NONE, parts)


def make_segment(rules: Group, name: str = "常来的人", at: datetime = NOON, everybody: bool = True) -> Segment:
    """A segment whose members are worked out."""
    segment = writing.make(Draft(name, rules, everybody_is_meant=everybody), by=make_staff(Role.CAMPAIGN_LEAD), at=at)
    work_out(segment, at)
    return segment


def work_out(segment: Segment, at: datetime) -> None:
    """Bring the round that is under way to its end."""
    begun = segment.round
    while begun is not None and rebuilding.step(begun.id, at, chunk=3):
        pass
    db.session.flush()
    db.session.expire_all()


def catch_up(at: datetime) -> None:
    """Look at everybody who is marked."""
    while ids := following.claim(at, 1000):
        following.follow(ids, at)
    db.session.flush()


def kept(segment: Segment) -> set[int]:
    """The members whose rows say that they are in."""
    return set(db.session.scalars(select(SegmentMember.member_id).where(SegmentMember.segment_id == segment.id)))


def ids_of(*members: Member) -> set[int]:
    return {member.id for member in members}
