"""Points that are pending: until a moment, or until a fact or a person proves what they were given for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select

from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from community.loyalty import accounts, ledger, lots, posting
from community.loyalty.models import LedgerAccount, LedgerEntry, Lot
from community.loyalty.watching import held

PROVES = {"group_buy.reached": "group_buy.joined"}
DROPS = {"group_buy.voided": "group_buy.joined"}


def prove(entry: LedgerEntry, *, at: datetime, event: Event | None = None, by: User | None = None) -> bool:
    """What `entry` credited is available from now on: `event` proves it, or a person (`by`) says so. False if it was already.

    What turns out not to be so is dropped with `ledger.reverse`.
    """
    account = accounts.lock_one(accounts.holder(entry), entry.account.currency)
    lot = lots.of_entry(entry)
    if event is not None and lot.available_at is not None and lot.proof_id is None:
        lot.proof_id = event.id
    if not lot.is_pending:
        return False
    lot.opened_by_id = by.id if by is not None else None
    posting.open_up(account, lot, at)
    return True


def prove_fact(fact: Event, *, at: datetime, event: Event | None = None, by: User | None = None) -> int:
    """Prove all that `fact` has earned; how many entries became available by that."""
    earned = select(LedgerEntry).where(LedgerEntry.event_id == fact.id).order_by(LedgerEntry.id)
    entries = db.session.scalars(earned.join(Lot, Lot.entry_id == LedgerEntry.id).where(lots.IS_PENDING)).all()
    return sum(prove(entry, at=at, event=event, by=by) for entry in entries)


def read(facts: Sequence[Event]) -> None:
    """Facts that settle an earlier one of the same member about the same thing: what that one earned is proven, or dropped."""
    for fact in facts:
        if fact.kind in PROVES:
            for entry in db.session.scalars(_promised(fact, PROVES[fact.kind])).all():
                prove(entry, at=fact.occurred_at, event=fact)
        elif fact.kind in DROPS:
            _drop(fact, DROPS[fact.kind])


def open_due(at: datetime, limit: int = 500) -> int:
    """Open up to `limit` lots whose moment has come; how many there were. Call again while it says `limit`."""
    waiting = select(Lot.account_id).where(Lot.available_at <= at, Lot.opened_at.is_(None), Lot.remaining > 0)
    account_ids = db.session.scalars(waiting.order_by(Lot.available_at).limit(limit)).all()
    members = select(LedgerAccount.member_id).where(LedgerAccount.id.in_(account_ids))
    for account in accounts.lock(db.session.scalars(members)).values():
        if account.id in account_ids:
            posting.bring_up_to(account, at)
    return len(account_ids)


def _drop(fact: Event, kind: str) -> None:
    """What was promised is gone: also what is held, and what had become available only because its time was over."""
    for entry in db.session.scalars(_promised(fact, kind)).all():
        ledger.reverse(entry, at=fact.occurred_at, event=fact)
    held.drop_promised(_about(fact, kind), fact.occurred_at)


def _promised(fact: Event, kind: str) -> Select[LedgerEntry]:
    """What facts of `kind` earned for the member about the subject of `fact` until it is proven, and nothing proved so far."""
    return (
        select(LedgerEntry)
        .join(Lot, Lot.entry_id == LedgerEntry.id)
        .where(LedgerEntry.event_id.in_(_about(fact, kind)), Lot.available_at.is_not(None))
        .where(Lot.proof_id.is_(None), Lot.opened_by_id.is_(None))
        .order_by(LedgerEntry.id)
    )


def _about(fact: Event, kind: str) -> Select[int]:
    """The ids of the member's facts of `kind` about the subject of `fact`."""
    return select(Event.id).where(
        Event.subject_type == fact.subject_type,
        Event.subject_id == fact.subject_id,
        Event.kind == kind,
        Event.member_id == fact.member_id,
    )
