"""Payments beside a till that only counts: whatever is paid, doubled, late, sent back, lost or killed, both say the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from campaigns.payments import asking, refunding, sending, settling, taking
from campaigns.payments.books.reconciling import reconcile
from campaigns.payments.incoming import Incoming
from campaigns.payments.models import Payment, PaymentState, Receipt, ReceiptKind, Refund, RefundState
from campaigns.payments.refunding import TooMuch
from campaigns.payments.sandbox import jobs as of_sandbox
from campaigns.payments.sandbox import site
from campaigns.payments.sandbox.models import Manner, SandboxCharge
from campaigns.payments.sandbox.site import Trial
from commons import clock
from commons.accounts.models import User
from commons.db import db
from commons.money import Money
from community.members.models import Member
from tests.campaigns.factories import a_lead
from tests.campaigns.payments.factories import (
    PRICE,
    Tickets,
    asked,
    mismatches,
    receipts,
    refunds,
    sent_back,
    told_about,
)
from tests.factories import NOON, make_fan

WHAT = ["pay"] * 4 + ["twice", "less", "doubled call", "cancel", "wait", "wait"]
WHAT += ["part", "part", "rest", "send", "send", "dies before", "dies after", "behave", "person", "person"]


@dataclass(frozen=True)
class Step:
    """One thing that happens."""

    what: str
    which: int
    minor: int
    manner: Manner


steps = st.builds(
    Step,
    what=st.sampled_from(WHAT),
    which=st.integers(0, 20),
    minor=st.integers(1, PRICE.minor),
    manner=st.sampled_from(Manner),
)


@dataclass
class Till:
    """What plain counting says of one payment: money by its name, with its kind, and what of it was promised back."""

    state: PaymentState = PaymentState.WAITING
    came: dict[str, ReceiptKind] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    amounts: dict[str, int] = field(default_factory=dict)
    back: dict[str, list[int]] = field(default_factory=dict)

    def take(self, name: str, minor: int) -> None:
        if minor != PRICE.minor:
            self.kept.add(name)
            return
        paid = any(kind in (ReceiptKind.IN_TIME, ReceiptKind.LATE) for kind in self.came.values())
        kind = ReceiptKind.LATE if self.state is not PaymentState.WAITING else ReceiptKind.IN_TIME
        self.put(name, ReceiptKind.DOUBLE if paid else kind, minor)

    def put(self, name: str, kind: ReceiptKind, minor: int) -> None:
        self.came[name], self.amounts[name], self.back[name] = kind, minor, []
        if kind is ReceiptKind.IN_TIME:
            self.state = PaymentState.PAID
        if kind in (ReceiptKind.DOUBLE, ReceiptKind.MISFIT):
            self.back[name].append(minor)

    def left(self, name: str) -> int:
        return self.amounts[name] - sum(self.back[name])


class World:
    """One payment with the real verbs, and its till."""

    def __init__(self, fan: Member, by: User, now: datetime) -> None:
        self.now, self.by, self.till = now, by, Till()
        self.payment = asked(now, fan)

    def take(self, step: Step) -> None:
        clock.set_to(self.now)
        getattr(self, "_" + step.what.replace(" ", "_"))(step)

    def _pay(self, step: Step) -> None:
        self._charge(Trial.PAY, step)

    def _twice(self, step: Step) -> None:
        self._charge(Trial.TWICE, step)

    def _less(self, step: Step) -> None:
        self._charge(Trial.LESS, step)

    def _charge(self, trial: Trial, step: Step) -> None:
        times = site.pay(self.payment, trial, step.manner, self.now)
        newest = select(SandboxCharge).order_by(SandboxCharge.id.desc()).limit(times)
        for charge in sorted(db.session.scalars(newest), key=lambda one: one.id):
            of_sandbox.tell(charge.id)
            self.till.take(charge.public_id, charge.amount_minor)

    def _doubled_call(self, step: Step) -> None:
        """The same money is told once more."""
        for receipt in self._one(step):
            told = Incoming(receipt.external_id, receipt.amount, self.now)
            assert taking.take(self.payment, told, at=self.now) is None

    def _cancel(self, step: Step) -> None:
        asking.cancel(self.payment, at=self.now)
        if self.till.state is PaymentState.WAITING:
            self.till.state = PaymentState.CANCELLED

    def _wait(self, step: Step) -> None:
        """Twenty minutes go by, and the clock looks at what is due."""
        self.now += timedelta(minutes=20)
        for payment_id in asking.claim(self.now, 1000):
            asking.expire(payment_id, self.now)
        if self.till.state is PaymentState.WAITING and self.payment.expires_at <= self.now:
            self.till.state = PaymentState.EXPIRED

    def _part(self, step: Step) -> None:
        for receipt in self._one(step):
            self._send_back(receipt, step.minor)

    def _rest(self, step: Step) -> None:
        for receipt in self._one(step):
            self._send_back(receipt, max(1, receipt.left.minor))

    def _send_back(self, receipt: Receipt, minor: int) -> None:
        name = receipt.external_id
        key = f"{name}:{len(self.till.back[name])}"
        if minor > self.till.left(name):
            with pytest.raises(TooMuch):
                refunding.refund(receipt, Money(minor), "Why", key=key, at=self.now)
            return
        for _time in range(2):  # the second time is the first
            refunding.refund(receipt, Money(minor), "Why", key=key, at=self.now)
        self.till.back[name].append(minor)

    def _send(self, step: Step) -> None:
        """A worker does what the outbox holds."""
        for refund in refunds(self.payment):
            sending.send_refund(refund.id)

    def _dies_before(self, step: Step) -> None:
        """A worker dies after it wrote down that it sends, before it sends."""
        for refund in self._one_refund(step):
            sending.begin(refund.id, self.now)
            db.session.commit()

    def _dies_after(self, step: Step) -> None:
        """A worker dies after it has sent, before it could write down the answer."""
        for refund in self._one_refund(step):
            begun = sending.begin(refund.id, self.now)
            db.session.commit()
            if begun is not None:
                sending.ask_provider(*begun)

    def _behave(self, step: Step) -> None:
        """The provider goes away, refuses, loses answers, or works again."""
        for receipt in self._one(step):
            site.behave(receipt.external_id, step.manner)

    def _person(self, step: Step) -> None:
        """Somebody looks after what waits: failed refunds are tried again, a sum that does not fit is counted or sent back."""
        for refund in refunds(self.payment):
            if refund.state is RefundState.FAILED:
                sending.try_again(refund, by=self.by, at=self.now)
        for one in mismatches():
            if one.payment_id != self.payment.id or one.settled_at is not None:
                continue
            name = one.external_id
            self.till.kept.remove(name)
            if step.which % 2:
                settling.send_back(one, by=self.by, at=self.now)
                self.till.put(name, ReceiptKind.MISFIT, one.amount_minor)
            else:
                kind = settling.count_anyway(one, by=self.by, at=self.now).kind
                self.till.take(name, PRICE.minor)
                assert self.till.came[name] is kind
                self.till.amounts[name] = one.amount_minor
                self.till.back[name] = [one.amount_minor for _minor in self.till.back[name]]

    def end_well(self) -> None:
        """The provider works again and everybody does what is left to do."""
        for _turn in range(2):
            self.take(Step("person", 0, 1, Manner.WORKS))
            for receipt in receipts(self.payment):
                site.behave(receipt.external_id, Manner.WORKS)
            self.take(Step("send", 0, 1, Manner.WORKS))

    def says_the_same(self) -> None:
        db.session.expire_all()
        payment = db.session.get_one(Payment, self.payment.id)
        found = receipts(payment)
        assert payment.state is self.till.state
        assert {one.external_id: one.kind for one in found} == self.till.came
        assert {one.external_id: one.left.minor for one in found} == {
            name: self.till.left(name) for name in self.till.came
        }
        assert {
            one.external_id for one in mismatches() if one.payment_id == payment.id and one.settled_at is None
        } == self.till.kept
        for one in found:
            assert sum(sent_back(one)) <= sum(self.till.back[one.external_id])

    def everything_went_back_once(self) -> None:
        for one in receipts(self.payment):
            assert sorted(sent_back(one)) == sorted(self.till.back[one.external_id])
        told, done = told_about(self.payment), refunds(self.payment)
        assert told.count("refunded") == len(done)
        assert told.count("paid") + told.count("paid late") == sum(
            kind in (ReceiptKind.IN_TIME, ReceiptKind.LATE) for kind in self.till.came.values()
        )
        assert {refund.state for refund in done} <= {RefundState.DONE}

    def _one(self, step: Step) -> list[Receipt]:
        found = receipts(self.payment)
        return [found[step.which % len(found)]] if found else []

    def _one_refund(self, step: Step) -> list[Refund]:
        found = refunds(self.payment)
        return [found[step.which % len(found)]] if found else []


@pytest.mark.slow
@settings(
    max_examples=30,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a step writes too much for thousands of shorter tries
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(steps, min_size=4, max_size=18))
def test_payments_and_the_till_agree_after_every_step_and_all_money_is_accounted_for(
    app: Flask, taken: list[Step]
) -> None:
    clock.set_to(NOON)
    Tickets.told.clear()
    world = World(make_fan("小满", NOON), a_lead(), NOON)

    for step in taken:
        world.take(step)
        world.says_the_same()
    world.end_well()

    world.says_the_same()
    world.everything_went_back_once()
    assert reconcile(world.now) == []
