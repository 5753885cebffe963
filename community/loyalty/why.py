"""Why: every line of a member's history, with the fact, the rule and the version behind it, or why it earned nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, bindparam, func, null, select, union_all

from commons import zones
from commons.db import db
from commons.events import Event
from community.loyalty import carried
from community.loyalty.lines import Key, Line, lines_of
from community.loyalty.models import EntryKind, LedgerAccount, LedgerEntry
from community.loyalty.rules import versions as rules
from community.loyalty.rules.undoing import UNDOES
from community.loyalty.slots import moving_kinds
from community.members.models import Member
from community.members.zones import zone_of

PAGE = 20
DAY_LINES = 200

Bounds = tuple[datetime, datetime]


@dataclass(frozen=True)
class Page:
    """Some lines, newest first, and whether older ones follow."""

    lines: Sequence[Line]
    has_older: bool


def history(member: Member, page: int = 1, size: int = PAGE) -> Page:
    """All that moved the member's balances, and the facts that a rule speaks of but did not pay; newest first."""
    keys = _keys(member, _kinds(), (page - 1) * size, size + 1)
    return _page(keys, size, _lines(member, keys[:size]))


def today(member: Member, at: datetime) -> Sequence[Line]:
    """The lines of the member's day, as it stands in the member's zone; newest first."""
    keys = _keys(member, _kinds(), 0, DAY_LINES, _day(member, at))
    return _shown(keys, _lines(member, keys))


def today_and_history(member: Member, at: datetime, page: int, size: int) -> tuple[Sequence[Line], Page]:
    """Both with the queries of one: what stands in both is loaded once."""
    kinds = _kinds()
    of_day = _keys(member, kinds, 0, DAY_LINES, _day(member, at))
    of_page = _keys(member, kinds, (page - 1) * size, size + 1)
    lines = _lines(member, [*of_day, *of_page[:size]])
    return _shown(of_day, lines), _page(of_page, size, lines)


def of_facts(member: Member, facts: Sequence[Event]) -> Sequence[Line]:
    """What these facts of the member moved, or why they moved nothing; in their order."""
    keys: list[Key] = [(fact.id, None) for fact in facts]
    lines = lines_of(member, keys)
    return [lines[key] for key in keys]


def earned(lines: Sequence[Line]) -> tuple[int, int]:
    """Growth and points that all of `lines` together brought. What was spent or lost by a penalty is not less earned.

    Nor does anybody earn by what comes over from another self.
    """
    others = {carried.TRANSFER} | {kind for plug in moving_kinds for kind in plug()}
    counted = [line for line in lines if line.kind not in others]
    return sum(line.growth for line in counted), sum(line.points for line in counted)


def _page(keys: Sequence[Key], size: int, lines: dict[Key, Line]) -> Page:
    return Page(_shown(keys[:size], lines), len(keys) > size)


def _lines(member: Member, keys: Sequence[Key]) -> dict[Key, Line]:
    return carried.balanced(member.id, lines_of(member, keys))


def _shown(keys: Sequence[Key], lines: dict[Key, Line]) -> list[Line]:
    """In order, without transfers that say nothing more."""
    found = [lines[key] for key in keys]
    return [line for line in found if line.kind != carried.TRANSFER or line.moved]


def _kinds() -> set[str]:
    """The kinds of facts that have a line."""
    return rules.kinds() | set(UNDOES) | {kind for plug in moving_kinds for kind in plug()}


def _day(member: Member, at: datetime) -> Bounds:
    zone = zone_of(member)
    return zones.day_bounds(zones.day_of(at, zone), zone)


def _keys(member: Member, kinds: set[str], offset: int, limit: int, bounds: Bounds | None = None) -> list[Key]:
    """Newest first."""
    given: dict[str, Any] = {"member": member.id, "kinds": sorted(kinds), "skipped": offset, "most": limit}
    if bounds is not None:
        given |= {"start": bounds[0], "end": bounds[1]}
    return [(fact, entry) for fact, entry in db.session.execute(_keys_query(is_bounded=bounds is not None), given)]


@cache
def _keys_query(*, is_bounded: bool) -> Select[Any]:
    """Written once and asked on every look: the `member`'s facts of these `kinds` and entries without a fact.

    `most` of them after the first `skipped` ones; bounded, only those from `start` until before `end`.
    """
    mine = bindparam("member", type_=BigInteger)
    facts = select(Event.id.label("fact"), _no_id("entry"), Event.occurred_at.label("at")).where(
        Event.member_id == mine,
        Event.kind.in_(bindparam("kinds", expanding=True)),
        *_within(Event.occurred_at, is_bounded),
    )
    entries = (
        select(_no_id("fact"), LedgerEntry.id.label("entry"), LedgerEntry.occurred_at.label("at"))
        .join(LedgerEntry.account)
        .where(LedgerAccount.member_id == mine, LedgerEntry.event_id.is_(None))
        .where((LedgerEntry.amount != 0) | (LedgerEntry.kind != EntryKind.TRANSFER))
        .where(*_within(LedgerEntry.occurred_at, is_bounded))
    )
    both = union_all(facts, entries).subquery()
    order = (both.c.at.desc(), func.coalesce(both.c.fact, 0).desc(), func.coalesce(both.c.entry, 0).desc())
    query = select(both.c.fact, both.c.entry).order_by(*order)
    return query.offset(bindparam("skipped", type_=Integer)).limit(bindparam("most", type_=Integer))


def _within(column: Any, is_bounded: bool) -> list[ColumnElement[bool]]:
    return [column >= bindparam("start"), column < bindparam("end")] if is_bounded else []


def _no_id(name: str) -> ColumnElement[Any]:
    return null().cast(BigInteger).label(name)
