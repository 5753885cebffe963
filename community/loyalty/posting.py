"""How one entry comes into the ledger: its reason, its lots, its account, and the level that follows. Under the account's lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from commons.db import db
from commons.errors import Conflict
from commons.events import Event, Evidence
from community.loyalty import lots, slots
from community.loyalty.levels import climbing
from community.loyalty.levels.climbing import Move
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry, Lot
from community.loyalty.ranking import noting

Because = Mapping[str, Any]


class NotEnough(Conflict):
    """The account does not hold what should be taken."""


def credit(
    account: LedgerAccount, kind: EntryKind, amount: int, key: str, at: datetime, because: Because, *,
    expires_at: datetime | None = None, available_at: datetime | None = None, is_open: bool | None = None,
) -> LedgerEntry:  # fmt: skip
    """`amount` (positive) comes in as a new lot; pending while `available_at` is ahead of `at`, unless it `is_open` already."""
    if amount <= 0:
        raise ValueError("a credit is more than nothing")
    before = account.balance
    entry = record(account, kind, amount, key, at, because)
    if is_open is None:
        is_open = available_at is None or available_at <= at
    opened_at = at if is_open and available_at is not None else None
    lots.bring_in(entry, amount, expires_at=expires_at, available_at=available_at, opened_at=opened_at)
    lots.settle(entry.id, account)
    return moved(account, entry, before)


def debit(
    account: LedgerAccount, kind: EntryKind, amount: int, key: str, at: datetime, because: Because, *,
    allow_negative: bool = False,
) -> LedgerEntry:  # fmt: skip
    """Take `amount` (positive), first-expiring lots first. What is not there is refused, or owed if that is allowed."""
    if amount <= 0:
        raise ValueError("a debit is more than nothing")
    bring_up_to(account, at)
    if account.balance < amount and not allow_negative:
        raise NotEnough(_l("There are not enough points for this."), _l("Look at the balance and choose less."))
    before = account.balance
    entry = record(account, kind, -amount, key, at, because)
    take(entry, account, lots.first_expiring(account), amount, before)
    return moved(account, entry, before)


def take(entry: LedgerEntry, account: LedgerAccount, there: list[Lot], amount: int, held: int) -> None:
    """Take `amount` out of the lots `there`, which together hold `held`; what is missing is owed from now on."""
    taken = min(amount, max(0, held))
    lots.take(entry, account, there, taken)
    if amount > taken:
        lots.bring_in(entry, taken - amount)


def bring_up_to(account: LedgerAccount, at: datetime) -> None:
    """Let happen what was to happen by itself until `at`: pending lots become available, and lots expire."""
    for lot in lots.ripe(account, at):
        assert lot.available_at is not None
        open_up(account, lot, lot.available_at)
    for lot in lots.due(account, at):
        amount, times = lot.remaining, lots.expired_of(lot)[0]
        source = lot.entry
        because = {"rule_version_id": source.rule_version_id, "evidence": source.evidence}
        before = account.balance
        entry = record(account, EntryKind.EXPIRE, -amount, f"expire:{lot.id}:{times + 1}", at, because)
        lots.take(entry, account, [lot], amount)
        moved(account, entry, before)


def open_up(account: LedgerAccount, lot: Lot, at: datetime) -> None:
    """A pending lot becomes available."""
    before = account.balance
    lots.open_up(lot, account, at)
    moved(account, lot.entry, before, at)


def record(
    account: LedgerAccount, kind: EntryKind, amount: int, key: str, at: datetime, because: Because
) -> LedgerEntry:
    """Write the entry itself. `because`: event_id, rule_version_id, actor_id, note, evidence, reverses_id, shortfall.

    Without a grade of its own an entry is as well proven as its fact; a person's entry counts as the team's word, and what
    Quanzi did by itself as seen.
    """
    given = {name: value for name, value in because.items() if value is not None}
    event = db.session.get(Event, given["event_id"]) if "event_id" in given else None
    if event is not None and event.actor_id is not None:
        given.setdefault("actor_id", event.actor_id)
    given.setdefault("evidence", _evidence(event, "actor_id" in given))
    given.setdefault("recorded_at", at)
    entry = LedgerEntry(account=account, kind=kind, amount=amount, key=key, occurred_at=at, **given)
    db.session.add(entry)
    db.session.flush()
    return entry


def known(key: str, account: LedgerAccount, amount: int) -> LedgerEntry | None:
    """The entry that already stands under `key`; ValueError when it is another movement."""
    entry = db.session.scalars(select(LedgerEntry).where(LedgerEntry.key == key)).one_or_none()
    if entry is not None and (entry.account_id, entry.amount) != (account.id, amount):
        raise ValueError(f"the key {key!r} already stands for another movement")
    return entry


def moved(
    account: LedgerAccount, entry: LedgerEntry, before: int, at: datetime | None = None, gained: datetime | None = None
) -> LedgerEntry:
    """Let places and the level follow growth, and whoever asks for points know of them.

    Boards count it at the moment `gained` if that is another one: what is given back, in the period it was taken from.
    """
    db.session.flush()
    if account.balance == before:
        return entry
    moment = at or entry.occurred_at
    if account.currency is Currency.POINTS:
        slots.tell_of_points([account.member_id], moment)
    else:
        known_at = max(moment, entry.recorded_at)
        moves = [Move(account.member_id, entry.id, moment, known_at, before, account.balance)]
        noting.note([replace(move, at=gained or move.at) for move in moves])
        climbing.follow(moves)
    return entry


def _evidence(event: Event | None, by_person: bool) -> Evidence:
    if event is not None:
        return event.evidence
    return Evidence.STAFF if by_person else Evidence.NETWORK
