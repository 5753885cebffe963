"""Many credits at once, as facts earn them: a fixed number of statements however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commons import bulk
from commons.db import db
from commons.events import Evidence
from community.loyalty import accounts, posting, slots
from community.loyalty.levels import climbing
from community.loyalty.levels.climbing import Move
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry, Lot
from community.loyalty.ranking import noting

ENTRY = (
    "id", "public_id", "account_id", "kind", "amount", "key", "event_id", "rule_version_id", "actor_id", "evidence", "note",
    "shortfall", "occurred_at", "recorded_at",
)  # fmt: skip
LOT = ("account_id", "entry_id", "amount", "remaining", "expires_at", "available_at", "opened_at")


@dataclass(frozen=True)
class Credit:
    """What a fact earns on one locked account, under which version of a rule; pending until `available_at`, if there is one."""

    account: LedgerAccount
    amount: int
    key: str
    at: datetime
    expires_at: datetime | None
    event_id: int
    rule_version_id: int
    recorded_at: datetime
    available_at: datetime | None = None
    evidence: Evidence = Evidence.NETWORK
    actor_id: int | None = None

    @property
    def is_pending(self) -> bool:
        return self.available_at is not None and self.available_at > self.recorded_at


def credit_all(earned: Sequence[Credit]) -> None:
    """Earn many things at once, in order, on accounts that are locked; none of the keys may stand in the ledger yet."""
    plain = [credit for credit in earned if not credit.account.owed]
    if plain:
        _credit_plain(plain)
    for credit in earned:
        if credit.account.owed:
            _credit_and_settle(credit)


def _credit_plain(earned: Sequence[Credit]) -> None:
    """On accounts that owe nothing a credit only adds up."""
    db.session.flush()
    connection = db.session.connection()
    ids = bulk.reserve_ids(connection, _table(LedgerEntry), len(earned))
    names = bulk.random_ids(len(earned))
    rows = [_entry(credit, entry_id, name) for credit, entry_id, name in zip(earned, ids, names, strict=True)]
    bulk.write(connection, _table(LedgerEntry), ENTRY, rows)
    bulk.write(
        connection, _table(Lot), LOT, [_lot(credit, entry_id) for credit, entry_id in zip(earned, ids, strict=True)]
    )
    moves = _add_up(earned, ids)
    noting.note(moves)
    climbing.follow(moves)
    _tell_of_points(earned)


def _add_up(earned: Sequence[Credit], ids: Sequence[int]) -> list[Move]:
    """The accounts' sums follow; how growth moved."""
    more: dict[LedgerAccount, list[int]] = {}
    moves = []
    for credit, entry_id in zip(earned, ids, strict=True):
        account, sums = credit.account, more.setdefault(credit.account, [0, 0])
        if account.currency is Currency.GROWTH and not credit.is_pending:
            before = account.balance + sums[0]
            after = before + credit.amount
            moves.append(Move(account.member_id, entry_id, credit.at, credit.recorded_at, before, after))
        sums[credit.is_pending] += credit.amount
    accounts.add_up({account: (sums[0], sums[1]) for account, sums in more.items()})
    return moves


def _tell_of_points(earned: Sequence[Credit]) -> None:
    richer = {
        credit.account.member_id: credit.at
        for credit in earned
        if credit.account.currency is Currency.POINTS and not credit.is_pending
    }
    if richer:
        slots.tell_of_points(list(richer), min(richer.values()))


def _credit_and_settle(credit: Credit) -> None:
    because = {
        "event_id": credit.event_id,
        "rule_version_id": credit.rule_version_id,
        "actor_id": credit.actor_id,
        "evidence": credit.evidence,
        "recorded_at": credit.recorded_at,
    }
    posting.credit(
        credit.account, EntryKind.EARN, credit.amount, credit.key, credit.at, because, expires_at=credit.expires_at,
        available_at=credit.available_at, is_open=not credit.is_pending,
    )  # fmt: skip


def _entry(credit: Credit, entry_id: int, public_id: str) -> tuple[Any, ...]:
    return (
        entry_id, public_id, credit.account.id, EntryKind.EARN, credit.amount, credit.key, credit.event_id,
        credit.rule_version_id, credit.actor_id, credit.evidence, "", 0, credit.at, credit.recorded_at,
    )  # fmt: skip


def _lot(credit: Credit, entry_id: int) -> tuple[Any, ...]:
    """What became known only after its moment is open from the beginning, and still a promise that can be dropped."""
    opened_at = credit.at if credit.available_at is not None and not credit.is_pending else None
    sums = credit.amount, credit.amount
    return credit.account.id, entry_id, *sums, credit.expires_at, credit.available_at, opened_at


def _table(model: Any) -> Any:
    return model.__table__
