"""Transfers between a fan's merged selves: all that one account holds goes to the other, lot by lot, and back when they part."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.events import Event, Evidence
from community.loyalty import accounts, lots, posting, slots
from community.loyalty.accounts import Accounts
from community.loyalty.gains import gained
from community.loyalty.levels import climbing
from community.loyalty.levels.climbing import Move
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry, Lot
from community.loyalty.posting import Because
from community.loyalty.ranking import noting


def transfer_all(
    from_member_id: int, to_member_id: int, *, key: str, at: datetime, by: User | None = None,
    event: Event | None = None, note: str = "", evidence: Evidence | None = None,
) -> None:  # fmt: skip
    """All that one member has goes to the other: growth and points, what is pending, what is owed. Once for each `key`.

    Every lot goes along as it is, with its expiry, also when it is empty: what is taken back or given back later finds it
    on the account that it went to. `key` must leave room for 20 more characters. `evidence`: how well it is proven that the
    two are one.
    """
    if from_member_id == to_member_id:
        raise ValueError("a transfer needs two members")
    because = {
        "actor_id": by.id if by else None,
        "event_id": event.id if event else None,
        "note": note,
        "evidence": evidence,
    }
    locked = accounts.lock([from_member_id, to_member_id])
    for currency in Currency:
        source, target = locked[from_member_id, currency], locked[to_member_id, currency]
        if _entry(f"{key}:{currency}:out") is None:
            posting.bring_up_to(source, at)
            _transfer(source, target, lots.all_of(source), f"{key}:{currency}", at, because, whole=True)


def transfer_back(
    key: str, *, at: datetime, by: User | None = None, event: Event | None = None, note: str = "",
    holder_id: int | None = None,
) -> None:  # fmt: skip
    """Undo the transfer under `key`: what is left of the lots that went goes back. Once; nothing if nothing was transferred.

    `holder_id` is who has had them since, where the one to whom they went was merged with somebody else meanwhile. What has
    been spent of them meanwhile stays spent.
    """
    because = {"actor_id": by.id if by else None, "event_id": event.id if event else None, "note": note}
    pairs = [(_entry(f"{key}:{currency}:out"), _entry(f"{key}:{currency}:in")) for currency in Currency]
    went = [(out, holder_id or into.account.member_id) for out, into in pairs if out is not None and into is not None]
    locked = accounts.lock(member_id for out, holder in went for member_id in (out.account.member_id, holder))
    for out, holder in went:
        home, guest = _account(locked, out), locked[holder, out.account.currency]
        if _entry(f"{key}:{home.currency}:back:out") is None:
            posting.bring_up_to(guest, at)
            moved = {lot.id for lot in lots.touched_by(out)}
            own = [lot for lot in lots.all_of(guest) if lot.id in moved or lot.entry.account_id == home.id]
            _transfer(guest, home, own, f"{key}:{home.currency}:back", at, because)


def left_of(key: str, holder_id: int) -> dict[Currency, int]:
    """What is left, with `holder_id`, of what the transfer under `key` carried over."""
    found = dict.fromkeys(Currency, 0)
    for currency in Currency:
        out = _entry(f"{key}:{currency}:out")
        mine = LedgerAccount.member_id == holder_id, LedgerAccount.currency == currency
        account_id = db.session.scalar(select(LedgerAccount.id).where(*mine))
        if out is not None:
            found[currency] = sum(lot.remaining for lot in lots.touched_by(out) if lot.account_id == account_id)
    return found


def transfer_earned(from_member_id: int, to_member_id: int, *, key: str, at: datetime, note: str = "") -> None:
    """What facts of the one earned while they were the other's goes to the one, as far as it is not spent. Once for each `key`.

    A fact is `to_member_id`'s when this is called; the lots of what it earned still stand with `from_member_id`.
    """
    locked = accounts.lock([from_member_id, to_member_id])
    for currency in Currency:
        source, target = locked[from_member_id, currency], locked[to_member_id, currency]
        if lots.of_facts(source, to_member_id) and _entry(f"{key}:{currency}:out") is None:
            posting.bring_up_to(source, at)
            _transfer(source, target, lots.of_facts(source, to_member_id), f"{key}:{currency}", at, {"note": note})


def _transfer(
    source: LedgerAccount, target: LedgerAccount, going: list[Lot], key: str, at: datetime, because: Because, *,
    whole: bool = False,
) -> None:  # fmt: skip
    """Carry `going` over; of nothing, too, so that it happens once. `whole`: the source has nothing left afterwards."""
    amount, had, has = sum(lot.remaining for lot in going), source.balance, target.balance
    is_growth = source.currency is Currency.GROWTH
    scores = noting.scores_of(source.member_id) if is_growth else {}
    if scores and not whole:
        scores = {board: gain for board, gain in gained(going).items() if board in scores}
    out = posting.record(source, EntryKind.TRANSFER, -amount, f"{key}:out", at, because)
    into = posting.record(target, EntryKind.TRANSFER, amount, f"{key}:in", at, because)
    lots.move(going, out, source, into, target)
    lots.settle(into.id, target)
    db.session.flush()
    if is_growth:
        gone = Move(source.member_id, out.id, at, at, had, source.balance)
        came = Move(target.member_id, into.id, at, at, has, target.balance)
        noting.note_carried(gone, came, scores)
        climbing.follow([came])
    else:
        slots.tell_of_points([source.member_id, target.member_id], at)


def _entry(key: str) -> LedgerEntry | None:
    return db.session.scalars(select(LedgerEntry).where(LedgerEntry.key == key)).one_or_none()


def _account(locked: Accounts, entry: LedgerEntry) -> LedgerAccount:
    return locked[entry.account.member_id, entry.account.currency]
