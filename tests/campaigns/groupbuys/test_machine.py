"""Seats, payments and refunds, whatever happens in whatever order and wherever it is cut off: against a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import event, func, select

from campaigns.groupbuys import offering, stocking
from campaigns.groupbuys.joining import join, leave
from campaigns.groupbuys.models import STANDING, GroupBuy, GroupBuyKind, GroupBuyState, Seat, SeatState, Team, TeamState
from campaigns.groupbuys.pricing import Step
from campaigns.payments.models import Payment, Receipt, Refund, RefundState
from commons import clock, jobs
from commons.accounts.models import User
from commons.db import db
from commons.errors import DomainError
from commons.money import Money
from community.members.models import Member
from tests.campaigns.factories import a_lead, make_offer
from tests.campaigns.groupbuys.far_end import NAME, FarEnd, told
from tests.factories import NOON, make_fan
from tests.servers.applications import rolled_back

FANS, SEATS = 6, 7
LONG_ENOUGH = timedelta(hours=2)

fans = st.integers(0, FANS - 1)
cuts = st.none() | st.integers(1, 40)


class Killed(Exception):
    """Whoever worked here is gone in the middle of a transaction."""


@contextmanager
def killed_after(statements: int | None) -> Iterator[None]:
    """Whoever works inside is gone at that statement; nothing of the open transaction stays. None: nobody is killed."""
    done = 0

    def count(*_said: Any) -> None:
        nonlocal done
        done += 1
        if done == statements:
            raise Killed

    engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    except Killed:
        pass
    finally:
        event.remove(engine, "before_cursor_execute", count)
        db.session.rollback()
        db.session.expunge_all()


class Seats(RuleBasedStateMachine):
    """One offer, six fans, seven seats; each step may be cut off at any statement, and most are tried again later."""

    app: Flask
    far_end: FarEnd
    kind: GroupBuyKind

    def __init__(self) -> None:
        super().__init__()
        self.context = rolled_back(self.app)
        self.context.__enter__()
        self.now = NOON
        self.charges: list[tuple[int, str]] = []
        self.far_end.came_in.clear()
        self.far_end.sent_back.clear()

    def teardown(self) -> None:
        try:
            if hasattr(self, "offer_id"):
                self.come_to_an_end()
        finally:
            clock.set_to(None)
            self.context.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        clock.set_to(self.now)
        self.lead_id = a_lead().id
        self.fan_ids = [make_fan(f"茶友{number}").id for number in range(FANS)]
        in_teams = {"team_seats": 3} if self.kind is GroupBuyKind.TEAMS else {"tiers": [Step(4, 9000), Step(5, 8000)]}
        offer = make_offer(provider=NAME, needed=2, seats=SEATS, most_each=2, price=Money(10000), **in_teams)
        self.offer_id, self.deadline = offer.id, offer.deadline_at
        db.session.commit()

    @rule(fan=fans, quantity=st.integers(1, 2), team=st.integers(0, 3), cut=cuts)
    def join(self, fan: int, quantity: int, team: int, cut: int | None) -> None:
        def act() -> None:
            chosen = db.session.scalars(select(Team).order_by(Team.id).offset(team).limit(1)).first()
            join(self.offer, self.fan(fan), self.now, quantity=quantity, team=chosen)

        self.do(act, cut)

    @rule(fan=fans, cut=cuts)
    def leave(self, fan: int, cut: int | None) -> None:
        self.do(lambda: leave(self.offer, self.fan(fan), self.now), cut)

    @rule(which=st.integers(0, 30), cut=cuts)
    def pay(self, which: int, cut: int | None) -> None:
        """Any payment that was ever asked, waiting or long over: people pay late, and twice."""
        payment = db.session.scalars(select(Payment).order_by(Payment.id.desc()).offset(which % 8).limit(1)).first()
        if payment is None:
            return
        charge = self.far_end.charge(payment)
        self.charges.append((payment.id, charge))
        self.do(lambda: self.tell(*self.charges[-1]), cut)

    @rule(which=st.integers(0, 30), cut=cuts)
    def tell_again(self, which: int, cut: int | None) -> None:
        """The provider tells of a charge a second time, or of one that we did not hear."""
        if self.charges:
            chosen = self.charges[which % len(self.charges)]
            self.do(lambda: self.tell(*chosen), cut)

    @rule(minutes=st.sampled_from([1, 31, 31, 240]), cut=cuts)
    def work(self, minutes: int, cut: int | None) -> None:
        """Time goes by, and the worker does what is due, unless it is killed."""
        self.now += timedelta(minutes=minutes)
        clock.set_to(self.now)
        with killed_after(cut):
            jobs.drain(self.now)

    @rule(seats=st.integers(2, 6), cut=cuts)
    def lower(self, seats: int, cut: int | None) -> None:
        self.do(lambda: stocking.lower(self.offer, seats, "运输损坏", by=self.lead, at=self.now), cut)

    @rule(count=st.integers(1, 2), cut=cuts)
    def fill(self, count: int, cut: int | None) -> None:
        def act() -> None:
            alive = select(Team).where(Team.state == TeamState.OPEN).order_by(Team.id).limit(1)
            stocking.fill(self.offer, count, by=self.lead, at=self.now, team=db.session.scalars(alive).first())

        self.do(act, cut)

    @rule(sure=st.integers(0, 9), cut=cuts)
    def call_off(self, sure: int, cut: int | None) -> None:
        if sure == 0:
            self.do(lambda: offering.call_off(self.offer, by=self.lead, at=self.now), cut)

    @rule(sure=st.integers(0, 4), cut=cuts)
    def let_it_end(self, sure: int, cut: int | None) -> None:
        if sure == 0:
            self.now = max(self.now, self.deadline)
            self.work(1, cut)

    @invariant()
    def never_oversold(self) -> None:
        if not hasattr(self, "offer_id"):
            return
        offer = self.offer
        if offer.state in (GroupBuyState.OPEN, GroupBuyState.SUCCEEDED):
            assert offer.taken == self.sum_of(Seat.quantity, Seat.state.in_(STANDING)) + offer.filled
            assert offer.people == self.sum_of(1, Seat.counted())
        assert offer.taken <= offer.seats <= SEATS
        for team in db.session.scalars(select(Team).where(Team.state.in_((TeamState.OPEN, TeamState.SUCCEEDED)))):
            inside = (Seat.team_id == team.id, Seat.state.in_(STANDING))
            assert team.taken == self.sum_of(Seat.quantity, *inside) + team.filled <= team.seats
        db.session.rollback()

    @invariant()
    def nobody_is_refunded_twice(self) -> None:
        for charge, came_in in self.far_end.came_in.items():
            assert self.far_end.back_for(charge) <= came_in

    def come_to_an_end(self) -> None:
        """The provider has told of everything at last, the offer is over, and the workers have had their time."""
        for payment_id, charge in self.charges:
            self.do(lambda payment_id=payment_id, charge=charge: self.tell(payment_id, charge), None)  # type: ignore[misc]
        self.now = max(self.now, self.deadline)
        for _turn in range(4):
            self.now += LONG_ENOUGH
            clock.set_to(self.now)
            jobs.drain(self.now)
        self.never_oversold()
        self.every_coin_is_somewhere()

    def every_coin_is_somewhere(self) -> None:
        """Money in = money back + money held, for each charge: nobody has paid without a seat or a refund."""
        assert self.offer.state is not GroupBuyState.OPEN
        states = set(db.session.scalars(select(Seat.state)))
        assert states <= {SeatState.CONFIRMED, SeatState.RELEASED, SeatState.REFUNDED}
        assert set(db.session.scalars(select(Refund.state))) <= {RefundState.DONE}
        for _payment_id, charge in self.charges:
            held = self.held_for(charge)
            assert self.far_end.came_in[charge] == self.far_end.back_for(charge) + held, (charge, held)

    def held_for(self, charge: str) -> int:
        """What a certain seat costs that was paid for by this charge."""
        query = select(Seat).join(Receipt, Receipt.id == Seat.receipt_id).where(Receipt.external_id == charge)
        seat = db.session.scalars(query.where(Seat.state == SeatState.CONFIRMED)).one_or_none()
        return seat.price.minor if seat is not None else 0

    @property
    def offer(self) -> GroupBuy:
        return db.session.get_one(GroupBuy, self.offer_id)

    @property
    def lead(self) -> User:
        return db.session.get_one(User, self.lead_id)

    def fan(self, number: int) -> Member:
        return db.session.get_one(Member, self.fan_ids[number])

    def tell(self, payment_id: int, charge: str) -> None:
        told(db.session.get_one(Payment, payment_id), charge, self.now)

    def do(self, act: Callable[[], object], cut: int | None) -> None:
        """One transaction: all of it, or nothing."""
        with killed_after(cut):
            try:
                act()
            except DomainError:
                db.session.rollback()
            else:
                db.session.commit()

    def sum_of(self, what: Any, *where: Any) -> int:
        query = select(func.coalesce(func.sum(what), 0)).select_from(Seat).where(*where)
        return db.session.scalar(query) or 0


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", [GroupBuyKind.OPEN, GroupBuyKind.TEAMS])
def test_money_and_seats_are_where_the_notebook_says(shared_app: Flask, far_end: FarEnd, kind: GroupBuyKind) -> None:
    machine = type("Machine", (Seats,), {"app": shared_app, "far_end": far_end, "kind": kind})
    often = settings(
        max_examples=20,
        stateful_step_count=20,
        deadline=None,
        phases=[
            Phase.explicit,
            Phase.reuse,
            Phase.generate,
        ],  # each step is a sentence: what failed can be read as it is
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(machine, settings=often)
