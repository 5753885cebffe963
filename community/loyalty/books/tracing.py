"""Where a movement comes from and what it touched: one entry with all that it names, and what a difference speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from commons import events
from commons.db import db
from commons.events import Event
from community.loyalty import lots, moving
from community.loyalty.models import Allocation, EntryKind, LedgerAccount, LedgerEntry, Lot, Reconciliation
from community.members.merging.models import Merge
from community.members.models import Member


@dataclass(frozen=True)
class Touch:
    """What an entry did to a lot: `brought` into it when the lot is its own, else `moved` out of it (or, negative, back)."""

    lot: Lot
    brought: int
    moved: int


@dataclass(frozen=True)
class Basis:
    """What stands behind an entry, wherever that is kept: the fact, and the name of the person who made it (empty: nobody)."""

    fact: Event | None
    by: str


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


def basis_of(entry: LedgerEntry) -> Basis:
    """Of every kind of entry: its own fact and actor, else those of what it undid, let go, or carried over."""
    merge = moving.merge_of(entry) if entry.kind is EntryKind.TRANSFER else None
    if merge is not None:
        return _basis_of_transfer(entry, merge)
    fact = entry.event or _act(entry) or _fact_of_source(entry)
    if entry.actor is not None:
        return Basis(fact, entry.actor.name)
    return Basis(fact, entry.account.member.name if entry.kind is EntryKind.SPEND else "")


def _basis_of_transfer(entry: LedgerEntry, merge: Merge) -> Basis:
    """Two selves became one, or parted again: the fact of that, and whoever did it."""
    facts = [fact for fact in events.of_subject(merge) if fact.occurred_at <= entry.recorded_at]
    parted = merge.split_at is not None and entry.recorded_at >= merge.split_at
    person = entry.actor or (merge.split_by if parted else merge.merged_by)
    return Basis(entry.event or (facts[-1] if facts else None), person.name if person is not None else "")


def _act(entry: LedgerEntry) -> Event | None:
    """The fact that a person of the team adjusted a balance or undid an entry: it is written after the entry, and names it."""
    keys = [f"loyalty.adjusted:{entry.id}", f"loyalty.taken_back:{entry.reverses_id}"]
    return db.session.scalars(select(Event).where(Event.key.in_(keys))).first()


def _fact_of_source(entry: LedgerEntry) -> Event | None:
    """Of an expiry the fact that had brought in the lot, of a reversal the fact of what it undid."""
    if entry.kind is EntryKind.EXPIRE:
        lots_of = lots.touched_by(entry)
        return basis_of(lots_of[0].entry).fact if lots_of else None
    return basis_of(entry.reverses).fact if entry.reverses is not None else None


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
