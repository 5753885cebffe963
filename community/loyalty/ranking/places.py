"""Places, exact at every moment: 1 is the first, equals share a place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import text

from commons.db import db
from community.loyalty.ranking.tree import ROOT, position

# The nodes on the way down are the amount with ever more of its low bits cleared; most of these are equal, and one look finds all.
_NODES = ", ".join(f"(mine.growth >> {bit}) << {bit}" for bit in range(ROOT.bit_length()))
# How many have more: all of them, less those within the nodes on the way down, and what is noted but not folded yet.
# One statement: all of it is read from one snapshot of the database, so that nothing is counted twice while it is folded.
_PLACE = f"""
    SELECT 1 + coalesce((SELECT growth_count.count FROM growth_count WHERE board = mine.board AND node = {ROOT}), 0)
    - coalesce((SELECT sum(growth_count.count) FROM growth_count WHERE board = mine.board AND node IN ({_NODES})), 0)
    + coalesce((SELECT sum(change) FROM growth_change WHERE board = mine.board AND growth > mine.growth), 0) AS rank
"""  # noqa: S608 (words of our own)
_PEOPLE = f"""
    coalesce((SELECT growth_count.count FROM growth_count WHERE board = mine.board AND node = {ROOT}), 0)
    + coalesce((SELECT sum(change) FROM growth_change WHERE board = mine.board AND growth > 0), 0) AS people
"""  # noqa: S608 (words of our own)
_OF_MEMBER = """
    SELECT 'all' AS board, coalesce(max(balance), 0) AS growth FROM ledger_account
    WHERE member_id = :member AND currency = 'growth' AND balance > 0
"""
_ON_BOARDS = """
    SELECT 'all' AS board, balance AS growth FROM ledger_account
    WHERE member_id = :member AND currency = 'growth' AND balance > 0
    UNION ALL SELECT board, score FROM board_score WHERE board = :board AND member_id = :member AND score > 0
"""
_BY_MEMBER = f"{_PLACE} FROM ({_OF_MEMBER}) AS mine"
# As each driver writes its parameters.
BY_MEMBER = {"postgresql": _BY_MEMBER.replace(":member", "%(member)s"), "sqlite": _BY_MEMBER}
_BY_AMOUNT = text(
    f"{_PLACE} FROM (SELECT CAST(:board AS varchar) AS board, CAST(:growth AS integer) AS growth) AS mine"
)
_BY_BOARD = text(f"{_PLACE}, {_PEOPLE}, mine.board FROM ({_ON_BOARDS}) AS mine")


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a board, how much growth it stands for, and how many `others` share it."""

    rank: int
    growth: int
    others: int


def place_of(member_id: int) -> int:
    """The member's place among all, by growth as it stands: one statement of the session's transaction.

    Asked of the driver itself, in which it takes half as long as by way of SQLAlchemy.
    """
    connection = db.session.connection()
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(BY_MEMBER[connection.dialect.name], {"member": member_id})
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def places_of(member_id: int, board: str) -> dict[str, tuple[int, int]]:
    """The member's place among all and on the `board` of a period, each with how many stand there: one statement.

    By name of the board; one on which the member has nothing is left out.
    """
    rows = db.session.execute(_BY_BOARD, {"member": member_id, "board": board})
    return {row.board: (int(row.rank), int(row.people)) for row in rows}


def place_with(board: str, growth: int) -> int:
    """The place of whoever has this much on the board."""
    return int(db.session.execute(_BY_AMOUNT, {"growth": position(growth), "board": board}).scalar_one())


def places_with(board: str, amounts: Iterable[int]) -> dict[int, int]:
    """The places of several amounts."""
    return {growth: place_with(board, growth) for growth in set(amounts)}


def people_on(board: str) -> int:
    """How many have anything on the board."""
    return place_with(board, 0) - 1


def shared_by(board: str, growth: int) -> int:
    """How many have exactly this much."""
    return place_with(board, growth - 1) - place_with(board, growth) if growth > 0 else 0


def in_order(amounts: Sequence[int], first: int = 1) -> list[int]:
    """The places of amounts in falling order, the first of which stands at `first`."""
    ranks: list[int] = []
    for number, amount in enumerate(amounts):
        tied = number > 0 and amounts[number - 1] == amount
        ranks.append(ranks[-1] if tied else first + number)
    return ranks
