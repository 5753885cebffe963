"""The ledger: two currencies, append-only entries, lots that are spent first-expiring first.

Every verb locks the account, changes its sums in the same transaction, and answers a repeated `key` with the entry
that is already there. What was earned moves the member's level with it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid
from commons.events import Event
from community.loyalty import accounts, lots, posting
from community.loyalty.batching import Credit, credit_all
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry, Lot
from community.loyalty.posting import NotEnough
from community.loyalty.transferring import transfer_all, transfer_back
from community.members.models import Member

__all__ = [
    "Credit", "NotEnough", "adjust", "credit_all", "earn", "expire_due", "reverse", "spend", "transfer_all", "transfer_back",
]  # fmt: skip


def earn(
    member: Member, currency: Currency, amount: int, *, key: str, at: datetime, expires_at: datetime | None = None,
    available_at: datetime | None = None, **because: Any,
) -> LedgerEntry:  # fmt: skip
    """Credit `amount` (positive). `because`: event_id, rule_version_id, actor_id, note, evidence (by default the fact's own).

    With `available_at` it is pending until then: it counts for nothing yet, `pending.prove` makes it available earlier, and
    `reverse` drops it.
    """
    account = accounts.lock_one(member.id, currency)
    known = posting.known(key, account, amount)
    return known or posting.credit(
        account, EntryKind.EARN, amount, key, at, because, expires_at=expires_at, available_at=available_at
    )


def spend(
    member: Member, amount: int, *, key: str, at: datetime, note: str = "", by: User | None = None,
    event: Event | None = None, allow_negative: bool = False,
) -> LedgerEntry:  # fmt: skip
    """Take `amount` points (positive), first-expiring lots first. Growth is never spent.

    Raises `NotEnough`, unless the rule under which it happens allows the balance to go below zero (`allow_negative`).
    """
    account = accounts.lock_one(member.id, Currency.POINTS)
    known = posting.known(key, account, -amount)
    because = {"note": note, "actor_id": by.id if by else None, "event_id": event.id if event else None}
    return known or posting.debit(account, EntryKind.SPEND, amount, key, at, because, allow_negative=allow_negative)


def adjust(
    member: Member, currency: Currency, amount: int, *, key: str, by: User, at: datetime, note: str,
    event: Event | None = None, allow_negative: bool = False,
) -> LedgerEntry:  # fmt: skip
    """A person puts something right: `amount` is signed, the reason stands in `note` and cannot be left out."""
    if not note.strip():
        raise Invalid(_l("An adjustment needs a reason."), _l("Write in a few words why."))
    account = accounts.lock_one(member.id, currency)
    known = posting.known(key, account, amount)
    if known is not None:
        return known
    because = {"note": note, "actor_id": by.id, "event_id": event.id if event else None}
    if amount < 0:
        return posting.debit(account, EntryKind.ADJUST, -amount, key, at, because, allow_negative=allow_negative)
    return posting.credit(account, EntryKind.ADJUST, amount, key, at, because)


def reverse(
    entry: LedgerEntry, *, at: datetime, by: User | None = None, event: Event | None = None, note: str = "",
    allow_negative: bool | None = None, longer: timedelta = timedelta(),
) -> LedgerEntry:  # fmt: skip
    """Undo `entry`; a second call gives the same reversal.

    A debit goes back into the lots it came from; these last so much `longer` where the time without it was not the
    member's doing. A credit is taken back out of its own lot (also while that is pending),
    then out of the others; what has expired of it is already gone. What is not there any more is written down as
    `shortfall`, so that the balance never falls below zero, or is owed from now on if `allow_negative` (by default: if
    the rule says so that the credit was given under). After a merge it happens where the lots stand now.
    """
    holder = accounts.holder(entry)
    account = accounts.lock([entry.account.member_id, holder])[holder, entry.account.currency]
    known = db.session.scalars(select(LedgerEntry).where(LedgerEntry.reverses_id == entry.id)).one_or_none()
    if known is not None:
        return known
    if entry.kind in {EntryKind.REVERSE, EntryKind.EXPIRE, EntryKind.TRANSFER}:
        raise Invalid(_l("A reversal, an expiry or a transfer cannot be reversed."), _l("Adjust the balance instead."))
    because = _because(entry, by, event, note)
    if entry.amount < 0:
        return _give_back(account, entry, at, because, longer)
    version = entry.rule_version
    may_owe = allow_negative if allow_negative is not None else version is not None and version.allow_negative
    return _take_back(account, entry, at, because, may_owe)


def expire_due(at: datetime, limit: int = 500) -> int:
    """Let up to `limit` lots go whose time is over; how many there were. Call again while it says `limit`."""
    query = select(Lot.account_id).where(Lot.remaining > 0, Lot.expires_at <= at, lots.IS_OPEN)
    account_ids = db.session.scalars(query.order_by(Lot.expires_at).limit(limit)).all()
    members = select(LedgerAccount.member_id).where(LedgerAccount.id.in_(account_ids))
    locked = accounts.lock(db.session.scalars(members))
    for account in locked.values():
        if account.id in account_ids:
            posting.bring_up_to(account, at)
    return len(account_ids)


def _take_back(
    account: LedgerAccount, earned: LedgerEntry, at: datetime, because: dict[str, Any], may_owe: bool
) -> LedgerEntry:
    posting.bring_up_to(account, at)
    own = lots.of_entry(earned)
    wanted = earned.amount - lots.expired_of(own)[1]
    before = account.balance
    there = [own, *(lot for lot in lots.first_expiring(account) if lot is not own)]
    held = sum(lot.remaining for lot in there)
    taken = wanted if may_owe else min(wanted, held)
    because |= {"shortfall": wanted - taken}
    entry = posting.record(account, EntryKind.REVERSE, -taken, f"reverse:{earned.id}", at, because)
    posting.take(entry, account, there, taken, held)
    return posting.moved(account, entry, before)


def _give_back(
    account: LedgerAccount, debit: LedgerEntry, at: datetime, because: dict[str, Any], longer: timedelta
) -> LedgerEntry:
    before = account.balance
    entry = posting.record(account, EntryKind.REVERSE, -debit.amount, f"reverse:{debit.id}", at, because)
    lots.give_back(entry, account, debit, longer)
    lots.settle(entry.id, account)
    return posting.moved(account, entry, before, gained=debit.occurred_at)


def _because(entry: LedgerEntry, by: User | None, event: Event | None, note: str) -> dict[str, Any]:
    """A reversal names what it reverses, and falls under the same version of the same rule."""
    return {
        "reverses_id": entry.id,
        "rule_version_id": entry.rule_version_id,
        "event_id": event.id if event else None,
        "actor_id": by.id if by else None,
        "note": note,
        "evidence": None if event or by else entry.evidence,
    }
