"""Why: every line of a member's history, with the fact, the rule and the version behind it, or why it earned nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, null, select, union_all
from sqlalchemy.orm import joinedload

from commons import zones
from commons.accounts.models import User
from commons.db import db
from commons.events import Event, Evidence
from community.loyalty import rules
from community.loyalty.lots import IS_PENDING
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry, LevelChange, Lot
from community.loyalty.reasons import Reason, reasons_of
from community.loyalty.slots import moving_kinds
from community.loyalty.undoing import UNDOES
from community.loyalty.words import ENTRIES
from community.members.facts import evidence_words, say
from community.members.models import Member
from community.members.zones import zone_of

PAGE = 20
DAY_LINES = 200

Keys = Sequence[tuple[int | None, int | None]]


@dataclass(frozen=True)
class Line:
    """One line of a history: a fact with all it moved, or an entry that no fact stands behind.

    What it brought is pending until `available_at`, if that is set.
    """

    at: datetime
    words: str
    kind: str
    growth: int = 0
    points: int = 0
    evidence: Evidence | None = None
    reasons: Sequence[Reason] = ()
    note: str = ""
    shortfall: int = 0
    by: str = ""
    steps: Sequence[LevelChange] = ()
    available_at: datetime | None = None
    entries: Sequence[LedgerEntry] = ()

    @property
    def evidence_words(self) -> str:
        """How well the fact is proven; empty for an entry without fact."""
        return evidence_words(self.evidence) if self.evidence is not None else ""

    @property
    def takes_back(self) -> bool:
        """Whether this fact undid another one that had earned something."""
        return self.kind in UNDOES and (self.moved or self.shortfall > 0)

    @property
    def moved(self) -> bool:
        return self.growth != 0 or self.points != 0


@dataclass(frozen=True)
class Page:
    """Some lines, newest first, and whether older ones follow."""

    lines: Sequence[Line]
    has_older: bool


def history(member: Member, page: int = 1, size: int = PAGE) -> Page:
    """All that moved the member's balances, and the facts that a rule speaks of but did not pay; newest first."""
    keys = _keys(member, (page - 1) * size, size + 1)
    return Page(_lines(member, keys[:size]), len(keys) > size)


def today(member: Member, at: datetime) -> Sequence[Line]:
    """The lines of the member's day, as it stands in the member's zone; newest first."""
    zone = zone_of(member)
    return _lines(member, _keys(member, 0, DAY_LINES, zones.day_bounds(zones.day_of(at, zone), zone)))


def of_facts(member: Member, facts: Sequence[Event]) -> Sequence[Line]:
    """What these facts of the member moved, or why they moved nothing; in their order."""
    return _lines(member, [(fact.id, None) for fact in facts])


def earned(lines: Sequence[Line]) -> tuple[int, int]:
    """Growth and points that all of `lines` together brought. What was spent or lost by a penalty is not less earned."""
    others = {kind for plug in moving_kinds for kind in plug()}
    counted = [line for line in lines if line.kind not in others]
    return sum(line.growth for line in counted), sum(line.points for line in counted)


def _keys(member: Member, offset: int, limit: int, bounds: tuple[datetime, datetime] | None = None) -> Keys:
    """(fact id, None) or (None, entry id), newest first."""
    kinds = rules.kinds() | set(UNDOES) | {kind for plug in moving_kinds for kind in plug()}
    facts = select(Event.id.label("fact"), _no_id("entry"), Event.occurred_at.label("at")).where(
        Event.member_id == member.id, Event.kind.in_(kinds), *_within(Event.occurred_at, bounds)
    )
    entries = (
        select(_no_id("fact"), LedgerEntry.id.label("entry"), LedgerEntry.occurred_at.label("at"))
        .join(LedgerEntry.account)
        .where(LedgerAccount.member_id == member.id, LedgerEntry.event_id.is_(None))
        .where((LedgerEntry.amount != 0) | (LedgerEntry.kind != EntryKind.TRANSFER))
        .where(*_within(LedgerEntry.occurred_at, bounds))
    )
    both = union_all(facts, entries).subquery()
    order = (both.c.at.desc(), func.coalesce(both.c.fact, 0).desc(), func.coalesce(both.c.entry, 0).desc())
    query = select(both.c.fact, both.c.entry).order_by(*order).offset(offset).limit(limit)
    return db.session.execute(query).all()


def _lines(member: Member, keys: Keys) -> list[Line]:
    facts = _facts([fact for fact, _entry in keys if fact is not None])
    entries = _entries(list(facts), [entry for _fact, entry in keys if entry is not None])
    steps, pending = _steps(list(entries)), _pending(list(entries))
    of_fact: dict[int | None, list[LedgerEntry]] = defaultdict(list)
    for entry in entries.values():
        of_fact[entry.event_id].append(entry)
    told = reasons_of(member, list(facts.values()))
    lines = []
    for fact_id, entry_id in keys:
        if fact_id is not None:
            lines.append(_fact_line(facts[fact_id], of_fact[fact_id], told[fact_id], steps, pending))
        elif entry_id is not None:
            lines.append(_entry_line(entries[entry_id], steps, pending))
    return lines


def _fact_line(
    fact: Event, entries: Sequence[LedgerEntry], reasons: Sequence[Reason], steps: Mapping[int, list[LevelChange]],
    pending: Mapping[int, datetime],
) -> Line:  # fmt: skip
    return Line(
        at=fact.occurred_at,
        words=say(fact),
        kind=fact.kind,
        growth=_total(entries, Currency.GROWTH),
        points=_total(entries, Currency.POINTS),
        evidence=fact.evidence,
        reasons=reasons,
        shortfall=sum(entry.shortfall for entry in entries),
        steps=[step for entry in entries for step in steps.get(entry.id, ())],
        available_at=max((pending[entry.id] for entry in entries if entry.id in pending), default=None),
        entries=entries,
    )


def _entry_line(entry: LedgerEntry, steps: Mapping[int, list[LevelChange]], pending: Mapping[int, datetime]) -> Line:
    author = db.session.get(User, entry.actor_id) if entry.actor_id else None
    return Line(
        at=entry.occurred_at,
        words=str(ENTRIES[entry.kind]),
        kind=entry.kind.value,
        growth=_total([entry], Currency.GROWTH),
        points=_total([entry], Currency.POINTS),
        note=entry.note,
        shortfall=entry.shortfall,
        by=author.name if author else "",
        steps=steps.get(entry.id, ()),
        available_at=pending.get(entry.id),
        entries=[entry],
    )


def _total(entries: Sequence[LedgerEntry], currency: Currency) -> int:
    return sum(entry.amount for entry in entries if entry.account.currency is currency)


def _facts(ids: Sequence[int]) -> dict[int, Event]:
    return {fact.id: fact for fact in db.session.scalars(select(Event).where(Event.id.in_(ids)))}


def _entries(fact_ids: Sequence[int], entry_ids: Sequence[int]) -> dict[int, LedgerEntry]:
    """By id, the entries of the member's own facts, whichever of the member's selves they were written for, and these."""
    wanted = LedgerEntry.event_id.in_(fact_ids) | LedgerEntry.id.in_(entry_ids)
    query = select(LedgerEntry).where(wanted).options(joinedload(LedgerEntry.account)).order_by(LedgerEntry.id)
    return {entry.id: entry for entry in db.session.scalars(query)}


def _pending(entry_ids: Sequence[int]) -> dict[int, datetime]:
    """By entry, when what it brought becomes available, where that is still to come."""
    query = select(Lot.entry_id, Lot.available_at).where(Lot.entry_id.in_(entry_ids), Lot.remaining > 0, IS_PENDING)
    return {entry_id: moment for entry_id, moment in db.session.execute(query) if moment is not None}


def _steps(entry_ids: Sequence[int]) -> dict[int, list[LevelChange]]:
    found: dict[int, list[LevelChange]] = defaultdict(list)
    query = select(LevelChange).where(LevelChange.entry_id.in_(entry_ids)).options(joinedload(LevelChange.level))
    for step in db.session.scalars(query.order_by(LevelChange.id)):
        if step.entry_id is not None:
            found[step.entry_id].append(step)
    return found


def _within(column: Any, bounds: tuple[datetime, datetime] | None) -> list[ColumnElement[bool]]:
    return [column >= bounds[0], column < bounds[1]] if bounds is not None else []


def _no_id(name: str) -> ColumnElement[Any]:
    return null().cast(BigInteger).label(name)
