"""Rules and segments as the tests need them, and a plain judge that knows neither SQL nor the house's predicates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from commons.db import db
from commons.events import Evidence
from commons.permissions import Role
from community.members.models import Member
from community.members.segments import following, rebuilding, writing
from community.members.segments.models import Segment, SegmentMember
from community.members.segments.tree import Group, Join, Leaf
from community.members.segments.writing import Draft
from tests.factories import NOON, make_staff

SHANGHAI = timedelta(hours=8)


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


@dataclass
class Person:
    """What the plain judge knows of a member."""

    joined_at: datetime
    facts: list[tuple[str, datetime, Evidence]] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    points: int = 0
    region: str = ""
    is_young: bool = False


def fits(part: Group | Leaf, person: Person, at: datetime) -> bool:
    """Whether the rules hold of the person, decided by counting on fingers."""
    if isinstance(part, Group):
        inner = [fits(each, person, at) for each in part.parts]
        return {Join.ALL: all(inner), Join.ANY: any(inner), Join.NONE: not any(inner)}[part.join]
    values = part.values
    if part.kind == "joined":
        return _inside(person.joined_at, values, at)
    if part.kind == "tag":
        return values["tag"] in person.tags
    if part.kind == "profile.region":
        return bool(values["value"] == person.region)
    if part.kind == "points":
        points: int = values["points"]
        return person.points >= points if values["how"] == "at_least" else person.points <= points
    grades = list(Evidence)
    good = grades if not values["evidence"] else grades[: grades.index(Evidence(values["evidence"])) + 1]
    number = sum(
        kind == values["fact"] and proof in good and _inside(moment, values, at) for kind, moment, proof in person.facts
    )
    wanted = values["times"]
    return bool({"at_least": number >= wanted, "at_most": number <= wanted, "exactly": number == wanted}[values["how"]])


def _inside(moment: datetime, values: Any, at: datetime) -> bool:
    day, today = _day(moment), _day(at)
    if values["period"] == "last":
        return bool((today - day).days < values["days"])
    if values["period"] == "between":
        first, last = values["first"], values["last"]
        return (not first or day >= date.fromisoformat(first)) and (not last or day <= date.fromisoformat(last))
    return True


def _day(moment: datetime) -> date:
    return (moment.astimezone(UTC) + SHANGHAI).date()
