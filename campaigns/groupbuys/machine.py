"""The states of a seat and what leads from one to the other: one table. docs/group-buys.md prints it."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from campaigns.groupbuys.models import STANDING, Seat, SeatState
from commons.db import changed, db


class Act(enum.StrEnum):
    """What happens to a seat."""

    JOIN = "join"
    PAY = "pay"
    PAY_LATE = "pay late"
    PAY_FOR_NOTHING = "pay for nothing"
    CONFIRM = "confirm"
    RELEASE = "release"
    REFUND = "refund"
    RETURNED = "returned"


@dataclass(frozen=True)
class Move:
    """`act` leads from any of `before` (None: no seat yet) to `after`. `paid`: only with a receipt, only without, or either."""

    act: Act
    before: Sequence[SeatState | None]
    after: SeatState
    when: str
    paid: bool | None = None


_GONE = (SeatState.RELEASED, SeatState.REFUNDING, SeatState.REFUNDED)

TABLE: Mapping[Act, Move] = {
    move.act: move
    for move in (
        Move(Act.JOIN, (None, *_GONE), SeatState.HELD, "a fan joins and a seat is free; a hold ends at a moment, a promise does not"),
        Move(Act.PAY, (SeatState.HELD,), SeatState.PAID, "the money came while the seat was held", paid=False),
        Move(Act.PAY_LATE, (SeatState.RELEASED,), SeatState.LATE_PAID, "the money came after the hold had ended, and a seat is free"),
        Move(Act.PAY_FOR_NOTHING, (SeatState.RELEASED,), SeatState.REFUNDING, "the money came and there is no seat for it"),
        Move(Act.CONFIRM, (SeatState.HELD, SeatState.PAID, SeatState.LATE_PAID), SeatState.CONFIRMED, "the group came about; what was paid above the price reached goes back"),
        Move(Act.RELEASE, (SeatState.HELD, SeatState.CONFIRMED), SeatState.RELEASED, "the seat goes back and nothing was paid", paid=False),
        Move(Act.REFUND, (SeatState.PAID, SeatState.LATE_PAID, SeatState.CONFIRMED), SeatState.REFUNDING, "the seat goes back and all that was paid with it", paid=True),
        Move(Act.RETURNED, (SeatState.REFUNDING,), SeatState.REFUNDED, "the provider returned the money"),
    )
}  # fmt: skip


def advance(seat: Seat, act: Act, at: datetime, **values: Any) -> bool:
    """Move the seat by one conditional UPDATE; False when it is in a state from which this act leads nowhere.

    `seat` is read anew when it moved. When a seat that stood no longer does, `left_at` is this moment.
    """
    move = TABLE[act]
    stood = [state for state in move.before if state in STANDING]
    if move.after not in STANDING and stood:
        values["left_at"] = at
    elif move.after in STANDING and not stood:
        values |= {"left_at": None, "left_why": None}
    may = [Seat.id == seat.id, Seat.state.in_([state for state in move.before if state is not None])]
    if move.paid is not None:
        may.append(Seat.receipt_id.is_not(None) if move.paid else Seat.receipt_id.is_(None))
    moved = changed(update(Seat).where(*may).values(state=move.after, **values)) == 1
    db.session.refresh(seat)
    return moved


def as_lines() -> list[str]:
    """The table in Markdown."""
    rows = [
        f"| {', '.join('(none)' if state is None else state.value for state in move.before)} | {move.act.value} | {move.after.value} | {move.when} |"
        for move in TABLE.values()
    ]
    return ["| from | act | to | when |", "|---|---|---|---|", *rows]
