"""Killing real workers in the middle of what they do to seats and money, and looking at what is left."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select, text, update

from campaigns.groupbuys.joining import join
from campaigns.groupbuys.models import GroupBuy, Seat, SeatState
from campaigns.groupbuys.settling import UNDECIDED
from campaigns.payments.books.reconciling import reconcile
from campaigns.payments.models import Payment, PaymentState, Receipt, Refund, RefundState
from campaigns.payments.sandbox import site
from campaigns.payments.sandbox.models import Manner, SandboxCharge, SandboxRefund
from commons import clock
from commons.db import db
from commons.jobs.models import Job
from tests.factories import make_fan
from tests.servers.live import Live
from tests.servers.processes import await_true

WITHIN = 120


def seen(query: Select[Any]) -> list[Any]:
    """What the query finds at this moment, seen from outside of any session."""
    with db.engine.connect() as connection:
        return list(connection.scalars(query))


def kill(live: Live, name: str) -> None:
    """End a process and the child that does its work as a power failure would."""
    children = children_of(live.processes[name].pid)
    live.kill(name)
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def children_of(process_id: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _state, parent, *_rest = status.read_text().rpartition(")")[2].split()
            if parent == str(process_id):
                found.append(int(status.parent.name))
    return found


@contextmanager
def held(model: type[Any], row_id: int) -> Iterator[Callable[[], None]]:
    """Hold a row: whoever wants to write it waits. Let go of it early by calling what is given."""
    with db.engine.connect() as connection:
        connection.execute(select(model.id).where(model.id == row_id).with_for_update())
        yield connection.rollback


def await_somebody_waiting() -> None:
    """A process stands still in the middle of a transaction: at a row that is held."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with db.engine.connect() as connection:
        await_true(lambda: _fresh(connection, waiting), "somebody waits for the row", within=WITHIN, every=0.1)


def await_nobody_waiting() -> None:
    """What the dead had begun is gone: its connection has ended."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND datname = current_database()")
    with db.engine.connect() as connection:
        await_true(lambda: _fresh(connection, waiting) == 1, "nobody is at work", within=WITHIN, every=0.1)


def _fresh(connection: Any, statement: Any) -> int:
    count: int = connection.scalar(statement)
    connection.rollback()
    return count


def charge(payment: Payment) -> None:
    """The payer pays; the far end tells us by a signed call."""
    site.pay(payment, site.Trial.PAY, Manner.WORKS, clock.now())
    db.session.commit()


def paid_seats(offer: GroupBuy, count: int) -> list[int]:
    """So many fans are in and have paid."""
    ids = []
    for number in range(count):
        seat = join(offer, make_fan(f"茶友{number}"), clock.now())
        assert seat.payment is not None
        charge(seat.payment)
        ids.append(seat.id)
    await_true(lambda: set(seen(select(Seat.state))) == {SeatState.PAID}, "all are paid", within=WITHIN, every=0.2)
    return ids


def let_it_end(offer_id: int) -> None:
    """Its deadline has passed by now."""
    at = clock.now()
    db.session.execute(update(GroupBuy).where(GroupBuy.id == offer_id).values(deadline_at=at - timedelta(seconds=1)))
    db.session.execute(update(Job).where(Job.name == "groupbuys.settle", Job.lease.is_(None)).values(due_at=at))
    db.session.commit()


def is_quiet() -> bool:
    """Everything that was begun has come to its end."""
    return not (
        seen(select(SandboxCharge.id).where(SandboxCharge.told_at.is_(None)))
        or seen(select(Seat.id).where(Seat.state.in_([*UNDECIDED, SeatState.REFUNDING])))
        or seen(select(Refund.id).where(Refund.state != RefundState.DONE))
        or seen(select(Payment.id).where(Payment.state == PaymentState.WAITING))
    )


def check_the_books() -> None:
    """Money in = money back + money held for seats, by each charge; nobody was refunded twice; the rows agree with the facts."""
    back = select(SandboxRefund.charge_id, func.sum(SandboxRefund.amount_minor)).group_by(SandboxRefund.charge_id)
    price = Seat.price_minor * Seat.quantity
    certain = select(Receipt.external_id, price).join(Seat, Seat.receipt_id == Receipt.id)
    with db.engine.connect() as connection:
        sent_back = {row[0]: row[1] for row in connection.execute(back)}
        kept = {row[0]: row[1] for row in connection.execute(certain.where(Seat.state == SeatState.CONFIRMED))}
        charges = connection.execute(
            select(SandboxCharge.id, SandboxCharge.public_id, SandboxCharge.amount_minor)
        ).all()
    wrong = [one for one in charges if one.amount_minor != sent_back.get(one.id, 0) + kept.get(one.public_id, 0)]
    assert wrong == []
    db.session.rollback()
    assert reconcile(clock.now()) == []
    db.session.rollback()
