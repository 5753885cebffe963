"""The two accounts of each member: opened when first needed, locked before they change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm.attributes import set_committed_value

from commons.db import db, insert_into
from community.loyalty import lots
from community.loyalty.models import Allocation, Currency, LedgerAccount, LedgerEntry, Lot
from community.members.models import Member

SOON = timedelta(days=30)
Accounts = dict[tuple[int, Currency], LedgerAccount]

_ADD_UP = text(
    "UPDATE ledger_account SET balance = balance + :balance, pending = pending + :pending WHERE ledger_account.id = :id"
)
_ADD_UP_AT_ONCE = text(
    "UPDATE ledger_account SET balance = ledger_account.balance + more.balance, pending = ledger_account.pending + more.pending"
    " FROM unnest(CAST(:id AS bigint[]), CAST(:balance AS integer[]), CAST(:pending AS integer[]))"
    " AS more (id, balance, pending) WHERE ledger_account.id = more.id"
)


@dataclass(frozen=True)
class Purse:
    """What a member has, and the points that are not proven yet. `expiring` points expire within `SOON`, from `first_at` on."""

    growth: int = 0
    points: int = 0
    pending: int = 0
    expiring: int = 0
    first_at: datetime | None = None


def purse(member: Member, at: datetime) -> Purse:
    """Both currencies in one look."""
    soon, first_at = (
        select(column)
        .where(Lot.account_id == LedgerAccount.id, Lot.remaining > 0, lots.IS_OPEN)
        .where(Lot.expires_at > at, Lot.expires_at <= at + SOON)
        .scalar_subquery()
        for column in (func.sum(Lot.remaining), func.min(Lot.expires_at))
    )
    columns = LedgerAccount.balance, LedgerAccount.pending, soon, first_at
    rows = db.session.execute(select(LedgerAccount.currency, *columns).where(LedgerAccount.member_id == member.id))
    found = {currency: sums for currency, *sums in rows}
    points, unproven, soon_gone, first = found.get(Currency.POINTS, (0, 0, 0, None))
    return Purse(found.get(Currency.GROWTH, (0,))[0], points, unproven, int(soon_gone or 0), first)


def balance(member: Member, currency: Currency) -> int:
    """What the member has; 0 before the first movement."""
    return balances([member.id])[member.id, currency]


def balance_now(member: Member, currency: Currency) -> ColumnElement[int]:
    """What the member has, as a column of another query: 0 before the first movement."""
    query = select(LedgerAccount.balance).where(LedgerAccount.member_id == member.id)
    return func.coalesce(query.where(LedgerAccount.currency == currency).scalar_subquery(), 0)


def balances(member_ids: Sequence[int]) -> dict[tuple[int, Currency], int]:
    """The balances of several members in both currencies, by `(member id, currency)`."""
    found = {(member_id, currency): 0 for member_id in member_ids for currency in Currency}
    query = select(LedgerAccount.member_id, LedgerAccount.currency, LedgerAccount.balance)
    rows = db.session.execute(query.where(LedgerAccount.member_id.in_(member_ids)))
    return found | {(member_id, currency): amount for member_id, currency, amount in rows}


def pending(member: Member, currency: Currency) -> int:
    """What the member was given that is not proven yet, and cannot be spent."""
    query = select(LedgerAccount.pending).where(LedgerAccount.member_id == member.id)
    return db.session.scalars(query.where(LedgerAccount.currency == currency)).one_or_none() or 0


def holder(entry: LedgerEntry) -> int:
    """On whose account the lots of `entry` stand now: the member it was written for, or whom that one was merged into."""
    own = Lot.entry_id == entry.id
    taken = Lot.id.in_(select(Allocation.lot_id).where(Allocation.entry_id == entry.id))
    query = select(LedgerAccount.member_id).join(Lot, Lot.account_id == LedgerAccount.id).order_by(Lot.id)
    found = db.session.scalars(query.where(own if entry.amount > 0 else own | taken)).all()
    written_for = entry.account.member_id
    return written_for if written_for in found or not found else found[0]


def lock(member_ids: Iterable[int]) -> Accounts:
    """Both accounts of each member, as they stand now and closed to everybody else until the transaction ends.

    Always in the same order, so that two transactions over the same members wait for each other instead of for ever.
    """
    wanted = sorted(set(member_ids))
    accounts = _locked(wanted)
    if len(accounts) < len(wanted) * len(Currency):
        _open([key for key in _keys(wanted) if key not in accounts])
        accounts = _locked(wanted)
    return accounts


def lock_one(member_id: int, currency: Currency) -> LedgerAccount:
    return lock([member_id])[member_id, currency]


def add_up(more: Mapping[LedgerAccount, tuple[int, int]]) -> None:
    """Add to balance and pending of many locked accounts in one statement."""
    changes = [{"id": account.id, "balance": plus[0], "pending": plus[1]} for account, plus in more.items()]
    if db.engine.dialect.name == "postgresql":
        columns = {name: [change[name] for change in changes] for name in ("id", "balance", "pending")}
        db.session.execute(_ADD_UP_AT_ONCE, columns)
    else:
        db.session.execute(_ADD_UP, changes)
    for account, (balance, pending) in more.items():
        set_committed_value(account, "balance", account.balance + balance)
        set_committed_value(account, "pending", account.pending + pending)


def _locked(member_ids: Sequence[int]) -> Accounts:
    query = select(LedgerAccount).where(LedgerAccount.member_id.in_(member_ids)).order_by(LedgerAccount.id)
    found = db.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {(account.member_id, account.currency): account for account in found}


def _open(keys: Sequence[tuple[int, Currency]]) -> None:
    rows: list[dict[str, Any]] = [
        {"member_id": member, "currency": currency, "balance": 0} for member, currency in keys
    ]
    db.session.execute(insert_into(LedgerAccount).on_conflict_do_nothing(), rows)


def _keys(member_ids: Sequence[int]) -> list[tuple[int, Currency]]:
    return [(member_id, currency) for member_id in member_ids for currency in Currency]
