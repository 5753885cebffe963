"""Workers are killed in the middle of settling and refunding: no seat, charge or refund is lost or doubled, and the books reconcile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, update

from campaigns.groupbuys import offering, stocking
from campaigns.groupbuys.joining import join, leave
from campaigns.groupbuys.models import STANDING, GroupBuy, GroupBuyState, Seat, SeatState
from campaigns.groupbuys.pricing import Step
from campaigns.payments.models import Payment, PaymentState, Refund, RefundState
from campaigns.payments.sandbox import site
from campaigns.payments.sandbox.models import SandboxCharge, SandboxRefund
from commons import clock
from commons.accounts.models import User
from commons.db import db
from commons.errors import DomainError
from commons.money import Money
from community.members.models import Member
from tests.campaigns.factories import a_lead, make_offer
from tests.campaigns.groupbuys.killing import (
    WITHIN,
    await_nobody_waiting,
    await_somebody_waiting,
    charge,
    check_the_books,
    held,
    is_quiet,
    kill,
    let_it_end,
    paid_seats,
    seen,
)
from tests.factories import make_fan
from tests.servers.live import Live
from tests.servers.processes import await_true

pytestmark = [
    pytest.mark.kill,
    pytest.mark.timeout(900),
    pytest.mark.parametrize("engine", ["postgresql"], indirect=True),
]

CREW = ("tick", "worker-default", "worker-networks")
PRICE = Money(10000)


@pytest.fixture
def crew(live: Live, live_app: Flask) -> Live:
    """Processes that give up what a dead one had begun after some seconds."""
    live.settings |= {"JOBS_LEASE_SECONDS": "4", "PAYMENT_SANDBOX": "1"}
    return live


def test_a_worker_killed_in_the_middle_of_settling_leaves_nothing_half_done(crew: Live) -> None:
    crew.start(*CREW)
    offer = make_offer(provider=site.NAME, price=PRICE, needed=40, seats=40)
    seats = paid_seats(offer, 30)

    with held(Seat, seats[20]):
        let_it_end(offer.id)
        await_somebody_waiting()
        kill(crew, "worker-default")
    await_nobody_waiting()

    assert seen(select(GroupBuy.state)) == [GroupBuyState.VOID]
    assert set(seen(select(Seat.state))) == {SeatState.PAID}
    assert seen(select(Refund.id)) == []

    crew.start("worker-default")
    await_true(is_quiet, "all money is back", within=WITHIN, every=0.3)
    assert seen(select(Seat.state)) == [SeatState.REFUNDED] * 30
    assert len(seen(select(SandboxRefund.id))) == len(seen(select(Refund.id))) == 30
    check_the_books()


@pytest.mark.parametrize("far_end_has_it", [False, True])
def test_a_worker_killed_between_sending_a_refund_and_knowing_sends_it_once(crew: Live, far_end_has_it: bool) -> None:
    crew.start(*CREW)
    offer = make_offer(provider=site.NAME, price=PRICE, needed=2, seats=5)
    first = paid_seats(offer, 3)[0]
    kill(crew, "worker-networks")
    offering.call_off(offer, by=a_lead(), at=clock.now())
    db.session.commit()
    await_true(lambda: len(seen(select(Refund.id))) == 3, "the refunds are promised", within=WITHIN)
    seat = db.session.get_one(Seat, first, populate_existing=True)
    assert seat.receipt is not None
    assert seat.payment_id is not None
    (charge_id,) = seen(select(SandboxCharge.id).where(SandboxCharge.public_id == seat.receipt.external_id))
    db.session.rollback()

    with held(SandboxCharge, charge_id) as let_go:
        crew.start("worker-networks")
        await_somebody_waiting()
        if far_end_has_it:
            with held(Payment, seat.payment_id):
                let_go()
                of_charge = select(SandboxRefund.id).where(SandboxRefund.charge_id == charge_id)
                await_true(lambda: seen(of_charge), "the far end has sent it", within=WITHIN)
                await_somebody_waiting()
                kill(crew, "worker-networks")
        else:
            kill(crew, "worker-networks")
    assert seen(select(Refund.state).where(Refund.receipt_id == seat.receipt_id)) == [RefundState.SENT]

    crew.start("worker-networks")
    await_true(is_quiet, "all money is back", within=WITHIN, every=0.3)
    assert len(seen(select(SandboxRefund.id))) == 3
    assert seen(select(Seat.state)) == [SeatState.REFUNDED] * 3
    check_the_books()


FANS, SEATS = 5, 6
fans = st.integers(0, FANS - 1)


class Killed(RuleBasedStateMachine):
    """One offer after the other, with real workers behind it; any of them may die at any moment. It is there again at once."""

    live: Live

    @initialize()
    def open(self) -> None:
        self.lead_id = a_lead().id
        self.fan_ids = [make_fan(f"茶友{number}").id for number in range(FANS)]
        tiers = [Step(3, 9000), Step(4, 8000)]
        self.offer_id = make_offer(provider=site.NAME, price=PRICE, needed=2, seats=SEATS, most_each=2, tiers=tiers).id
        db.session.commit()

    def teardown(self) -> None:
        if hasattr(self, "offer_id"):
            self.come_to_an_end()

    @rule(fan=fans, quantity=st.integers(1, 2))
    def join(self, fan: int, quantity: int) -> None:
        self.do(lambda: join(self.offer, self.fan(fan), clock.now(), quantity=quantity))

    @rule(fan=fans)
    def leave(self, fan: int) -> None:
        self.do(lambda: leave(self.offer, self.fan(fan), clock.now()))

    @rule(which=st.integers(0, 4))
    def pay(self, which: int) -> None:
        """One of the latest payments, also one that was paid or is over: people pay late, and twice."""
        latest = (
            select(Payment).join(Seat, Seat.public_id == Payment.purpose_id).where(Seat.group_buy_id == self.offer_id)
        )
        payment = db.session.scalars(latest.order_by(Payment.id.desc()).offset(which).limit(1)).first()
        if payment is not None:
            charge(payment)
        db.session.rollback()

    @rule(fan=fans)
    def run_out_of_time(self, fan: int) -> None:
        """The time in which a fan could have paid is over."""
        at = clock.now()
        mine = select(Seat.payment_id).where(Seat.group_buy_id == self.offer_id, Seat.member_id == self.fan_ids[fan])
        waiting = (Payment.id.in_(mine), Payment.state == PaymentState.WAITING)
        db.session.execute(update(Payment).where(*waiting).values(expires_at=at, due_at=at))
        db.session.commit()

    @rule(seats=st.integers(2, 5))
    def lower(self, seats: int) -> None:
        self.do(lambda: stocking.lower(self.offer, seats, "运输损坏", by=self.lead, at=clock.now()))

    @rule(sure=st.integers(0, 5))
    def end(self, sure: int) -> None:
        if sure == 0:
            self.do(lambda: offering.call_off(self.offer, by=self.lead, at=clock.now()))
        elif sure == 1:
            let_it_end(self.offer_id)

    @rule(name=st.sampled_from(CREW))
    def kill(self, name: str) -> None:
        kill(self.live, name)
        self.live.start(name)

    @invariant()
    def never_oversold(self) -> None:
        if not hasattr(self, "offer_id"):
            return
        standing = (Seat.group_buy_id == GroupBuy.id, Seat.state.in_(STANDING))
        seats = select(func.coalesce(func.sum(Seat.quantity), 0)).where(*standing).scalar_subquery()
        alive = GroupBuy.state.in_((GroupBuyState.OPEN, GroupBuyState.SUCCEEDED))
        wrong = select(GroupBuy.id).where(alive, (GroupBuy.taken != seats) | (GroupBuy.taken > SEATS))
        assert seen(wrong) == []

    def come_to_an_end(self) -> None:
        let_it_end(self.offer_id)
        over = select(GroupBuy.id).where(GroupBuy.id == self.offer_id, GroupBuy.state == GroupBuyState.OPEN)
        await_true(lambda: not seen(over) and is_quiet(), "everything has come to its end", within=WITHIN, every=0.3)
        self.never_oversold()
        check_the_books()

    @property
    def offer(self) -> GroupBuy:
        return db.session.get_one(GroupBuy, self.offer_id, populate_existing=True)

    @property
    def lead(self) -> User:
        return db.session.get_one(User, self.lead_id)

    def fan(self, number: int) -> Member:
        return db.session.get_one(Member, self.fan_ids[number])

    def do(self, act: Callable[[], object]) -> None:
        """One transaction: all of it, or nothing."""
        db.session.rollback()
        try:
            act()
        except DomainError:
            db.session.rollback()
        else:
            db.session.commit()
        db.session.expunge_all()


def test_whatever_happens_and_whoever_is_killed_money_and_seats_are_where_they_belong(crew: Live) -> None:
    crew.start(*CREW)
    machine = type("Machine", (Killed,), {"live": crew})
    some = settings(
        max_examples=6,
        stateful_step_count=14,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(machine, settings=some)
    assert len(seen(select(GroupBuy.id).where(GroupBuy.state != GroupBuyState.OPEN))) >= 6
