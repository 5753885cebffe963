"""Noting that growth moved: in the transaction that moves it, on every board of that moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import insert, select

from commons.db import db, insert_into
from community.loyalty.ranking.models import BoardScore, GrowthChange
from community.loyalty.ranking.periods import Period, board_of
from community.loyalty.ranking.tree import position

Changes = Counter[tuple[str, int]]


class Moved(Protocol):
    """Growth of one member before and after something that happened `at`."""

    @property
    def member_id(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def before(self) -> int: ...
    @property
    def after(self) -> int: ...


def note(moves: Sequence[Moved]) -> None:
    """Write what `moves` change on the boards: sums of the periods, and counts by amount. Call it once for each move."""
    changes: Changes = Counter()
    for move in moves:
        _change(changes, Period.ALL.value, move.before, move.after)
    for board, gains in _gains(moves).items():
        for before, after in _add_up(board, gains):
            _change(changes, board, before, after)
    _write(changes)


def note_carried(gone: Moved, came: Moved, *, with_periods: bool) -> None:
    """Growth went from one self of a person to another: nothing is gained by that in any period.

    `with_periods`: what the one had gained in each period goes along.
    """
    changes: Changes = Counter()
    for move in (gone, came):
        _change(changes, Period.ALL.value, move.before, move.after)
    if with_periods:
        scores = select(BoardScore.board, BoardScore.score).where(BoardScore.member_id == gone.member_id)
        for board, score in db.session.execute(scores.where(BoardScore.score != 0)).all():
            for before, after in _add_up(board, Counter({gone.member_id: -score, came.member_id: score})):
                _change(changes, board, before, after)
    _write(changes)


def _write(changes: Changes) -> None:
    rows = [
        {"board": board, "growth": growth, "change": change} for (board, growth), change in changes.items() if change
    ]
    if rows:
        db.session.execute(insert(GrowthChange), rows)


def _gains(moves: Sequence[Moved]) -> dict[str, Counter[int]]:
    """By board of a period and member, what was gained."""
    gains: dict[str, Counter[int]] = {}
    for move in moves:
        for period in (Period.WEEK, Period.MONTH):
            gained = gains.setdefault(board_of(period, move.at), Counter())
            gained[move.member_id] += move.after - move.before
    return gains


def _add_up(board: str, gains: Counter[int]) -> list[tuple[int, int]]:
    """Add to the members' sums, always in the same order; each sum before and after."""
    rows = [
        {"board": board, "member_id": member_id, "score": gain} for member_id, gain in sorted(gains.items()) if gain
    ]
    if not rows:
        return []
    new = insert_into(BoardScore).values(rows)
    statement = new.on_conflict_do_update(
        index_elements=["board", "member_id"], set_={"score": BoardScore.score + new.excluded.score}
    ).returning(BoardScore.member_id, BoardScore.score)
    found = db.session.execute(statement.execution_options(populate_existing=True)).all()
    return [(score - gains[member_id], score) for member_id, score in found]


def _change(changes: Changes, board: str, before: int, after: int) -> None:
    """Amounts that stand nowhere in the tree need no row."""
    for growth, change in ((position(before), -1), (position(after), 1)):
        if growth:
            changes[board, growth] += change
