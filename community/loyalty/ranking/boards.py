"""Leaderboards: who stands at the top of a period, among all or among some, and who stands around a member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from commons.accounts.models import User
from commons.admin import brand
from commons.db import db, insert_new
from community.loyalty.models import Currency, LedgerAccount
from community.loyalty.ranking import places
from community.loyalty.ranking.models import BoardAbsence, BoardScore
from community.loyalty.ranking.periods import Period, board_of
from community.members.models import Member
from community.members.profiles import guardians

TOP = 20
AROUND = 3

People = Select[int] | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a board; `member` is None for somebody who does not want to stand there by name."""

    rank: int
    growth: int
    member: Member | None
    is_me: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """Where the one who looks stands: place None without any growth; by place, those just ahead, some who share the place, and
    those just behind.
    """

    place: places.Place | None
    lines: Sequence[Line]

    @property
    def ahead(self) -> Line | None:
        """Who stands nearest ahead; None at the top, and without a place."""
        return next((line for line in reversed(self.lines) if self.place and line.growth > self.place.growth), None)


@dataclass(frozen=True)
class Board:
    """The board of a `period` around `at`; `people` selects the ids of those it is among, None: everybody."""

    period: Period
    at: datetime
    people: People = None

    @property
    def name(self) -> str:
        return board_of(self.period, self.at, brand.shown().zone)

    def top(self, me: Member | None, count: int = TOP) -> list[Line]:
        """The first `count` with their places."""
        found = self._rows(self._amount.desc(), count)
        return _lines(found, places.in_order([growth for _id, growth in found]), me)

    def mine(self, me: Member) -> Mine:
        """The place of `me` and the nearest neighbours: up to `AROUND` ahead, beside and behind."""
        growth = self.growth_of(me.id)
        if growth <= 0:
            return Mine(None, [])
        ahead = list(reversed(self._rows(self._amount.asc(), AROUND, self._amount > growth)))
        beside = self._rows(self._amount.asc(), AROUND, self._amount == growth, self._member != me.id)
        behind = self._rows(self._amount.desc(), AROUND, self._amount < growth)
        found = [*ahead, (me.id, growth), *beside, *behind]
        ranks = {amount: self.rank_with(amount) for _id, amount in found}
        place = places.Place(ranks[growth], growth, self._count(self._amount == growth) - 1)
        return Mine(place, _lines(found, [ranks[amount] for _id, amount in found], me))

    def growth_of(self, member_id: int) -> int:
        """What the member has on this board."""
        return db.session.scalar(select(self._amount).where(self._of_board, self._member == member_id)) or 0

    def rank_with(self, growth: int) -> int:
        """The place of whoever has this much: read among everybody, counted among some."""
        return places.place_with(self.name, growth) if self.people is None else self._count(self._amount > growth) + 1

    def size(self) -> int:
        """How many stand on the board."""
        return places.people_on(self.name) if self.people is None else self._count(self._amount > 0)

    def _count(self, fits: ColumnElement[bool]) -> int:
        query = self._among(select(func.count()).where(self._of_board, fits))
        return db.session.scalar(query) or 0

    def _rows(self, order: Any, count: int, *fits: ColumnElement[bool]) -> list[tuple[int, int]]:
        query = select(self._member, self._amount).where(self._of_board, self._amount > 0, *fits)
        return [
            (row[0], row[1])
            for row in db.session.execute(self._among(query).order_by(order, self._member).limit(count))
        ]

    def _among(self, query: Any) -> Any:
        return query if self.people is None else query.where(self._member.in_(self.people))

    @property
    def _amount(self) -> Any:
        return LedgerAccount.balance if self.period is Period.ALL else BoardScore.score

    @property
    def _member(self) -> Any:
        return LedgerAccount.member_id if self.period is Period.ALL else BoardScore.member_id

    @property
    def _of_board(self) -> ColumnElement[bool]:
        is_growth: ColumnElement[bool] = LedgerAccount.currency == Currency.GROWTH
        return is_growth if self.period is Period.ALL else BoardScore.board == self.name


def stay_away(member: Member, at: datetime) -> None:
    """From now on the member stands on no board by name. Twice is once."""
    insert_new(BoardAbsence, {"member_id": member.id, "since": at})


def come_back(member: Member) -> None:
    """The member stands on the boards by name again."""
    for absence in db.session.scalars(select(BoardAbsence).where(BoardAbsence.member_id == member.id)):
        db.session.delete(absence)
    db.session.flush()


def open_ones(people: Select[int], me: Member) -> Select[int]:
    """Those of `people` who stand on boards by name, and `me`.

    For a board among few: there a line without a name would still say whose it is.
    """
    return select(Member.id).where(Member.id.in_(people), (Member.id == me.id) | _may_be_named())


def is_away(member: Member) -> bool:
    return db.session.scalar(select(BoardAbsence.id).where(BoardAbsence.member_id == member.id)) is not None


def _lines(found: Sequence[tuple[int, int]], ranks: Sequence[int], me: Member | None) -> list[Line]:
    shown = named([member_id for member_id, _growth in found])
    mine = me.id if me is not None else None
    return [
        Line(rank, growth, me if member_id == mine else shown.get(member_id), member_id == mine)
        for (member_id, growth), rank in zip(found, ranks, strict=True)
    ]


def named(member_ids: Sequence[int]) -> dict[int, Member]:
    """Those of the members who stand on boards by name, by id."""
    query = select(Member).where(Member.id.in_(member_ids), _may_be_named())
    return {member.id: member for member in db.session.scalars(query)}


def _may_be_named() -> ColumnElement[bool]:
    """Not gone, not away of the own will, the account not ended, no guardian's word missing."""
    away = exists().where(BoardAbsence.member_id == Member.id)
    ended = exists().where(User.id == Member.user_id, User.ended_at.is_not(None))
    return Member.counts() & ~away & ~ended & ~guardians.awaited(Member.id)
