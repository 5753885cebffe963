"""Who brought whom, row by row: what stands behind the numbers of chains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from campaigns.chains.models import Bringing, Way
from campaigns.chains.reading import members
from commons import bulk
from commons.db import db
from community.members.models import Member


@dataclass(frozen=True)
class Wanted:
    """Which steps are asked for: those of a scope, of one way only, only those with one of these ids."""

    scope: str
    way: Way | None = None
    ids: Sequence[int] | None = None

    @property
    def query(self) -> Select[Bringing]:
        query = select(Bringing).where(Bringing.scope == self.scope)
        query = query.where(Bringing.way == self.way) if self.way is not None else query
        return query.where(bulk.among(Bringing.id, self.ids)) if self.ids is not None else query


@dataclass(frozen=True)
class Step:
    """Who was brought, by whom, how and when; `id` is that of the row."""

    id: int
    member: Member
    bringer: Member
    way: Way
    at: datetime


def steps(wanted: Wanted) -> Iterator[Step]:
    """Every step for a table, in the order in which they were known."""
    after = 0
    while found := some_steps(wanted, after, 500):
        yield from found
        after = found[-1].id


def some_steps(wanted: Wanted, after: int, limit: int) -> list[Step]:
    """The next of them behind a row."""
    query = wanted.query.where(Bringing.id > after).order_by(Bringing.id).limit(limit)
    rows = db.session.scalars(query).all()
    known = members([one for row in rows for one in (row.member_id, row.by_member_id)])
    return [Step(row.id, known[row.member_id], known[row.by_member_id], row.way, row.brought_at) for row in rows]
