"""Transfers between a fan's merged selves: all that one account holds goes to the other, lot by lot, and back when they part."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from community.loyalty import accounts, climbing, lots, posting, slots
from community.loyalty.accounts import Accounts
from community.loyalty.climbing import Move
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry, Lot
from community.loyalty.posting import Because
from community.loyalty.ranking import noting


def transfer_all(
    from_member_id: int, to_member_id: int, *, key: str, at: datetime, by: User | None = None,
    event: Event | None = None, note: str = "",
) -> None:  # fmt: skip
    """All that one member has goes to the other: growth and points, what is pending, what is owed. Once for each `key`.

    Every lot goes along as it is, with its expiry, also when it is empty: what is taken back or given back later finds it
    on the account that it went to. `key` must leave room for 20 more characters.
    """
    if from_member_id == to_member_id:
        raise ValueError("a transfer needs two members")
    because = {"actor_id": by.id if by else None, "event_id": event.id if event else None, "note": note}
    locked = accounts.lock([from_member_id, to_member_id])
    for currency in Currency:
        source, target = locked[from_member_id, currency], locked[to_member_id, currency]
        if _entry(f"{key}:{currency}:out") is None:
            posting.bring_up_to(source, at)
            _transfer(source, target, lots.all_of(source), f"{key}:{currency}", at, because, whole=True)


def transfer_back(
    key: str, *, at: datetime, by: User | None = None, event: Event | None = None, note: str = ""
) -> None:
    """Undo the transfer under `key`: what is left of the lots that went goes back. Once; nothing if nothing was transferred.

    What has been spent of them meanwhile stays spent.
    """
    because = {"actor_id": by.id if by else None, "event_id": event.id if event else None, "note": note}
    pairs = [(_entry(f"{key}:{currency}:out"), _entry(f"{key}:{currency}:in")) for currency in Currency]
    went = [(out, into) for out, into in pairs if out is not None and into is not None]
    locked = accounts.lock(entry.account.member_id for pair in went for entry in pair)
    for out, into in went:
        home, guest = _account(locked, out), _account(locked, into)
        if _entry(f"{key}:{home.currency}:back:out") is None:
            posting.bring_up_to(guest, at)
            moved = {lot.id for lot in lots.touched_by(out)}
            own = [lot for lot in lots.all_of(guest) if lot.id in moved or lot.entry.account_id == home.id]
            _transfer(guest, home, own, f"{key}:{home.currency}:back", at, because)


def _transfer(
    source: LedgerAccount, target: LedgerAccount, going: list[Lot], key: str, at: datetime, because: Because, *,
    whole: bool = False,
) -> None:  # fmt: skip
    """Carry `going` over; of nothing, too, so that it happens once. `whole`: the source has nothing left afterwards."""
    amount, had, has = sum(lot.remaining for lot in going), source.balance, target.balance
    out = posting.record(source, EntryKind.TRANSFER, -amount, f"{key}:out", at, because)
    into = posting.record(target, EntryKind.TRANSFER, amount, f"{key}:in", at, because)
    lots.move(going, out, source, into, target)
    lots.settle(into.id, target)
    db.session.flush()
    if source.currency is Currency.GROWTH:
        gone = Move(source.member_id, out.id, at, had, source.balance)
        came = Move(target.member_id, into.id, at, has, target.balance)
        noting.note_carried(gone, came, with_periods=whole)
        climbing.follow([came])
    else:
        slots.tell_of_points([source.member_id, target.member_id], at)


def _entry(key: str) -> LedgerEntry | None:
    return db.session.scalars(select(LedgerEntry).where(LedgerEntry.key == key)).one_or_none()


def _account(locked: Accounts, entry: LedgerEntry) -> LedgerAccount:
    return locked[entry.account.member_id, entry.account.currency]
