"""What places are read from. A board is `all` (growth as it stands) or a period (growth that came in it)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Model

BOARD_LENGTH = 8


class GrowthCount(Model):
    """One node of a board's tree of counts (see `tree`): how many members have the amounts of growth that it covers."""

    __tablename__ = "growth_count"
    __table_args__ = (UniqueConstraint("board", "node"),)

    board: Mapped[str] = mapped_column(String(BOARD_LENGTH))
    node: Mapped[int]
    count: Mapped[int]


class GrowthChange(Model):
    """So many members more (or fewer) have this much growth: written with what moved it, folded into the tree soon after.

    Nobody waits for anybody here: rows are only added, while every move would write the same few nodes of the tree.
    """

    __tablename__ = "growth_change"
    __table_args__ = (Index("ix_growth_change_board_growth", "board", "growth"),)

    board: Mapped[str] = mapped_column(String(BOARD_LENGTH))
    growth: Mapped[int]
    change: Mapped[int]


class BoardScore(Model):
    """The growth that a member gained in one period, less what was taken back in it."""

    __tablename__ = "board_score"
    __table_args__ = (UniqueConstraint("board", "member_id"), Index("ix_board_score_board_score", "board", "score"))

    board: Mapped[str] = mapped_column(String(BOARD_LENGTH))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    score: Mapped[int]


class BoardAbsence(Model):
    """A member who does not want to stand on leaderboards by name. The place counts all the same, or no place were exact."""

    __tablename__ = "board_absence"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    since: Mapped[datetime]
