"""What lost its row of work gets another: an offer never stands still for longer than some minutes after its time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat
from campaigns.groupbuys.settling import UNDECIDED
from commons import clock, jobs
from commons.db import db

STANDS_STILL = timedelta(minutes=5)
ENDED = (GroupBuyState.SUCCEEDED, GroupBuyState.VOID, GroupBuyState.CANCELLED)


@jobs.job("groupbuys.tend")
def tend() -> None:
    """Every few minutes. A step that is done changes nothing."""
    resume(clock.now())


def resume(at: datetime) -> None:
    """Send anew the step on which an offer has been standing for too long."""
    late = at - STANDS_STILL
    unsettled = select(GroupBuy.id).where(GroupBuy.state == GroupBuyState.OPEN, GroupBuy.deadline_at <= late)
    for group_buy_id in db.session.scalars(unsettled).all():
        jobs.send("groupbuys.settle", group_buy_id=group_buy_id)
    undecided = select(Seat.group_buy_id).where(Seat.state.in_(UNDECIDED))
    ended = select(GroupBuy.id).where(GroupBuy.state.in_(ENDED), GroupBuy.settled_at <= late)
    for group_buy_id in db.session.scalars(ended.where(GroupBuy.id.in_(undecided))).all():
        jobs.send("groupbuys.conclude", group_buy_id=group_buy_id)
    promised = GroupBuy.state.in_((GroupBuyState.OPEN, GroupBuyState.SUCCEEDED))
    for group_buy_id in db.session.scalars(select(GroupBuy.id).where(promised, GroupBuy.taken > GroupBuy.stock)).all():
        jobs.send("groupbuys.trim", group_buy_id=group_buy_id)


jobs.every("groupbuys.tend", seconds=600)
