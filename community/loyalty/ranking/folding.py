"""Bringing changes into the trees of counts, and building the trees anew from what the accounts say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text

from commons.admin import brand
from commons.db import db, insert_into
from community.loyalty.models import Currency, LedgerAccount
from community.loyalty.ranking import tree
from community.loyalty.ranking.models import BoardScore, GrowthChange, GrowthCount
from community.loyalty.ranking.periods import Period, board_of

AT_ONCE = 1000
_KEPT = ((Period.ALL, timedelta(0)), (Period.WEEK, timedelta(days=7)), (Period.MONTH, timedelta(days=28)))


def fold() -> int:
    """Move what was noted and committed into the trees; how many changes. Places are the same before and after."""
    gone = delete(GrowthChange).returning(GrowthChange.board, GrowthChange.growth, GrowthChange.change)
    rows = db.session.execute(gone.execution_options(synchronize_session=False)).all()
    changes: dict[str, Counter[int]] = defaultdict(Counter)
    for board, growth, change in rows:
        changes[board][growth] += change
    for board in sorted(changes):
        _add(board, tree.grown(changes[board]))
    return len(rows)


def rebuild() -> int:
    """Build all trees from the accounts and the sums of the periods; how many nodes were wrong. Growth waits meanwhile."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE growth_change IN EXCLUSIVE MODE"))
    fold()
    wrong = 0
    for board, amounts in _amounts().items():
        wrong += _replace(board, tree.grown(amounts))
    return wrong


def _amounts() -> dict[str, Counter[int]]:
    """By board, how many members have each amount of growth."""
    amounts: dict[str, Counter[int]] = {
        board: Counter() for board in db.session.scalars(select(GrowthCount.board).distinct())
    }
    accounts = select(LedgerAccount.balance, func.count()).where(
        LedgerAccount.currency == Currency.GROWTH, LedgerAccount.balance > 0
    )
    amounts[Period.ALL.value] = Counter()
    for growth, members in db.session.execute(accounts.group_by(LedgerAccount.balance)):
        amounts[Period.ALL.value][tree.position(growth)] += members
    sums = select(BoardScore.board, BoardScore.score, func.count()).where(BoardScore.score > 0)
    for board, score, members in db.session.execute(sums.group_by(BoardScore.board, BoardScore.score)):
        amounts.setdefault(board, Counter())[tree.position(score)] += members
    return amounts


def _replace(board: str, right: Mapping[int, int]) -> int:
    query = select(GrowthCount.node, GrowthCount.count).where(GrowthCount.board == board, GrowthCount.count != 0)
    stored = Counter(dict(db.session.execute(query).all()))
    wrong = {node: right.get(node, 0) - stored[node] for node in {*stored, *right}}
    wrong = {node: change for node, change in wrong.items() if change}
    _add(board, wrong)
    return len(wrong)


def _add(board: str, changes: Mapping[int, int]) -> None:
    """Always in the order of nodes, so that two who fold wait for each other instead of for ever."""
    rows = [{"board": board, "node": node, "count": change} for node, change in sorted(changes.items())]
    for start in range(0, len(rows), AT_ONCE):
        new = insert_into(GrowthCount).values(rows[start : start + AT_ONCE])
        added = {"count": GrowthCount.count + new.excluded.count}
        db.session.execute(new.on_conflict_do_update(index_elements=["board", "node"], set_=added))


def forget(at: datetime) -> None:
    """Boards of weeks and months long past go, with their sums."""
    known = db.session.scalars(select(GrowthCount.board).distinct()).all()
    for board in set(known) - kept(at):
        for model in (GrowthCount, BoardScore):
            db.session.execute(delete(model).where(model.board == board))


def kept(at: datetime) -> set[str]:
    """The boards that are not forgotten: at least those that can be looked at (`periods.LOOK_BACK`)."""
    zone = brand.shown().zone
    return {board_of(period, at - back * number, zone) for period, back in _KEPT for number in range(13)}
