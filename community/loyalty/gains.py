"""What lots of growth brought in each period of which a leaderboard is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from commons.db import db
from community.loyalty.models import Allocation, EntryKind, LedgerEntry, Lot
from community.loyalty.ranking.noting import boards_of


def gained(lots: Sequence[Lot]) -> Counter[str]:
    """By board, what the open ones among `lots` brought in, less what was taken back out of them; transfers move nothing.

    What was given back counts in the period it had been taken from.
    """
    since = {lot.id: lot.opened_at or lot.entry.occurred_at for lot in lots if not lot.is_pending}
    found: Counter[str] = Counter()
    for lot in lots:
        if lot.id in since:
            found.update(dict.fromkeys(boards_of(since[lot.id]), lot.amount))
    undone = aliased(LedgerEntry)
    at_first = case((Allocation.amount < 0, undone.occurred_at))
    moment = func.coalesce(at_first, LedgerEntry.occurred_at)
    query = select(Allocation.lot_id, moment, Allocation.amount).join(Allocation.entry)
    query = query.outerjoin(undone, undone.id == LedgerEntry.reverses_id)
    taken = query.where(Allocation.lot_id.in_(since), LedgerEntry.kind != EntryKind.TRANSFER)
    for lot_id, at, amount in db.session.execute(taken):
        found.subtract(dict.fromkeys(boards_of(max(at, since[lot_id])), amount))
    return found
