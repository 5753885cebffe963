"""Where a movement comes from and what it touched: one entry with all that it names, and what a difference speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from commons.db import db
from community.loyalty import lots
from community.loyalty.models import Allocation, LedgerAccount, LedgerEntry, Lot, Reconciliation
from community.members.models import Member


@dataclass(frozen=True)
class Touch:
    """What an entry did to a lot: `brought` into it when the lot is its own, else `moved` out of it (or, negative, back)."""

    lot: Lot
    brought: int
    moved: int


@dataclass(frozen=True)
class Found:
    """A difference that a reconciliation found, with whose account it is about and the entry to look at."""

    what: str
    id: int
    expected: int
    found: int
    member: Member | None
    entry: LedgerEntry | None


def touches(entry: LedgerEntry) -> list[Touch]:
    """What `entry` did to lots, in the order in which they expire."""
    query = select(Allocation.lot_id, func.sum(Allocation.amount)).where(Allocation.entry_id == entry.id)
    moved = dict(db.session.execute(query.group_by(Allocation.lot_id)).all())
    touched = lots.touched_by(entry)
    return [Touch(lot, lot.amount if lot.entry_id == entry.id else 0, moved.get(lot.id, 0)) for lot in touched]


def reversal_of(entry: LedgerEntry) -> LedgerEntry | None:
    """The entry that undid this one, if any did."""
    return db.session.scalars(select(LedgerEntry).where(LedgerEntry.reverses_id == entry.id)).one_or_none()


def found_by(proof: Reconciliation | None) -> list[Found]:
    """The differences of a reconciliation, each with what it speaks of."""
    return [_found(difference) for difference in (proof.differences if proof else [])]


def _found(difference: Mapping[str, Any]) -> Found:
    entry = _entry_of(difference)
    account = db.session.get(LedgerAccount, difference["id"]) if difference["what"].startswith("account") else None
    holder = account or (entry.account if entry else None)
    return Found(**difference, member=holder.member if holder else None, entry=entry)


def _entry_of(difference: Mapping[str, Any]) -> LedgerEntry | None:
    if difference["what"] == "entry":
        return db.session.get(LedgerEntry, difference["id"])
    lot = db.session.get(Lot, difference["id"]) if difference["what"] == "lot" else None
    return lot.entry if lot else None


def newest(limit: int = 10) -> Sequence[LedgerEntry]:
    """The last movements of the whole ledger, newest first."""
    query = select(LedgerEntry).order_by(LedgerEntry.id.desc()).limit(limit)
    return db.session.scalars(query.options(joinedload(LedgerEntry.account).joinedload(LedgerAccount.member))).all()
