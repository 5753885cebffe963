"""What the pages about suspicions show: the lists, and one suspicion with its facts and a picture of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from commons.paging import Page, page_of
from commons.permissions import Permission
from community.loyalty.models import LedgerEntry
from community.loyalty.rules.people import member_in, other_of
from community.loyalty.watching import appealing, slots
from community.loyalty.watching.models import HeldEarning, Outcome, SuspectFact, SuspectMember, Suspicion
from community.members.models import Member

PAGE = 20
SHOWN = 100
WIDTH, CENTRE, RADIUS = 640.0, 150.0, 100.0


@dataclass(frozen=True)
class Row:
    """One fact: what it is, who stood behind it, what was said, and what of it is held."""

    fact: Event
    other: Member | None
    words: str
    growth: int
    points: int


@dataclass(frozen=True)
class Held:
    """What is held in all: growth and points."""

    growth: int
    points: int


@dataclass(frozen=True)
class HeldOf:
    """What is held of one member: of how many facts, and how much growth and points."""

    facts: int
    growth: int
    points: int


@dataclass(frozen=True)
class Tie:
    """A line of the ring's picture between two people, and how often the first gave to the second."""

    giver: Member
    taker: Member
    times: int
    ends: tuple[float, float, float, float]
    width: float


def listing(by: User, outcome: Outcome, number: int) -> Page[Suspicion]:
    """One page, the newest first."""
    query = Suspicion.visible_to(by).where(Suspicion.outcome == outcome).order_by(Suspicion.id.desc())
    people = selectinload(Suspicion.people).joinedload(SuspectMember.member)
    return page_of(query.options(people), number, PAGE)


def counts() -> dict[Outcome, int]:
    rows = db.session.execute(select(Suspicion.outcome, func.count()).group_by(Suspicion.outcome)).all()
    return {outcome: dict(rows).get(outcome, 0) for outcome in Outcome}


def waiting(user: User) -> int:
    """How many suspicions and appeals wait for this person's decision."""
    if not user.can(Permission.LOYALTY_WRITE):
        return 0
    return counts()[Outcome.OPEN] + appealing.waiting_for(user)


def about(member: Member) -> Sequence[Suspicion]:
    """Everything of the member that was ever held, the newest first."""
    query = select(Suspicion).join(SuspectMember, SuspectMember.suspicion_id == Suspicion.id)
    return db.session.scalars(query.where(SuspectMember.member_id == member.id).order_by(Suspicion.id.desc())).all()


def about_entry(entry: LedgerEntry) -> Suspicion | None:
    """By which what the entry earned, took back or gives again was held."""
    query = select(Suspicion).join(HeldEarning, HeldEarning.suspicion_id == Suspicion.id)
    mine = HeldEarning.event_id == entry.event_id, HeldEarning.rule_version_id == entry.rule_version_id
    return db.session.scalars(query.where(*mine)).one_or_none()


def held_of(suspicion: Suspicion, member: Member) -> HeldOf:
    mine = HeldEarning.suspicion_id == suspicion.id, HeldEarning.member_id == member.id
    growth, points = (func.coalesce(func.sum(column), 0) for column in (HeldEarning.growth, HeldEarning.points))
    sums = select(func.count(HeldEarning.event_id.distinct()), growth, points)
    return HeldOf(*map(int, db.session.execute(sums.where(*mine, HeldEarning.dropped_at.is_(None))).one()))


def held_in_all(suspicion: Suspicion) -> Held:
    sums = func.coalesce(func.sum(HeldEarning.growth), 0), func.coalesce(func.sum(HeldEarning.points), 0)
    mine = HeldEarning.suspicion_id == suspicion.id, HeldEarning.dropped_at.is_(None)
    growth, points = db.session.execute(select(*sums).where(*mine)).one()
    return Held(int(growth), int(points))


def facts_of(suspicion: Suspicion) -> tuple[Sequence[Row], int]:
    """The newest facts that it points at or that are held by it, and how many there are in all."""
    pointed = select(SuspectFact.event_id).where(SuspectFact.suspicion_id == suspicion.id)
    also = select(HeldEarning.event_id).where(HeldEarning.suspicion_id == suspicion.id)
    query = select(Event).where(Event.id.in_(pointed.union(also)))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    facts = db.session.scalars(query.order_by(Event.occurred_at.desc(), Event.id.desc()).limit(SHOWN)).all()
    others = _members({member_in(other_of(fact.payload)) for fact in facts})
    ids = [fact.id for fact in facts]
    held, said = _held(ids, suspicion), slots.said(ids)
    rows = [
        Row(
            fact,
            others.get(member_in(other_of(fact.payload)) or 0),
            said[fact.id].words if fact.id in said else "",
            *held.get(fact.id, (0, 0)),
        )
        for fact in facts
    ]
    return rows, total


def ties_of(suspicion: Suspicion) -> list[Tie]:
    """The lines of a ring's picture; its people stand on a circle."""
    pairs = suspicion.evidence.get("pairs", [])
    people = _members({member_id for giver, taker, _times in pairs for member_id in (giver, taker)})
    places = {member_id: _place(number, len(people)) for number, member_id in enumerate(sorted(people))}
    most = max((times for _giver, _taker, times in pairs), default=1)
    return [
        Tie(people[giver], people[taker], times, _line(places[giver], places[taker]), 1 + 4 * times / most)
        for giver, taker, times in pairs
        if giver in people and taker in people
    ]


def places_of(suspicion: Suspicion) -> list[tuple[Member, float, float]]:
    """Where each person of a ring stands in its picture."""
    people = _members({one for giver, taker, _times in suspicion.evidence.get("pairs", []) for one in (giver, taker)})
    return [(people[one], *_place(number, len(people))) for number, one in enumerate(sorted(people))]


def dots_of(rows: Sequence[Row]) -> list[float]:
    """Where each fact stands on a line of time that is `WIDTH` wide."""
    moments = [row.fact.occurred_at.timestamp() for row in rows]
    if not moments:
        return []
    first, span = min(moments), max(max(moments) - min(moments), 1)
    return [round(8 + (WIDTH - 16) * (moment - first) / span, 1) for moment in sorted(moments)]


def _held(event_ids: Sequence[int], suspicion: Suspicion) -> Mapping[int, tuple[int, int]]:
    query = select(HeldEarning.event_id, func.sum(HeldEarning.growth), func.sum(HeldEarning.points)).where(
        HeldEarning.suspicion_id == suspicion.id, HeldEarning.event_id.in_(event_ids), HeldEarning.dropped_at.is_(None)
    )
    rows = db.session.execute(query.group_by(HeldEarning.event_id))
    return {event_id: (int(growth), int(points)) for event_id, growth, points in rows}


def _members(ids: set[int | None] | set[int]) -> dict[int, Member]:
    wanted = [member_id for member_id in ids if member_id is not None]
    return {member.id: member for member in db.session.scalars(select(Member).where(Member.id.in_(wanted)))}


def _place(number: int, of: int) -> tuple[float, float]:
    turn = 2 * math.pi * number / max(1, of) - math.pi / (1 if of == 2 else 2)
    return round(CENTRE + RADIUS * math.cos(turn), 1), round(CENTRE + RADIUS * math.sin(turn), 1)


def _line(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float, float, float]:
    """From person to person, a little to the right of the straight way, and ending before the dot."""
    wide, high = end[0] - start[0], end[1] - start[1]
    length = math.hypot(wide, high) or 1.0
    aside, short = 5.0, 18.0
    across = (-high / length * aside, wide / length * aside)
    along = (wide / length * short, high / length * short)
    ends = (start[0] + across[0] + along[0], start[1] + across[1] + along[1])
    return tuple(round(value, 1) for value in (*ends, end[0] + across[0] - along[0], end[1] + across[1] - along[1]))  # type: ignore[return-value]
