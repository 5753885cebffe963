"""The ledger: two currencies, append-only entries, lots that are spent first-expiring first.

Every verb locks the account, changes its balance in the same transaction, and answers a repeated `key` with the entry
that is already there. What was earned moves the member's level with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, select

from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.events import Event
from community.loyalty import accounts, climbing, lots
from community.loyalty.climbing import Move
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry, Lot
from community.members.models import Member


class NotEnough(Conflict):
    """The account does not hold what should be taken."""


@dataclass(frozen=True)
class Credit:
    """What a fact earns on one locked account, under which version of a rule."""

    account: LedgerAccount
    amount: int
    key: str
    at: datetime
    expires_at: datetime | None
    event_id: int
    rule_version_id: int
    recorded_at: datetime


def earn(
    member: Member, currency: Currency, amount: int, *, key: str, at: datetime, expires_at: datetime | None = None,
    **because: Any,
) -> LedgerEntry:  # fmt: skip
    """Credit `amount` (positive). `because`: event_id, rule_version_id, actor_id, note."""
    account = accounts.lock_one(member.id, currency)
    known = _known(key, account, amount)
    return known or _credit(account, EntryKind.EARN, amount, key, at, expires_at, because)


def spend(
    member: Member, amount: int, *, key: str, at: datetime, note: str = "", by: User | None = None
) -> LedgerEntry:
    """Take `amount` points (positive), first-expiring lots first. Growth is never spent."""
    account = accounts.lock_one(member.id, Currency.POINTS)
    known = _known(key, account, -amount)
    return known or _debit(account, EntryKind.SPEND, amount, key, at, note=note, actor_id=by.id if by else None)


def adjust(
    member: Member, currency: Currency, amount: int, *, key: str, by: User, at: datetime, note: str
) -> LedgerEntry:
    """A person puts something right: `amount` is signed, the reason stands in `note`."""
    account = accounts.lock_one(member.id, currency)
    known = _known(key, account, amount)
    if known is not None:
        return known
    if amount < 0:
        return _debit(account, EntryKind.ADJUST, -amount, key, at, note=note, actor_id=by.id)
    return _credit(account, EntryKind.ADJUST, amount, key, at, None, {"note": note, "actor_id": by.id})


def reverse(
    entry: LedgerEntry, *, at: datetime, by: User | None = None, event: Event | None = None, note: str = ""
) -> LedgerEntry:
    """Undo `entry`; a second call gives the same reversal.

    A debit goes back into the lots it came from. A credit is taken back out of its own lot, then out of the others;
    what has expired of it is already gone, and what is not there any more is written down as `shortfall`, so that the
    balance never falls below zero.
    """
    account = accounts.lock([entry.account.member_id])[entry.account.member_id, entry.account.currency]
    known = db.session.scalars(select(LedgerEntry).where(LedgerEntry.reverses_id == entry.id)).one_or_none()
    if known is not None:
        return known
    if entry.kind in {EntryKind.REVERSE, EntryKind.EXPIRE}:
        raise Invalid(_l("A reversal or an expiry cannot be reversed."), _l("Adjust the balance instead."))
    because = {"event_id": event.id if event else None, "actor_id": by.id if by else None, "note": note}
    return (_take_back if entry.amount > 0 else _give_back)(account, entry, at, because)


def expire_due(at: datetime, limit: int = 500) -> int:
    """Let up to `limit` lots go whose time is over; how many there were. Call again while it says `limit`."""
    query = select(Lot.account_id).where(Lot.remaining > 0, Lot.expires_at <= at).order_by(Lot.expires_at).limit(limit)
    account_ids = db.session.scalars(query).all()
    members = select(LedgerAccount.member_id).where(LedgerAccount.id.in_(account_ids))
    locked = accounts.lock(db.session.scalars(members))
    for account in locked.values():
        if account.id in account_ids:
            _expire(account, at)
    return len(account_ids)


def credit_all(earned: Sequence[Credit]) -> None:
    """Earn many things at once, in order, on accounts that are locked; none of the keys may stand in the ledger yet."""
    if not earned:
        return
    returned = db.session.execute(insert(LedgerEntry).returning(LedgerEntry.key, LedgerEntry.id), [*map(_row, earned)])
    ids = dict(returned.all())
    lots.bring_in_all([(credit.account, ids[credit.key], credit.amount, credit.expires_at) for credit in earned])
    moves = []
    for credit in earned:
        before = credit.account.balance
        credit.account.balance = before + credit.amount
        if credit.account.currency is Currency.GROWTH:
            moves.append(Move(credit.account.member_id, ids[credit.key], credit.at, before, before + credit.amount))
    db.session.flush()
    climbing.follow(moves)


def _debit(account: LedgerAccount, kind: EntryKind, amount: int, key: str, at: datetime, **because: Any) -> LedgerEntry:
    if amount <= 0:
        raise ValueError("a debit is more than nothing")
    _expire(account, at)
    if account.balance < amount:
        raise NotEnough(_l("There are not enough points for this."), _l("Look at the balance and choose less."))
    open_lots = lots.first_expiring(account)
    entry = _entry(account, kind, -amount, key, at, because)
    lots.take(entry, open_lots, amount)
    return _moved(account, entry)


def _take_back(account: LedgerAccount, earned: LedgerEntry, at: datetime, because: dict[str, Any]) -> LedgerEntry:
    _expire(account, at)
    own = lots.of_entry(earned)
    wanted = earned.amount - lots.expired_of(own)[1]
    taken = min(wanted, account.balance)
    others = [lot for lot in lots.first_expiring(account) if lot is not own]
    because |= {"reverses_id": earned.id, "shortfall": wanted - taken}
    entry = _entry(account, EntryKind.REVERSE, -taken, f"reverse:{earned.id}", at, because)
    lots.take(entry, [own, *others], taken)
    return _moved(account, entry)


def _give_back(account: LedgerAccount, debit: LedgerEntry, at: datetime, because: dict[str, Any]) -> LedgerEntry:
    because |= {"reverses_id": debit.id}
    entry = _entry(account, EntryKind.REVERSE, -debit.amount, f"reverse:{debit.id}", at, because)
    lots.give_back(entry, debit)
    return _moved(account, entry)


def _expire(account: LedgerAccount, at: datetime) -> None:
    for lot in lots.due(account, at):
        amount, times = lot.remaining, lots.expired_of(lot)[0]
        entry = _entry(account, EntryKind.EXPIRE, -amount, f"expire:{lot.id}:{times + 1}", at, {})
        lots.take(entry, [lot], amount)
        _moved(account, entry)


def _entry(
    account: LedgerAccount, kind: EntryKind, amount: int, key: str, at: datetime, because: dict[str, Any]
) -> LedgerEntry:
    because = {"recorded_at": at} | because
    entry = LedgerEntry(account=account, kind=kind, amount=amount, key=key, occurred_at=at, **because)
    db.session.add(entry)
    account.balance += amount
    return entry


def _credit(
    account: LedgerAccount, kind: EntryKind, amount: int, key: str, at: datetime, expires_at: datetime | None,
    because: dict[str, Any],
) -> LedgerEntry:  # fmt: skip
    if amount <= 0:
        raise ValueError("a credit is more than nothing")
    entry = _entry(account, kind, amount, key, at, because)
    lots.bring_in(entry, account, expires_at)
    return _moved(account, entry)


def _moved(account: LedgerAccount, entry: LedgerEntry) -> LedgerEntry:
    """Let the level follow growth."""
    db.session.flush()
    if account.currency is Currency.GROWTH:
        before = account.balance - entry.amount
        climbing.follow([Move(account.member_id, entry.id, entry.occurred_at, before, account.balance)])
    return entry


def _row(credit: Credit) -> dict[str, Any]:
    return {
        "account_id": credit.account.id,
        "kind": EntryKind.EARN,
        "amount": credit.amount,
        "key": credit.key,
        "event_id": credit.event_id,
        "rule_version_id": credit.rule_version_id,
        "occurred_at": credit.at,
        "recorded_at": credit.recorded_at,
    }


def _known(key: str, account: LedgerAccount, amount: int) -> LedgerEntry | None:
    entry = db.session.scalars(select(LedgerEntry).where(LedgerEntry.key == key)).one_or_none()
    if entry is not None and (entry.account_id, entry.amount) != (account.id, amount):
        raise ValueError(f"the key {key!r} already stands for another movement")
    return entry
