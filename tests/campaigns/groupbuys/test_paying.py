"""Seats that are paid for: held, paid, paid late, refunded."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.groupbuys import offering, wording
from campaigns.groupbuys.joining import SoldOut, join, leave
from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat, SeatState, Why
from campaigns.groupbuys.pricing import Step
from campaigns.payments import refunding
from campaigns.payments.models import PaymentState, Refund, RefundState
from commons import clock, jobs
from commons.db import db
from commons.errors import Invalid
from commons.events import Event
from commons.i18n import in_both_languages
from commons.jobs.models import Job
from commons.money import Money
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from community.members.models import Member
from community.notices.models import Notice
from tests.campaigns.factories import a_lead, make_offer
from tests.campaigns.groupbuys.far_end import NAME, FarEnd, pay, told
from tests.factories import make_fan

MINUTE = timedelta(minutes=1)


@pytest.fixture
def offer(app: Flask, at: datetime, far_end: FarEnd) -> GroupBuy:
    """Ten seats for 100 yuan each, two people needed, half an hour to pay."""
    return make_offer(provider=NAME, price=Money(10000), needed=2, seats=10)


def later(moment: datetime) -> datetime:
    """The clock stands there, and what is due by then is done."""
    clock.set_to(moment)
    jobs.drain(moment)
    return moment


def states(*seats: Seat) -> list[SeatState]:
    for seat in seats:
        db.session.refresh(seat)
    return [seat.state for seat in seats]


def notices(fan: Member) -> list[str]:
    return list(db.session.scalars(select(Notice.kind).where(Notice.member_id == fan.id).order_by(Notice.id)))


def test_a_seat_is_held_until_the_money_comes_and_counts_from_then_on(
    offer: GroupBuy, far_end: FarEnd, at: datetime
) -> None:
    fan = make_fan()
    seat = join(offer, fan, at)
    assert (seat.state, offer.taken, offer.people) == (SeatState.HELD, 1, 0)
    assert seat.expires_at == at + 30 * MINUTE
    assert seat.payment is not None
    assert (seat.payment.amount, seat.payment.state) == (Money(10000), PaymentState.WAITING)
    assert balance(fan, Currency.POINTS) == 0

    pay(far_end, seat, at + MINUTE)

    assert (states(seat), offer.taken, offer.people) == ([SeatState.PAID], 1, 1)
    assert balance(fan, Currency.POINTS) > 0


def test_a_hold_never_lasts_beyond_the_deadline(offer: GroupBuy, at: datetime) -> None:
    seat = join(offer, make_fan(), offer.deadline_at - MINUTE)
    assert seat.expires_at == offer.deadline_at


def test_a_hold_that_ends_gives_the_seat_back_by_itself(app: Flask, far_end: FarEnd, at: datetime) -> None:
    offer = make_offer(provider=NAME, needed=1, seats=1)
    fan, other = make_fan(), make_fan("谷雨")
    seat = join(offer, fan, at)
    with pytest.raises(SoldOut):
        join(offer, other, at)

    moment = later(at + 31 * MINUTE)

    assert (states(seat), seat.left_why) == ([SeatState.RELEASED], Why.EXPIRED)
    assert notices(fan) == ["group_buy.expired"]
    assert join(offer, other, moment).stands


def test_money_after_the_hold_takes_a_free_seat(offer: GroupBuy, far_end: FarEnd, at: datetime) -> None:
    fan = make_fan()
    seat = join(offer, fan, at)
    moment = later(at + 31 * MINUTE)

    pay(far_end, seat, moment)

    assert (states(seat), offer.taken, offer.people) == ([SeatState.LATE_PAID], 1, 1)
    assert db.session.scalars(select(Refund)).all() == []


def test_money_after_the_hold_goes_back_when_no_seat_is_free(app: Flask, far_end: FarEnd, at: datetime) -> None:
    offer = make_offer(provider=NAME, needed=1, seats=1)
    fan, other = make_fan(), make_fan("谷雨")
    seat = join(offer, fan, at)
    moment = later(at + 31 * MINUTE)
    join(offer, other, moment)

    charge = pay(far_end, seat, moment)
    assert states(seat) == [SeatState.REFUNDING]
    later(moment + MINUTE)

    assert states(seat) == [SeatState.REFUNDED]
    assert far_end.back_for(charge) == far_end.came_in[charge]
    assert notices(fan) == ["group_buy.expired", "group_buy.too_late", "group_buy.refunded"]
    assert (offer.taken, offer.people) == (1, 0)


def test_money_that_comes_after_the_group_came_about_takes_a_free_seat_at_the_price_reached(
    app: Flask, far_end: FarEnd, at: datetime
) -> None:
    offer = make_offer(provider=NAME, price=Money(10000), needed=1, seats=5, tiers=[Step(2, 8000)])
    late, one, two = (join(offer, make_fan(name), at) for name in ("迟到", "小满", "谷雨"))
    pay(far_end, one, at)
    pay(far_end, two, at)
    moment = later(offer.deadline_at + MINUTE)

    charge = pay(far_end, late, moment)
    later(moment + MINUTE)

    assert states(late, one, two) == [SeatState.CONFIRMED] * 3
    assert far_end.back_for(charge) == 2000


def test_money_that_comes_after_the_group_failed_goes_back(offer: GroupBuy, far_end: FarEnd, at: datetime) -> None:
    seat = join(offer, make_fan(), at)
    moment = later(offer.deadline_at + MINUTE)

    charge = pay(far_end, seat, moment)
    later(moment + MINUTE)

    assert states(seat) == [SeatState.REFUNDED]
    assert far_end.back_for(charge) == 10000


def test_the_same_money_told_twice_is_one_seat_and_a_second_sum_goes_back(
    offer: GroupBuy, far_end: FarEnd, at: datetime
) -> None:
    seat = join(offer, make_fan(), at)
    first = pay(far_end, seat, at)
    assert seat.payment is not None
    assert told(seat.payment, first, at + MINUTE) is None
    second = pay(far_end, seat, at + MINUTE)
    later(at + 2 * MINUTE)

    assert (states(seat), offer.people) == ([SeatState.PAID], 1)
    assert (far_end.back_for(first), far_end.back_for(second)) == (0, 10000)


def test_leaving_a_paid_seat_sends_the_money_back_and_what_joining_earned(
    offer: GroupBuy, far_end: FarEnd, at: datetime
) -> None:
    fan = make_fan()
    seat = join(offer, fan, at)
    charge = pay(far_end, seat, at)

    leave(offer, fan, at + MINUTE)
    assert (states(seat), offer.taken, offer.people) == ([SeatState.REFUNDING], 0, 0)
    later(at + 2 * MINUTE)

    assert states(seat) == [SeatState.REFUNDED]
    assert far_end.back_for(charge) == 10000
    assert balance(fan, Currency.POINTS) == 0


def test_leaving_a_held_seat_ends_the_payment_and_later_money_goes_back(
    offer: GroupBuy, far_end: FarEnd, at: datetime
) -> None:
    fan = make_fan()
    seat = join(offer, fan, at)
    leave(offer, fan, at)
    assert seat.payment is not None
    assert (states(seat), seat.payment.state) == ([SeatState.RELEASED], PaymentState.CANCELLED)

    charge = pay(far_end, seat, at + MINUTE)
    later(at + 2 * MINUTE)

    assert (states(seat), far_end.back_for(charge)) == ([SeatState.REFUNDED], 10000)
    assert offer.taken == 0


def test_who_joins_again_pays_anew_and_money_for_the_first_time_goes_back(
    offer: GroupBuy, far_end: FarEnd, at: datetime
) -> None:
    fan = make_fan()
    seat = join(offer, fan, at)
    first = seat.payment
    assert first is not None
    leave(offer, fan, at)
    assert join(offer, fan, at + MINUTE) is seat
    assert seat.payment is not None
    assert seat.payment.id != first.id

    charge = far_end.charge(first)
    told(first, charge, at + MINUTE)
    later(at + 2 * MINUTE)

    assert states(seat) == [SeatState.HELD]
    assert far_end.back_for(charge) == 10000


def test_several_pieces_are_one_payment_and_so_many_seats(app: Flask, far_end: FarEnd, at: datetime) -> None:
    offer = make_offer(provider=NAME, price=Money(10000), needed=2, seats=5, most_each=3)
    seat = join(offer, make_fan(), at, quantity=3)
    assert seat.payment is not None
    assert (seat.payment.amount, offer.taken) == (Money(30000), 3)
    pay(far_end, seat, at)
    assert (offer.taken, offer.people) == (3, 1)
    with pytest.raises(SoldOut):
        join(offer, make_fan("谷雨"), at, quantity=3)
    for wrong in (0, 4):
        with pytest.raises(Invalid):
            join(offer, make_fan("小雪"), at, quantity=wrong)


def test_seats_that_are_only_held_do_not_make_a_group(offer: GroupBuy, far_end: FarEnd, at: datetime) -> None:
    paid, held = join(offer, make_fan(), at), join(offer, make_fan("谷雨"), offer.deadline_at - MINUTE)
    charge = pay(far_end, paid, at)
    later(offer.deadline_at)
    later(offer.deadline_at + MINUTE)

    db.session.refresh(offer)
    assert offer.state is GroupBuyState.VOID
    assert states(paid, held) == [SeatState.REFUNDED, SeatState.RELEASED]
    assert far_end.back_for(charge) == 10000


def test_a_void_group_refunds_everybody_once_one_row_for_each_seat(app: Flask, far_end: FarEnd, at: datetime) -> None:
    offer = make_offer(provider=NAME, needed=5, seats=10)
    seats = [join(offer, make_fan(name), at) for name in ("小满", "谷雨", "小雪")]
    charges = [pay(far_end, seat, at) for seat in seats]
    later(offer.deadline_at)
    later(offer.deadline_at + MINUTE)

    assert states(*seats) == [SeatState.REFUNDED] * 3
    refunds = db.session.scalars(select(Refund)).all()
    assert [refund.state for refund in refunds] == [RefundState.DONE] * 3
    assert [far_end.back_for(charge) for charge in charges] == [12800] * 3
    assert len(db.session.scalars(select(Event).where(Event.kind == "group_buy.voided")).all()) == 3


@pytest.mark.parametrize("why", list(Why))
def test_why_money_goes_back_reads_in_the_language_of_who_reads(app: Flask, why: Why) -> None:
    refund = Refund(reason=wording.given_back(why))

    read = in_both_languages(lambda: refunding.reason_words(refund))

    assert read["zh"] != read["en"]
    assert refund.reason not in read.values()


def test_what_a_person_wrote_is_the_reason_as_it_stands(app: Flask) -> None:
    assert refunding.reason_words(Refund(reason="壶嘴磕了一下")) == "壶嘴磕了一下"


def test_calling_off_refunds_whoever_paid_one_row_for_each_seat_through_the_outbox(
    app: Flask, far_end: FarEnd, at: datetime
) -> None:
    offer = make_offer(provider=NAME, needed=2, seats=10)
    seats = [join(offer, make_fan(name), at) for name in ("小满", "谷雨", "小雪")]
    charges = [pay(far_end, seat, at) for seat in seats[:2]]

    for _twice in range(2):
        offering.call_off(offer, by=a_lead(), at=at + MINUTE)
    assert far_end.sent_back == {}  # nothing leaves with the decision itself
    later(at + 2 * MINUTE)

    assert states(*seats) == [SeatState.REFUNDED, SeatState.REFUNDED, SeatState.RELEASED]
    assert {seat.left_why for seat in seats} == {Why.CALLED_OFF}
    refunds = db.session.scalars(select(Refund)).all()
    assert [(refund.key, refund.state) for refund in refunds] == [
        (f"seat:{seat.receipt.public_id}", RefundState.DONE) for seat in seats[:2] if seat.receipt
    ]
    assert db.session.scalar(select(func.count()).where(Job.name == refunding.JOB)) == 2
    assert [far_end.back_for(charge) for charge in charges] == [12800, 12800]
    assert seats[2].payment is not None
    assert seats[2].payment.state is PaymentState.CANCELLED


def test_money_that_comes_after_it_was_called_off_goes_back(offer: GroupBuy, far_end: FarEnd, at: datetime) -> None:
    seat = join(offer, make_fan(), at)
    offering.call_off(offer, by=a_lead(), at=at + MINUTE)
    later(at + 2 * MINUTE)

    charge = pay(far_end, seat, at + 3 * MINUTE)
    later(at + 4 * MINUTE)

    assert states(seat) == [SeatState.REFUNDED]
    assert far_end.back_for(charge) == far_end.came_in[charge]


def test_the_price_that_was_reached_is_frozen_and_the_difference_goes_back(
    app: Flask, far_end: FarEnd, at: datetime
) -> None:
    offer = make_offer(
        provider=NAME, price=Money(10000), needed=1, seats=9, tiers=[Step(2, 9000), Step(4, 7000)], most_each=2
    )
    fans = [make_fan(name) for name in ("小满", "谷雨", "小雪")]
    seats = [join(offer, fan, at, quantity=2 if number == 0 else 1) for number, fan in enumerate(fans)]
    charges = [pay(far_end, seat, at) for seat in seats]
    later(offer.deadline_at)
    later(offer.deadline_at + MINUTE)

    db.session.refresh(offer)
    assert offer.final_price_minor == 9000
    assert states(*seats) == [SeatState.CONFIRMED] * 3
    assert [far_end.back_for(charge) for charge in charges] == [2000, 1000, 1000]
    assert [seat.price.minor for seat in seats] == [18000, 9000, 9000]
    assert "group_buy.cheaper" in notices(fans[0])
