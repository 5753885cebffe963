"""From facts to entries: reads new facts, earns what the rules in force at their time say, and takes back what was undone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from commons.db import db
from commons.events import Event
from community.loyalty import accounts, ledger
from community.loyalty.ledger import Credit
from community.loyalty.models import EntryKind, LedgerEntry
from community.loyalty.rules import versions as rules
from community.loyalty.rules.crediting import credits_of
from community.loyalty.rules.judging import judged
from community.loyalty.rules.past import past_of
from community.loyalty.rules.undoing import UNDOES
from community.loyalty.rules.verdicts import Terms, Verdict
from community.loyalty.watching import held, holding
from community.members.merging import reading

AT_ONCE = 2000


def read(facts: Sequence[Event]) -> None:
    """Draw the consequences of facts just written. The same fact a second time changes nothing.

    A fixed number of queries for up to `AT_ONCE` facts, however many members they are of.
    """
    mine = [fact for fact in facts if fact.member_id is not None]
    for start in range(0, len(mine), AT_ONCE):
        _read_some(mine[start : start + AT_ONCE])


def _read_some(facts: Sequence[Event]) -> None:
    by_kind = rules.by_kind({fact.kind for fact in facts})
    payable = [fact for fact in facts if fact.kind in by_kind]
    if payable:
        _pay(payable, by_kind)
    for fact in facts:
        if fact.kind in UNDOES:
            _undo(fact, fact.payload.get(UNDOES[fact.kind]))


def _pay(facts: Sequence[Event], by_kind: dict[str, list[list[Terms]]]) -> None:
    """Earn for each fact what each rule says; where a suspicion is open, it is held instead."""
    locked = accounts.lock({_member(fact) for fact in facts})
    if reading.carry_along(facts):
        locked = accounts.lock({_member(fact) for fact in facts})
    member_ids = {_member(fact) for fact in facts}
    past = past_of(member_ids, by_kind, [fact.occurred_at for fact in facts], facts=facts)
    suspected = held.open_for(member_ids, by_kind.keys())
    earned: list[Credit] = []
    for fact, terms, answer in judged(facts, by_kind, past):
        if answer is not Verdict.EARNED:
            continue
        suspicion_id = suspected.get((_member(fact), fact.kind))
        if suspicion_id is None:
            earned += credits_of(locked, fact, terms)
        else:
            holding.hold_new(suspicion_id, fact, terms)
    ledger.credit_all(earned)


def _undo(fact: Event, undone_id: object) -> None:
    """Reverse what the fact that `fact` undoes has earned, and let go of what is held for it."""
    if not isinstance(undone_id, int):
        return
    query = select(LedgerEntry).join(LedgerEntry.event).where(Event.member_id == fact.member_id)
    earned = query.where(LedgerEntry.event_id == undone_id, LedgerEntry.kind == EntryKind.EARN)
    for entry in db.session.scalars(earned.order_by(LedgerEntry.id)).all():
        ledger.reverse(entry, at=fact.occurred_at, event=fact)
    held.drop(undone_id, _member(fact), fact.occurred_at)


def _member(fact: Event) -> int:
    assert fact.member_id is not None
    return fact.member_id
