"""Taking what is due: rows are put off for a while, so that whoever takes them and is lost leaves them to the next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute

from commons.db import db


def take_due(
    due: InstrumentedAttribute[Any], at: datetime, limit: int, *more: ColumnElement[bool], lease: timedelta
) -> list[int]:
    """The ids of up to `limit` rows whose moment `due` has come and of which `more` is true, the longest overdue first in line.

    For as long as the lease they are nobody else's; rows that somebody else is just taking are passed over.
    """
    row: Any = due.class_
    first = select(row.id).where(due <= at, *more).order_by(due, row.id).limit(limit)
    taken = first.with_for_update(skip_locked=True).cte("first")
    change = update(row).where(row.id.in_(select(taken.c.id))).values({due.key: at + lease})
    ids = db.session.scalars(change.returning(row.id).execution_options(synchronize_session=False))
    return sorted(ids)
