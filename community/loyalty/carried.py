"""What came over from other selves of a person, as a history shows it: beside the lines of the facts that came along.

A fact stands in the history of whoever it belongs to, with all that it moved, on whichever account that was booked. What
transfers carried is shown once, as what those lines do not say already, so that all lines together are the balance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from commons.db import db
from commons.events import Event
from community.loyalty.lines import Key, Line
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry

TRANSFER = EntryKind.TRANSFER.value


def balanced(member_id: int, lines: Mapping[Key, Line]) -> dict[Key, Line]:
    """The lines with the newest transfer of each currency as the sum of all, and the others as nothing."""
    if not any(line.kind == TRANSFER for line in lines.values()):
        return dict(lines)
    growth, points = (_newest(member_id, currency) for currency in Currency)
    return {
        key: replace(line, growth=growth.get(key[1], 0), points=points.get(key[1], 0))
        if line.kind == TRANSFER
        else line
        for key, line in lines.items()
    }


def _newest(member_id: int, currency: Currency) -> dict[int | None, int]:
    """By its id, what the newest transfer stands for."""
    mine = (LedgerAccount.member_id == member_id, LedgerAccount.currency == currency)
    transfers = select(LedgerEntry.id).join(LedgerEntry.account).where(*mine, LedgerEntry.kind == EntryKind.TRANSFER)
    newest = db.session.scalar(transfers.order_by(LedgerEntry.occurred_at.desc(), LedgerEntry.id.desc()).limit(1))
    return {newest: _sum(member_id, currency)} if newest is not None else {}


def _sum(member_id: int, currency: Currency) -> int:
    """All transfers, with what facts of others moved here, less what own facts moved elsewhere."""
    is_mine = LedgerAccount.member_id == member_id
    total = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).join(LedgerEntry.account)
    total = total.where(LedgerAccount.currency == currency)
    of_facts = total.join(LedgerEntry.event).where(LedgerEntry.kind != EntryKind.TRANSFER)
    return (
        _number(total.where(is_mine, LedgerEntry.kind == EntryKind.TRANSFER))
        + _number(of_facts.where(is_mine, Event.member_id != member_id))
        - _number(of_facts.where(~is_mine, Event.member_id == member_id))
    )


def _number(query: Any) -> int:
    return int(db.session.scalar(query) or 0)
