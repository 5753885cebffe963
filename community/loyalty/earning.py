"""From facts to entries: reads new facts, earns what the rules in force at their time say, and takes back what was undone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from commons.db import db
from commons.events import Event
from community.loyalty import accounts, ledger, rules
from community.loyalty.accounts import Accounts
from community.loyalty.ledger import Credit
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry, RuleVersion
from community.loyalty.verdicts import Fact, Terms, Verdict, in_force, verdict
from community.members.zones import zones_of

AT_ONCE = 2000
AROUND = timedelta(days=2)
UNDOES = {
    "group_buy.left": "joined_event_id",
    "interaction.withdrawn": "said_event_id",
    "mission.reopened": "fulfilled_event_id",
}

Paid = dict[tuple[int, int], dict[int, datetime]]


def read(facts: Sequence[Event]) -> None:
    """Draw the consequences of facts just written. The same fact a second time changes nothing.

    A fixed number of queries for up to `AT_ONCE` facts, however many members they are of.
    """
    mine = [fact for fact in facts if fact.member_id is not None]
    for start in range(0, len(mine), AT_ONCE):
        _read_some(mine[start : start + AT_ONCE])


def paid_around(member_ids: Collection[int], rule_ids: Collection[int], moments: Sequence[datetime]) -> Paid:
    """By (member, rule), the facts near `moments` that earned: fact id → when it happened."""
    first, last = min(moments) - AROUND, max(moments) + AROUND
    query = (
        select(LedgerAccount.member_id, RuleVersion.rule_id, LedgerEntry.event_id, LedgerEntry.occurred_at)
        .join(LedgerEntry.account)
        .join(LedgerEntry.rule_version)
        .where(LedgerAccount.member_id.in_(member_ids), RuleVersion.rule_id.in_(rule_ids))
        .where(LedgerEntry.kind == EntryKind.EARN, LedgerEntry.occurred_at.between(first, last))
    )
    found: Paid = {}
    for member_id, rule_id, event_id, moment in db.session.execute(query):
        if event_id is not None:
            found.setdefault((member_id, rule_id), {})[event_id] = moment
    return found


def _read_some(facts: Sequence[Event]) -> None:
    by_kind = rules.by_kind({fact.kind for fact in facts})
    payable = [fact for fact in facts if fact.kind in by_kind]
    if payable:
        _pay(payable, by_kind)
    for fact in facts:
        if fact.kind in UNDOES:
            _undo(fact, fact.payload.get(UNDOES[fact.kind]))


def _pay(facts: Sequence[Event], by_kind: dict[str, list[list[Terms]]]) -> None:
    member_ids = {_member(fact) for fact in facts}
    locked = accounts.lock(member_ids)
    zones = zones_of(member_ids)
    rule_ids = {versions[0].rule_id for known in by_kind.values() for versions in known}
    paid = paid_around(member_ids, rule_ids, [fact.occurred_at for fact in facts])
    earned: list[Credit] = []
    for fact in facts:
        for versions in by_kind[fact.kind]:
            terms = in_force(versions, fact.occurred_at)
            before = paid.setdefault((_member(fact), versions[0].rule_id), {})
            if terms is not None and fact.id not in before and _earns(terms, fact, zones[_member(fact)], before):
                before[fact.id] = fact.occurred_at
                earned += _credits(locked, fact, terms)
    ledger.credit_all(earned)


def _earns(terms: Terms, fact: Event, zone: str, paid: dict[int, datetime]) -> bool:
    seen = Fact(fact.occurred_at, fact.evidence, zone)
    return verdict(terms, seen, list(paid.values())) is Verdict.EARNED


def _credits(locked: Accounts, fact: Event, terms: Terms) -> Iterator[Credit]:
    expires = {Currency.GROWTH: None, Currency.POINTS: terms.expiry(fact.occurred_at)}
    for currency, amount in ((Currency.GROWTH, terms.growth), (Currency.POINTS, terms.points)):
        if amount > 0:
            yield Credit(
                account=locked[_member(fact), currency],
                amount=amount,
                key=f"{terms.code}:{fact.id}:{currency}",
                at=fact.occurred_at,
                expires_at=expires[currency],
                event_id=fact.id,
                rule_version_id=terms.version_id,
                recorded_at=fact.recorded_at,
            )


def _undo(fact: Event, undone_id: object) -> None:
    """Reverse what the fact that `fact` undoes has earned."""
    if not isinstance(undone_id, int):
        return
    query = select(LedgerEntry).join(LedgerEntry.account).where(LedgerAccount.member_id == fact.member_id)
    earned = query.where(LedgerEntry.event_id == undone_id, LedgerEntry.kind == EntryKind.EARN)
    for entry in db.session.scalars(earned.order_by(LedgerEntry.id)).all():
        ledger.reverse(entry, at=fact.occurred_at, event=fact)


def _member(fact: Event) -> int:
    assert fact.member_id is not None
    return fact.member_id
