"""The proof that the ledger balances: for every account, entries = lots = balance, and every entry is accounted for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import ngettext
from sqlalchemy import Subquery, func, select

from commons.db import db
from community.loyalty.models import Allocation, LedgerAccount, LedgerEntry, Lot, Reconciliation

KEPT = 100


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
    """Reconcile and write down the outcome."""
    differences: list[Any] = [asdict(difference) for difference in reconcile()[:KEPT]]
    accounts = db.session.scalar(select(func.count()).select_from(LedgerAccount)) or 0
    result = Reconciliation(accounts=accounts, differences=differences, checked_at=at)
    db.session.add(result)
    db.session.flush()
    return result


def latest() -> Reconciliation | None:
    """The newest outcome; None before the first night."""
    return db.session.scalars(select(Reconciliation).order_by(Reconciliation.id.desc()).limit(1)).one_or_none()


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


def _accounts() -> list[Difference]:
    """The balance is what the entries add up to, and what the lots still hold."""
    entries = _sum(LedgerEntry.account_id, LedgerEntry.amount)
    lots = _sum(Lot.account_id, Lot.remaining)
    moved, held = func.coalesce(entries.c.total, 0), func.coalesce(lots.c.total, 0)
    query = (
        select(LedgerAccount.id, LedgerAccount.balance, moved, held)
        .outerjoin(entries, entries.c.of == LedgerAccount.id)
        .outerjoin(lots, lots.c.of == LedgerAccount.id)
        .where((LedgerAccount.balance != moved) | (LedgerAccount.balance != held))
    )
    found = []
    for account_id, balance, moved_sum, held_sum in db.session.execute(query):
        found += [
            Difference(what, account_id, balance, amount)
            for what, amount in (("account entries", moved_sum), ("account lots", held_sum))
            if amount != balance
        ]
    return found


def _lots() -> list[Difference]:
    """What is left of a lot is what came in less what was taken out and not put back."""
    taken = _sum(Allocation.lot_id, Allocation.amount)
    left = Lot.amount - func.coalesce(taken.c.total, 0)
    query = select(Lot.id, left, Lot.remaining).outerjoin(taken, taken.c.of == Lot.id).where(left != Lot.remaining)
    return [Difference("lot", *row) for row in db.session.execute(query)]


def _entries() -> list[Difference]:
    """An entry's amount is what its own lot brought in less what it took out of lots."""
    taken = _sum(Allocation.entry_id, Allocation.amount)
    shown = func.coalesce(Lot.amount, 0) - func.coalesce(taken.c.total, 0)
    query = (
        select(LedgerEntry.id, LedgerEntry.amount, shown)
        .outerjoin(Lot, Lot.entry_id == LedgerEntry.id)
        .outerjoin(taken, taken.c.of == LedgerEntry.id)
        .where(shown != LedgerEntry.amount)
    )
    return [Difference("entry", *row) for row in db.session.execute(query)]


def _sum(key: Any, amount: Any) -> Subquery:
    return select(key.label("of"), func.sum(amount).label("total")).group_by(key).subquery()
