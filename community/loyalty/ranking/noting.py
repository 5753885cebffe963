"""Noting that growth moved: in the transaction that moves it, on every board of that moment."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import insert, select, text

from commons.admin import brand
from commons.db import db
from community.loyalty.ranking.models import BoardScore, GrowthChange
from community.loyalty.ranking.periods import Period, board_of
from community.loyalty.ranking.tree import position

Changes = Counter[tuple[str, int]]

# One list instead of some thousand parameters: a statement that is the same for any number of members is put together once.
_PAIRS = {
    "postgresql": "SELECT :board, CAST(pair ->> 0 AS bigint), CAST(pair ->> 1 AS integer)"
    " FROM json_array_elements(CAST(:pairs AS json)) AS pair",
    "sqlite": "SELECT :board, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:pairs) WHERE true",
}
_OR_ADD = "ON CONFLICT (board, member_id) DO UPDATE SET score = board_score.score + excluded.score"
_ADD = {
    dialect: text(f"INSERT INTO board_score (board, member_id, score) {pairs} {_OR_ADD} RETURNING member_id, score")
    for dialect, pairs in _PAIRS.items()
}


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
    values = {"board": board, "pairs": json.dumps(gained)}
    found = db.session.execute(_ADD[db.engine.dialect.name], values).all()
    return [(score - gains[member_id], score) for member_id, score in found]


def _change(changes: Changes, board: str, before: int, after: int) -> None:
    """Amounts that stand nowhere in the tree need no row."""
    for growth, change in ((position(before), -1), (position(after), 1)):
        if growth:
            changes[board, growth] += change
