"""The lines of a history: each fact with all it moved, the rules behind it and the level it led to; a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from commons.accounts.models import User
from commons.db import db
from commons.events import Event, Evidence
from community.loyalty.lots import IS_PENDING
from community.loyalty.models import Currency, LedgerAccount, LedgerEntry, LevelChange, Lot
from community.loyalty.rules.reasons import Reason, reasons_of
from community.loyalty.rules.undoing import UNDOES
from community.loyalty.words import ENTRIES
from community.members.facts import evidence_words, say
from community.members.models import Member

Key = tuple[int | None, int | None]
"""(fact id, None) or (None, entry id)."""
Steps = Mapping[int, Sequence[LevelChange]]


@dataclass(frozen=True)
class Line:
    """One line of a history: a fact with all it moved, or an entry that no fact stands behind.

    What it brought is pending until `available_at`, if that is set. `entries` have `public_id` and `amount`.
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
    entries: Sequence[Any] = ()

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


def lines_of(member: Member, keys: Iterable[Key]) -> dict[Key, Line]:
    """The member's lines with these keys."""
    wanted = list(dict.fromkeys(keys))
    facts = _facts([fact for fact, _entry in wanted if fact is not None])
    movements = _movements(list(facts), [entry for _fact, entry in wanted if entry is not None])
    steps = _steps([movement.id for movement in movements if movement.currency is Currency.GROWTH])
    of_fact: dict[int | None, list[Any]] = defaultdict(list)
    for movement in movements:
        of_fact[movement.event_id].append(movement)
    told = reasons_of(member, list(facts.values()))
    lines = {(fact.id, None): _fact_line(fact, of_fact[fact.id], told[fact.id], steps) for fact in facts.values()}
    return lines | {(None, movement.id): _entry_line(movement, steps) for movement in of_fact[None]}


def _fact_line(fact: Event, movements: Sequence[Any], reasons: Sequence[Reason], steps: Steps) -> Line:
    return Line(
        at=fact.occurred_at,
        words=say(fact),
        kind=fact.kind,
        growth=_total(movements, Currency.GROWTH),
        points=_total(movements, Currency.POINTS),
        evidence=fact.evidence,
        reasons=reasons,
        shortfall=sum(movement.shortfall for movement in movements),
        steps=[step for movement in movements for step in steps.get(movement.id, ())],
        available_at=max((one.available_at for one in movements if one.available_at is not None), default=None),
        entries=movements,
    )


def _entry_line(movement: Any, steps: Steps) -> Line:
    author = db.session.get(User, movement.actor_id) if movement.actor_id else None
    return Line(
        at=movement.occurred_at,
        words=str(ENTRIES[movement.kind]),
        kind=movement.kind.value,
        growth=_total([movement], Currency.GROWTH),
        points=_total([movement], Currency.POINTS),
        note=movement.note,
        shortfall=movement.shortfall,
        by=author.name if author else "",
        steps=steps.get(movement.id, ()),
        available_at=movement.available_at,
        entries=[movement],
    )


def _total(movements: Sequence[Any], currency: Currency) -> int:
    return sum(movement.amount for movement in movements if movement.currency is currency)


def _facts(ids: Sequence[int]) -> dict[int, Event]:
    if not ids:
        return {}
    return {fact.id: fact for fact in db.session.scalars(select(Event).where(Event.id.in_(ids)))}


def _movements(fact_ids: Sequence[int], entry_ids: Sequence[int]) -> Sequence[Any]:
    """The entries of the member's own facts, whichever of the member's selves they were written for, and these; as rows.

    Each with the currency, and with when what it brought becomes available, where that is still to come.
    """
    pending = and_(Lot.entry_id == LedgerEntry.id, Lot.remaining > 0, IS_PENDING)
    query = (
        select(
            LedgerEntry.id, LedgerEntry.public_id, LedgerEntry.event_id, LedgerEntry.actor_id, LedgerEntry.kind,
            LedgerEntry.amount, LedgerEntry.note, LedgerEntry.shortfall, LedgerEntry.occurred_at, LedgerAccount.currency,
            Lot.available_at,
        )
        .join(LedgerEntry.account)
        .outerjoin(Lot, pending)
        .where(LedgerEntry.event_id.in_(fact_ids) | LedgerEntry.id.in_(entry_ids))
    )  # fmt: skip
    return db.session.execute(query.order_by(LedgerEntry.id)).all() if fact_ids or entry_ids else []


def _steps(entry_ids: Sequence[int]) -> Steps:
    found: dict[int, list[LevelChange]] = defaultdict(list)
    if not entry_ids:
        return found
    query = select(LevelChange).where(LevelChange.entry_id.in_(entry_ids)).options(joinedload(LevelChange.level))
    for step in db.session.scalars(query.order_by(LevelChange.id)):
        if step.entry_id is not None:
            found[step.entry_id].append(step)
    return found
