"""Lots: what credits brought in and what is left of each. All of it under the lock of the account, whose sums follow.

A debt is a lot with a negative amount. While an account owes anything none of its open lots holds anything: `settle` sees
to that whenever something comes in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from commons.db import db
from commons.events import Event
from community.loyalty.models import Allocation, EntryKind, LedgerAccount, LedgerEntry, Lot

IS_PENDING = Lot.available_at.is_not(None) & Lot.opened_at.is_(None)
IS_OPEN = Lot.available_at.is_(None) | Lot.opened_at.is_not(None)


def bring_in(
    entry: LedgerEntry, amount: int, *, expires_at: datetime | None = None, available_at: datetime | None = None,
    opened_at: datetime | None = None,
) -> Lot:  # fmt: skip
    """A new lot of `amount` out of `entry` (flushed); a negative one is a debt."""
    lot = Lot(
        account_id=entry.account_id, entry_id=entry.id, amount=amount, remaining=amount, expires_at=expires_at,
        available_at=available_at, opened_at=opened_at,
    )  # fmt: skip
    db.session.add(lot)
    _follow(entry.account, lot, amount)
    return lot


def take(entry: LedgerEntry, account: LedgerAccount, lots: Sequence[Lot], amount: int) -> None:
    """Take `amount` out of `lots`, in their order; together they must hold as much."""
    parts = _parts(lots, amount)
    missing = amount - sum(part for _lot, part in parts)
    if missing:
        raise AssertionError(f"lots hold {missing} less than the balance of account {account.id}")
    for lot, part in parts:
        _allocate(entry.id, account, lot, part)


def give_back(entry: LedgerEntry, account: LedgerAccount, debit: LedgerEntry, longer: timedelta) -> None:
    """Put back what `debit` took: into the same lots, which last so much `longer`, and off what is still owed for it.

    What it took from lots that stand on another account since, and what was paid later of what it owed, comes back as a
    new lot that expires when the last of those lots does.
    """
    taken = db.session.scalars(select(Allocation).where(Allocation.entry_id == debit.id).order_by(Allocation.id)).all()
    lots = {lot.id: lot for lot in _fresh(Lot.id.in_([allocation.lot_id for allocation in taken]))}
    for lot in lots.values():
        lot.expires_at = lot.expires_at + longer if lot.expires_at is not None else None
    gone = [allocation for allocation in taken if lots[allocation.lot_id].account_id != account.id]
    for allocation in taken:
        if allocation not in gone:
            _allocate(entry.id, account, lots[allocation.lot_id], -allocation.amount)
    anew = sum(allocation.amount for allocation in gone)
    for debt in _fresh(Lot.entry_id == debit.id, Lot.account_id == account.id):
        anew += debt.remaining - debt.amount
        _allocate(entry.id, account, debt, debt.remaining)
    if anew:
        bring_in(entry, anew, expires_at=_last([lots[allocation.lot_id] for allocation in gone]))


def settle(entry_id: int, account: LedgerAccount) -> None:
    """Pay what is owed out of what is there, on record under the entry that made it possible."""
    if not account.owed:
        return
    there = first_expiring(account)
    amount = min(account.owed, sum(lot.remaining for lot in there))
    if not amount:
        return
    for lot, part in _parts(there, amount):
        _allocate(entry_id, account, lot, part)
    for debt, part in _parts(_fresh(Lot.account_id == account.id, Lot.remaining < 0), -amount):
        _allocate(entry_id, account, debt, part)


def open_up(lot: Lot, account: LedgerAccount, at: datetime) -> None:
    """Let what was pending be available from `at`."""
    account.pending -= lot.remaining
    lot.opened_at = at
    account.balance += lot.remaining
    settle(lot.entry_id, account)


def move(
    lots: Sequence[Lot], out: LedgerEntry, source: LedgerAccount, into: LedgerEntry, target: LedgerAccount
) -> None:
    """Carry `lots` from one account to another with all that is left of them."""
    for lot in lots:
        left = lot.remaining
        if left:
            _allocate(out.id, source, lot, left)
        lot.account_id = target.id
        if left:
            _allocate(into.id, target, lot, -left)


def first_expiring(account: LedgerAccount) -> list[Lot]:
    """The open lots that still hold something: those that expire first come first, those that never do come last."""
    return _fresh(Lot.account_id == account.id, Lot.remaining > 0, IS_OPEN)


def due(account: LedgerAccount, at: datetime) -> list[Lot]:
    """The open lots whose time was over at `at` and that still hold something."""
    return _fresh(Lot.account_id == account.id, Lot.remaining > 0, Lot.expires_at <= at, IS_OPEN)


def ripe(account: LedgerAccount, at: datetime) -> list[Lot]:
    """The pending lots that became available by themselves until `at`."""
    return _fresh(Lot.account_id == account.id, Lot.remaining > 0, Lot.available_at <= at, Lot.opened_at.is_(None))


def all_of(account: LedgerAccount) -> list[Lot]:
    """Every lot on the account, also those with nothing left."""
    return _fresh(Lot.account_id == account.id)


def touched_by(entry: LedgerEntry) -> list[Lot]:
    """The lots that an entry brought in, took from or put back into."""
    allocated = select(Allocation.lot_id).where(Allocation.entry_id == entry.id)
    return _fresh((Lot.entry_id == entry.id) | Lot.id.in_(allocated))


def of_entry(entry: LedgerEntry) -> Lot:
    """The lot that the credit `entry` brought in."""
    return _fresh(Lot.entry_id == entry.id)[0]


def of_facts(account: LedgerAccount, member_id: int) -> list[Lot]:
    """The lots on the account that facts of this member earned."""
    query = select(LedgerEntry.id).join(LedgerEntry.event).where(Event.member_id == member_id)
    earned = query.where(LedgerEntry.kind == EntryKind.EARN)
    return _fresh(Lot.account_id == account.id, Lot.entry_id.in_(earned))


def expired_of(lot: Lot) -> tuple[int, int]:
    """How often something of the lot expired, and how much in all."""
    query = select(func.count(), func.coalesce(func.sum(Allocation.amount), 0)).join(Allocation.entry)
    times, amount = db.session.execute(
        query.where(Allocation.lot_id == lot.id, LedgerEntry.kind == EntryKind.EXPIRE)
    ).one()
    return times, amount


def _allocate(entry_id: int, account: LedgerAccount, lot: Lot, part: int) -> None:
    lot.remaining -= part
    _follow(account, lot, -part)
    db.session.add(Allocation(entry_id=entry_id, lot_id=lot.id, amount=part))


def _follow(account: LedgerAccount, lot: Lot, change: int) -> None:
    """The account's sums follow a change of what is left of one of its lots."""
    if lot.is_pending:
        account.pending += change
        return
    account.balance += change
    if lot.amount < 0:
        account.owed -= change


def _parts(lots: Sequence[Lot], amount: int) -> list[tuple[Lot, int]]:
    """`amount` (negative for debts) shared out over `lots` in their order: what each gives."""
    parts = []
    for lot in lots:
        part = max(lot.remaining, amount) if lot.remaining < 0 else min(lot.remaining, amount)
        if part:
            parts.append((lot, part))
            amount -= part
    return parts


def _last(lots: Sequence[Lot]) -> datetime | None:
    """When the last of `lots` expires; None for never."""
    moments = [lot.expires_at for lot in lots]
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None


def _fresh(*where: ColumnElement[bool]) -> list[Lot]:
    query = select(Lot).where(*where).order_by(Lot.expires_at.is_(None), Lot.expires_at, Lot.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))
