"""Points that are pending: until a moment, or until a fact or a person proves what they were given for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from community.loyalty import accounts, ledger, lots, posting
from community.loyalty.models import LedgerAccount, LedgerEntry, Lot

PROVES = {"group_buy.reached": "group_buy.joined"}
DROPS = {"group_buy.voided": "group_buy.joined"}


def prove(entry: LedgerEntry, *, at: datetime, event: Event | None = None, by: User | None = None) -> bool:
    """What `entry` credited is available from now on: `event` proves it, or a person (`by`) says so. False if it was already.

    What turns out not to be so is dropped with `ledger.reverse`.
    """
    account = accounts.lock_one(accounts.holder(entry), entry.account.currency)
    lot = lots.of_entry(entry)
    if not lot.is_pending:
        return False
    lot.proof_id = event.id if event is not None else None
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
            for entry in _waiting_for(fact, PROVES[fact.kind]):
                prove(entry, at=fact.occurred_at, event=fact)
        elif fact.kind in DROPS:
            for entry in _waiting_for(fact, DROPS[fact.kind]):
                ledger.reverse(entry, at=fact.occurred_at, event=fact)


def open_due(at: datetime, limit: int = 500) -> int:
    """Open up to `limit` lots whose moment has come; how many there were. Call again while it says `limit`."""
    waiting = select(Lot.account_id).where(Lot.available_at <= at, Lot.opened_at.is_(None), Lot.remaining > 0)
    account_ids = db.session.scalars(waiting.order_by(Lot.available_at).limit(limit)).all()
    members = select(LedgerAccount.member_id).where(LedgerAccount.id.in_(account_ids))
    for account in accounts.lock(db.session.scalars(members)).values():
        if account.id in account_ids:
            posting.bring_up_to(account, at)
    return len(account_ids)


def _waiting_for(fact: Event, kind: str) -> Sequence[LedgerEntry]:
    """What facts of `kind` earned for the member about the subject of `fact` and is still pending."""
    query = (
        select(LedgerEntry)
        .join(LedgerEntry.event)
        .join(Lot, Lot.entry_id == LedgerEntry.id)
        .where(Event.subject_type == fact.subject_type, Event.subject_id == fact.subject_id)
        .where(Event.kind == kind, Event.member_id == fact.member_id, Lot.remaining > 0, lots.IS_PENDING)
    )
    return db.session.scalars(query.order_by(LedgerEntry.id)).all()
