"""The proof that the ledger balances: for every account, entries = lots = balance, and every entry is accounted for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import ngettext
from sqlalchemy import Subquery, case, func, select

from commons.db import db
from commons.proofs import Nights, count_of, sum_by
from community.loyalty import lots
from community.loyalty.models import Allocation, Currency, LedgerAccount, LedgerEntry, Lot, Reconciliation

KEPT = 100
HELD = ("balance", "pending", "owed")
ABOUT_ACCOUNTS = ("account entries", "account lots", "account pending", "account owed")

_nights = Nights(Reconciliation)
nights, latest, is_due = _nights.newest, _nights.latest, _nights.is_due


@dataclass(frozen=True)
class Difference:
    """Two numbers that should be one: of an `account`, a `lot` or an `entry`."""

    what: str
    id: int
    expected: int
    found: int


def reconcile() -> list[Difference]:
    """Every difference in the whole ledger; an empty list is the proof that there is none."""
    return [*_accounts(), *_lots(), *_entries()]


def check(at: datetime) -> Reconciliation:
    """Reconcile and write down the outcome, with what was compared."""
    differences: list[Any] = [asdict(difference) for difference in reconcile()[:KEPT]]
    result = Reconciliation(
        accounts=count_of(LedgerAccount),
        entries=count_of(LedgerEntry),
        lots=count_of(Lot),
        totals=totals(),
        differences=differences,
        checked_at=at,
    )
    db.session.add(result)
    db.session.flush()
    return result


def of_night(moment: str) -> Reconciliation | None:
    """The outcome of this moment, as the address of a page names it; None where there is none."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return db.session.scalars(select(Reconciliation).where(Reconciliation.checked_at == at).limit(1)).one_or_none()


def complaint(_at: datetime) -> str | None:
    """The sentence for the health page when the newest outcome is not clean."""
    proof = latest()
    if proof is None or not proof.differences:
        return None
    number = len(proof.differences)
    return str(
        ngettext(
            "The ledger does not balance: %(num)s difference",
            "The ledger does not balance: %(num)s differences",
            number,
        )
    )


def totals() -> dict[str, dict[str, int]]:
    """By currency: what the entries of each kind add up to, and what the accounts hold (balance, pending, owed)."""
    found: dict[str, dict[str, int]] = {currency.value: {} for currency in Currency}
    held = select(
        LedgerAccount.currency,
        func.sum(LedgerAccount.balance),
        func.sum(LedgerAccount.pending),
        func.sum(LedgerAccount.owed),
    )
    for currency, *sums in db.session.execute(held.group_by(LedgerAccount.currency)):
        found[currency.value] |= zip(HELD, map(int, sums), strict=True)
    moved = select(LedgerAccount.currency, LedgerEntry.kind, func.sum(LedgerEntry.amount)).join(LedgerEntry.account)
    for currency, kind, amount in db.session.execute(moved.group_by(LedgerAccount.currency, LedgerEntry.kind)):
        found[currency.value][kind.value] = int(amount)
    return found


def _accounts() -> list[Difference]:
    """Balance and pending are what the entries add up to; balance, pending and owed what the lots still hold."""
    moved, held = sum_by(LedgerEntry.account_id, LedgerEntry.amount), _held()
    entries, opened, pending, owed = (
        func.coalesce(column, 0) for column in (moved.c.total, held.c.opened, held.c.pending, held.c.owed)
    )
    both = LedgerAccount.balance + LedgerAccount.pending
    query = (
        select(LedgerAccount, entries, opened, pending, owed)
        .outerjoin(moved, moved.c.of == LedgerAccount.id)
        .outerjoin(held, held.c.of == LedgerAccount.id)
        .where(
            (both != entries)
            | (LedgerAccount.balance != opened)
            | (LedgerAccount.pending != pending)
            | (LedgerAccount.owed != owed)
        )
    )
    found = []
    for account, moved_sum, *held_sums in db.session.execute(query.execution_options(populate_existing=True)):
        kept = (account.balance + account.pending, account.balance, account.pending, account.owed)
        found += [
            Difference(what, account.id, stored, int(counted))
            for what, stored, counted in zip(ABOUT_ACCOUNTS, kept, (moved_sum, *held_sums), strict=True)
            if stored != counted
        ]
    return found


def _held() -> Subquery:
    """By account, what its lots still hold."""
    pending = case((lots.IS_PENDING, Lot.remaining), else_=0)
    owed = case((Lot.remaining < 0, -Lot.remaining), else_=0)
    return (
        select(
            Lot.account_id.label("of"),
            func.sum(Lot.remaining - pending).label("opened"),
            func.sum(pending).label("pending"),
            func.sum(owed).label("owed"),
        )
        .group_by(Lot.account_id)
        .subquery()
    )


def _lots() -> list[Difference]:
    """What is left of a lot is what came in less what was taken out and not put back."""
    taken = sum_by(Allocation.lot_id, Allocation.amount)
    left = Lot.amount - func.coalesce(taken.c.total, 0)
    query = select(Lot.id, left, Lot.remaining).outerjoin(taken, taken.c.of == Lot.id).where(left != Lot.remaining)
    return [Difference("lot", *row) for row in db.session.execute(query)]


def _entries() -> list[Difference]:
    """An entry's amount is what its own lot brought in less what it took out of lots."""
    taken = sum_by(Allocation.entry_id, Allocation.amount)
    shown = func.coalesce(Lot.amount, 0) - func.coalesce(taken.c.total, 0)
    query = (
        select(LedgerEntry.id, LedgerEntry.amount, shown)
        .outerjoin(Lot, Lot.entry_id == LedgerEntry.id)
        .outerjoin(taken, taken.c.of == LedgerEntry.id)
        .where(shown != LedgerEntry.amount)
    )
    return [Difference("entry", *row) for row in db.session.execute(query)]
