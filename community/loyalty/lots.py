"""Lots: what credits brought in and what is left of each. All of it under the lock of the account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select

from commons.db import db
from community.loyalty.models import Allocation, EntryKind, LedgerAccount, LedgerEntry, Lot


def bring_in(entry: LedgerEntry, account: LedgerAccount, expires_at: datetime | None) -> None:
    """A new lot with all that `entry` credits."""
    db.session.add(
        Lot(account_id=account.id, entry=entry, amount=entry.amount, remaining=entry.amount, expires_at=expires_at)
    )


def bring_in_all(new: Sequence[tuple[LedgerAccount, int, int, datetime | None]]) -> None:
    """A new lot for each (account, entry id, amount, when it expires)."""
    rows = [
        {"account_id": account.id, "entry_id": entry_id, "amount": amount, "remaining": amount, "expires_at": expires}
        for account, entry_id, amount, expires in new
    ]
    db.session.execute(insert(Lot), rows)


def take(entry: LedgerEntry, lots: Iterable[Lot], amount: int) -> None:
    """Take `amount` out of `lots`, in their order; together they must hold as much."""
    for lot in lots:
        part = min(lot.remaining, amount)
        if part:
            lot.remaining -= part
            amount -= part
            db.session.add(Allocation(entry=entry, lot=lot, amount=part))
    if amount:
        raise AssertionError(f"lots hold {amount} less than the balance of account {entry.account_id}")


def give_back(entry: LedgerEntry, debit: LedgerEntry) -> None:
    """Put back into the same lots what `debit` took out of them."""
    taken = db.session.scalars(select(Allocation).where(Allocation.entry_id == debit.id).order_by(Allocation.id)).all()
    lots = {lot.id: lot for lot in _fresh(Lot.id.in_([allocation.lot_id for allocation in taken]))}
    for allocation in taken:
        lots[allocation.lot_id].remaining += allocation.amount
        db.session.add(Allocation(entry=entry, lot=lots[allocation.lot_id], amount=-allocation.amount))


def first_expiring(account: LedgerAccount) -> list[Lot]:
    """The lots that still hold something: those that expire first come first, those that never do come last."""
    return _fresh(Lot.account_id == account.id, Lot.remaining > 0)


def due(account: LedgerAccount, at: datetime) -> list[Lot]:
    """The lots whose time was over at `at` and that still hold something."""
    return _fresh(Lot.account_id == account.id, Lot.remaining > 0, Lot.expires_at <= at)


def of_entry(entry: LedgerEntry) -> Lot:
    """The lot that the credit `entry` brought in."""
    return _fresh(Lot.entry_id == entry.id)[0]


def expired_of(lot: Lot) -> tuple[int, int]:
    """How often something of the lot expired, and how much in all."""
    query = select(func.count(), func.coalesce(func.sum(Allocation.amount), 0)).join(Allocation.entry)
    times, amount = db.session.execute(
        query.where(Allocation.lot_id == lot.id, LedgerEntry.kind == EntryKind.EXPIRE)
    ).one()
    return times, amount


def _fresh(*where: ColumnElement[bool]) -> list[Lot]:
    query = select(Lot).where(*where).order_by(Lot.expires_at.is_(None), Lot.expires_at, Lot.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))
