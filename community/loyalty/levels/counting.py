"""What counts for the level: open lots of growth whose facts happened within the period, and the kinds of those facts.

Lots, not entries: what was taken back does not count whenever it is taken back, and merged members bring their past along.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select

from commons.db import db
from commons.events import Event
from community.loyalty.levels.ladder import Brought, Counted
from community.loyalty.lots import IS_OPEN
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry, Lot

KIND = case((LedgerEntry.kind == EntryKind.EARN, Event.kind))
"""The kind of the fact that earned it; what a person adjusted is no way of taking part."""


def counted(member_ids: Collection[int], since: datetime | None, until: datetime | None) -> dict[int, Counted]:
    """What counts of each member's growth from after `since` up to `until`; None: from ever, to ever."""
    columns = LedgerAccount.member_id, func.sum(Lot.remaining), func.count(KIND.distinct())
    rows = db.session.execute(_query(columns, member_ids, since, until).group_by(LedgerAccount.member_id))
    found = {member_id: Counted(int(growth), breadth) for member_id, growth, breadth in rows}
    return {member_id: found.get(member_id, Counted()) for member_id in member_ids}


def brought(member_id: int, since: datetime | None, until: datetime) -> list[Brought]:
    """Piece by piece what counts of one member's growth, the oldest first."""
    columns = LedgerEntry.occurred_at, Lot.remaining, KIND
    query = _query(columns, [member_id], since, until).order_by(LedgerEntry.occurred_at, Lot.id)
    return [Brought(at, growth, kind) for at, growth, kind in db.session.execute(query)]


def _query(
    columns: Sequence[Any], member_ids: Collection[int], since: datetime | None, until: datetime | None
) -> Select[Any]:
    query = (
        select(*columns)
        .select_from(LedgerAccount)
        .join(Lot, Lot.account_id == LedgerAccount.id)
        .join(LedgerEntry, LedgerEntry.id == Lot.entry_id)
        .outerjoin(Event, Event.id == LedgerEntry.event_id)
        .where(LedgerAccount.member_id.in_(member_ids), LedgerAccount.currency == Currency.GROWTH)
        .where(Lot.remaining > 0, IS_OPEN)
    )
    if since is not None:
        query = query.where(LedgerEntry.occurred_at > since)
    return query if until is None else query.where(LedgerEntry.occurred_at <= until)
