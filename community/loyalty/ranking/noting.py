"""Noting that growth moved: in the transaction that moves it, on every board of that moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from sqlalchemy import insert, select, text

from commons.admin import brand
from commons.db import db, insert_into
from community.loyalty.ranking.models import BoardScore, GrowthChange
from community.loyalty.ranking.periods import Period, board_of
from community.loyalty.ranking.tree import position

Changes = Counter[tuple[str, int]]

# Two arrays instead of some thousand parameters: the statement is the same for any number of members.
_ADD_AT_ONCE = text(
    "INSERT INTO board_score (board, member_id, score)"
    " SELECT :board, new.member_id, new.gain FROM unnest(CAST(:members AS bigint[]), CAST(:gains AS integer[]))"
    " AS new (member_id, gain)"
    " ON CONFLICT (board, member_id) DO UPDATE SET score = board_score.score + excluded.score RETURNING member_id, score"
)


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


def note_carried(gone: Moved, came: Moved, scores: Mapping[str, int]) -> None:
    """Growth went from one self of a person to another: nothing is gained by that in any period.

    `scores` is what of the one's gains in each period goes along, by board.
    """
    changes: Changes = Counter()
    for move in (gone, came):
        _change(changes, Period.ALL.value, move.before, move.after)
    for board, score in scores.items():
        for before, after in _add_up(board, Counter({gone.member_id: -score, came.member_id: score})):
            _change(changes, board, before, after)
    _write(changes)


def scores_of(member_id: int) -> dict[str, int]:
    """What the member has gained in each period of which a board is kept."""
    query = select(BoardScore.board, BoardScore.score).where(BoardScore.member_id == member_id, BoardScore.score != 0)
    return dict(db.session.execute(query).all())


def boards_of(at: datetime) -> list[str]:
    """The boards of the periods around a moment."""
    zone = brand.shown().zone
    return [board_of(period, at, zone) for period in (Period.WEEK, Period.MONTH)]


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
        for board in boards_of(move.at):
            gained = gains.setdefault(board, Counter())
            gained[move.member_id] += move.after - move.before
    return gains


def _add_up(board: str, gains: Counter[int]) -> list[tuple[int, int]]:
    """Add to the members' sums, always in the same order; each sum before and after."""
    gained = sorted((member_id, gain) for member_id, gain in gains.items() if gain)
    if not gained:
        return []
    found = _added_at_once(board, gained) if db.engine.dialect.name == "postgresql" else _added(board, gained)
    return [(score - gains[member_id], score) for member_id, score in found]


def _added_at_once(board: str, gained: Sequence[tuple[int, int]]) -> Sequence[Any]:
    values = {
        "board": board,
        "members": [member_id for member_id, _gain in gained],
        "gains": [gain for _id, gain in gained],
    }
    return db.session.execute(_ADD_AT_ONCE, values).all()


def _added(board: str, gained: Sequence[tuple[int, int]]) -> Sequence[Any]:
    """One after the other: a statement that is built once is faster than one that is written anew for so many rows."""
    rows = [{"board": board, "member_id": member_id, "score": gain} for member_id, gain in gained]
    return [db.session.execute(_add_one(), row).one() for row in rows]


@cache
def _add_one() -> Any:
    table = BoardScore.__table__
    new = insert_into(table, "sqlite")
    more = new.on_conflict_do_update(
        index_elements=["board", "member_id"], set_={"score": table.c.score + new.excluded.score}
    )
    return more.returning(table.c.member_id, table.c.score)


def _change(changes: Changes, board: str, before: int, after: int) -> None:
    """Amounts that stand nowhere in the tree need no row."""
    for growth, change in ((position(before), -1), (position(after), 1)):
        if growth:
            changes[board, growth] += change
