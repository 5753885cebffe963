"""What is ahead of a fan's points: by what more of them come, and when those that are there open or expire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from commons import zones
from commons.admin import brand
from commons.db import db
from commons.i18n import Words
from community.loyalty.lots import IS_OPEN, IS_PENDING
from community.loyalty.models import Currency, LedgerAccount, Lot
from community.loyalty.rules import limits
from community.loyalty.rules import versions as rules
from community.loyalty.rules.past import segments_of
from community.loyalty.rules.verdicts import Terms
from community.members.models import Member
from community.members.zones import zone_of


@dataclass(frozen=True)
class Way:
    """Something that brings growth or points: what a fan does, what that brings, and within which limits."""

    kind: str
    rule: Words
    growth: int
    points: int
    limits: Sequence[str]


@dataclass(frozen=True)
class Part:
    """So many points that open on a `day`, or expire in the month that begins on it; None: never."""

    day: date | None
    points: int


@dataclass(frozen=True)
class Points:
    """All that a member has: `available` by the month in which it expires, `pending` by the day on which it opens.

    `owed` is what the next points go to first.
    """

    available: Sequence[Part]
    pending: Sequence[Part]
    owed: int


def ways(member: Member, at: datetime) -> list[Way]:
    """What earns something for this member now, in the order in which the rules were made."""
    today = zones.day_of(at, brand.shown().zone)
    known = [(rule, terms) for rule in rules.all_rules() if (terms := rules.current(rule, at)) is not None]
    mine = {None} | segments_of([member.id], [terms for _rule, terms in known]).get(member.id, frozenset())
    return [
        Way(rule.event_kind, rule.name, terms.growth, terms.points, _limits(terms))
        for rule, terms in known
        if terms.pays and _is_open(terms, today) and terms.segment_id in mine
    ]


def points_of(member: Member) -> Points:
    """What the member has, what is still pending, and what is owed."""
    return Points(
        available=_parts(member, Lot.expires_at, IS_OPEN, by_month=True),
        pending=_parts(member, Lot.available_at, IS_PENDING),
        owed=-sum(amount for _moment, amount in _sums(member, Lot.expires_at, Lot.remaining < 0)),
    )


def _is_open(terms: Terms, today: date) -> bool:
    return (terms.first_day is None or terms.first_day <= today) and (terms.last_day is None or today <= terms.last_day)


def _limits(terms: Terms) -> Sequence[str]:
    """As a fan reads them: what the team calls its segments, and when it takes back, is not part of it."""
    return limits.limits(replace(terms, segment_id=None, allow_negative=False))


def _parts(member: Member, moment: Any, which: ColumnElement[bool], *, by_month: bool = False) -> list[Part]:
    """By day (or month) where the member lives, the nearest first and what never comes last."""
    zone, found = zone_of(member), Counter[date | None]()
    for at, amount in _sums(member, moment, which & (Lot.remaining > 0)):
        day = zones.day_of(at, zone) if at is not None else None
        found[day.replace(day=1) if by_month and day is not None else day] += amount
    return [Part(day, found[day]) for day in sorted(found, key=lambda day: day or date.max)]


def _sums(member: Member, moment: Any, which: ColumnElement[bool]) -> list[tuple[datetime | None, int]]:
    query = select(moment, func.sum(Lot.remaining)).join(LedgerAccount, LedgerAccount.id == Lot.account_id)
    mine = query.where(LedgerAccount.member_id == member.id, LedgerAccount.currency == Currency.POINTS, which)
    return [(at, int(amount)) for at, amount in db.session.execute(mine.group_by(moment))]
