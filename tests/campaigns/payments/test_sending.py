"""How a refund leaves: once at the provider, whatever dies in between, and with a person where it cannot go by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.payments import refunding, sending
from campaigns.payments.models import Receipt, Refund, RefundState
from campaigns.payments.sandbox import site
from campaigns.payments.sandbox.models import Manner
from campaigns.payments.sending import MOST_TRIES, Settled
from commons import clock, jobs
from commons.db import db
from commons.jobs.models import Job, JobState
from tests.campaigns.factories import a_lead
from tests.campaigns.payments.factories import PRICE, asked, charged, paid, refunds, sent_back, told_about


def refunded(receipt: Receipt, at: datetime) -> Refund:
    return refunding.refund(receipt, receipt.left, "It did not come about", key=f"all:{receipt.public_id}", at=at)


def send(refund: Refund) -> Refund:
    """One turn of the job, as a worker would take it."""
    sending.send_refund(refund.id)
    return refunds(refund.payment)[0]


def test_a_refund_goes_out_and_its_purpose_is_told_once(app: Flask, at: datetime) -> None:
    receipt = paid(at)
    refund = refunded(receipt, at)
    jobs.drain(at)
    sending.send_refund(refund.id)

    (done,) = refunds(receipt.payment)
    assert (done.state, done.done_at, done.tries) == (RefundState.DONE, at, 1)
    assert (sent_back(receipt), told_about(receipt.payment)) == ([PRICE.minor], ["paid", "refunded"])


def test_a_provider_that_is_away_is_asked_again_later_and_longer_each_time(app: Flask, at: datetime) -> None:
    receipt = charged(asked(at), at, Manner.AWAY)
    refunded(receipt, at)
    jobs.drain(at)
    (refund,) = refunds(receipt.payment)
    assert (refund.state, refund.tries, bool(refund.trouble)) == (RefundState.SENT, 1, True)
    due = db.session.scalars(select(Job.due_at).where(Job.name == refunding.JOB, Job.state == JobState.WAITING)).one()
    assert at < due <= at + timedelta(seconds=15)

    site.behave(receipt.external_id, Manner.WORKS)
    jobs.drain(due - timedelta(seconds=1))
    assert refunds(receipt.payment)[0].state is RefundState.SENT
    jobs.drain(due)

    assert refunds(receipt.payment)[0].state is RefundState.DONE
    assert sent_back(receipt) == [PRICE.minor]


def test_after_many_tries_it_waits_for_a_person_who_can_have_it_tried_again(app: Flask, at: datetime) -> None:
    receipt = charged(asked(at), at, Manner.AWAY)
    refund = refunded(receipt, at)
    for hours in range(MOST_TRIES):
        clock.set_to(at + timedelta(hours=hours))
        refund = send(refund)
    assert (refund.state, refund.tries, refund.needs_a_person) == (RefundState.FAILED, MOST_TRIES, True)

    site.behave(receipt.external_id, Manner.WORKS)
    sending.try_again(refund, by=a_lead(), at=clock.now())
    jobs.drain(clock.now())

    assert refunds(receipt.payment)[0].state is RefundState.DONE
    assert sent_back(receipt) == [PRICE.minor]


def test_an_answer_that_is_lost_leads_to_one_refund(app: Flask, at: datetime) -> None:
    receipt = charged(asked(at), at, Manner.LOSES_ANSWERS)
    refund = send(refunded(receipt, at))
    assert (refund.state, sent_back(receipt)) == (RefundState.SENT, [PRICE.minor])

    refund = send(refund)

    assert (refund.state, sent_back(receipt)) == (RefundState.DONE, [PRICE.minor])


@pytest.mark.parametrize("sent", [False, True], ids=["before it was sent", "after it was sent"])
def test_a_crash_between_sending_and_knowing_leads_to_neither_none_nor_two(
    app: Flask, at: datetime, sent: bool
) -> None:
    receipt = paid(at)
    refund = refunded(receipt, at)
    begun = sending.begin(refund.id, at)
    db.session.commit()
    assert begun is not None
    if sent:
        sending.ask_provider(*begun)
    assert refunds(receipt.payment)[0].state is RefundState.SENT  # and here the worker dies

    jobs.drain(at + timedelta(minutes=1))

    assert (refunds(receipt.payment)[0].state, sent_back(receipt)) == (RefundState.DONE, [PRICE.minor])
    assert told_about(receipt.payment) == ["paid", "refunded"]


def test_two_workers_with_the_same_refund_send_it_once(app: Flask, at: datetime) -> None:
    receipt = paid(at)
    refund = refunded(receipt, at)
    first, second = sending.begin(refund.id, at), sending.begin(refund.id, at)
    assert first is not None
    assert second is not None

    for begun in (first, second):
        sending.note(refund.id, sending.ask_provider(*begun), at)

    assert sent_back(receipt) == [PRICE.minor]
    assert told_about(receipt.payment) == ["paid", "refunded"]


def test_a_refusal_is_for_a_person_at_once(app: Flask, at: datetime) -> None:
    receipt = charged(asked(at), at, Manner.REFUSES)
    refund = send(refunded(receipt, at))

    assert (refund.state, bool(refund.trouble), sent_back(receipt)) == (RefundState.FAILED, True, [])
    assert send(refund).tries == 1


@pytest.mark.parametrize("provider", ["manual", "shop"])
def test_what_goes_back_by_hand_waits_for_a_person_and_is_done_once(app: Flask, at: datetime, provider: str) -> None:
    receipt = paid(at, provider=provider)
    refund = send(refunded(receipt, at))
    assert (refund.state, refund.needs_a_person) == (RefundState.WAITING, True)
    by = a_lead()

    sending.done_by_hand(refund, "B-77", by=by, at=at)
    with pytest.raises(Settled):
        sending.done_by_hand(refund, "B-78", by=by, at=at)

    assert (refund.state, refund.external_id, refund.done_by_id) == (RefundState.DONE, "B-77", by.id)
    assert told_about(receipt.payment) == ["paid", "refunded"]


def test_only_a_failed_refund_is_tried_again(app: Flask, at: datetime) -> None:
    refund = send(refunded(paid(at), at))

    with pytest.raises(Settled):
        sending.try_again(refund, by=a_lead(), at=at)
