"""Seats that the brand fills itself, and fewer seats than were promised."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.groupbuys import stocking
from campaigns.groupbuys.joining import SoldOut, join
from campaigns.groupbuys.models import Fill, GroupBuy, GroupBuyState, Seat, SeatState, TeamState, Why
from campaigns.groupbuys.stocking import NothingToFill
from commons import jobs
from commons.db import db
from commons.errors import Conflict, Invalid
from community.notices.models import Notice
from tests.campaigns.factories import a_lead, make_offer
from tests.campaigns.groupbuys.far_end import NAME, FarEnd, pay
from tests.factories import make_fan

MINUTE = timedelta(minutes=1)


def joined(offer: GroupBuy, at: datetime, count: int) -> list[Seat]:
    return [join(offer, make_fan(f"茶友{number}"), at + number * MINUTE) for number in range(count)]


def settled(offer: GroupBuy) -> GroupBuy:
    jobs.drain(offer.deadline_at)
    db.session.refresh(offer)
    return offer


def test_the_brand_fills_what_is_missing_and_is_counted_apart(app: Flask, at: datetime) -> None:
    offer, lead = make_offer(needed=4, seats=10), a_lead()
    joined(offer, at, 2)
    fill = stocking.fill(offer, 2, by=lead, at=at)
    assert (offer.people, offer.filled, offer.taken, offer.reached) == (2, 2, 4, 4)
    assert (fill.by, fill.count) == (lead, 2)
    assert settled(offer).state is GroupBuyState.SUCCEEDED
    assert len(db.session.scalars(select(Seat)).all()) == 2


def test_the_brand_fills_no_more_than_is_missing_or_free(app: Flask, at: datetime) -> None:
    lead = a_lead()
    offer, full = make_offer(needed=4, seats=10), make_offer(needed=2, seats=2, most_each=2)
    joined(offer, at, 2)
    join(full, make_fan("谷雨"), at, quantity=2)
    for wanted, count in ((offer, 3), (full, 1)):
        with pytest.raises(NothingToFill):
            stocking.fill(wanted, count, by=lead, at=at)
    with pytest.raises(NothingToFill):
        stocking.fill(offer, 1, by=lead, at=offer.deadline_at)
    with pytest.raises(Invalid):
        stocking.fill(offer, 0, by=lead, at=at)
    assert db.session.scalars(select(Fill)).all() == []
    assert (offer.taken, offer.filled) == (2, 0)


def test_in_teams_the_brand_fills_one_team(app: Flask, at: datetime) -> None:
    offer, lead = make_offer(needed=3, team_seats=3, seats=9), a_lead()
    seat = join(offer, make_fan(), at)
    with pytest.raises(Invalid):
        stocking.fill(offer, 1, by=lead, at=at)
    stocking.fill(offer, 2, by=lead, at=at, team=seat.team)
    settled(offer)
    assert seat.team is not None
    db.session.refresh(seat.team)
    assert (seat.team.filled, seat.team.state, offer.filled) == (2, TeamState.SUCCEEDED, 2)


def test_with_less_in_stock_who_came_last_is_told_first_and_refunded(app: Flask, far_end: FarEnd, at: datetime) -> None:
    offer = make_offer(provider=NAME, needed=2, seats=5)
    seats = joined(offer, at, 5)
    charges = [pay(far_end, seat, at + 5 * MINUTE) for seat in seats]

    stocking.lower(offer, 3, "两箱在路上摔坏了", by=a_lead(), at=at + 6 * MINUTE)
    with pytest.raises(SoldOut):
        join(offer, make_fan("谷雨"), at + 6 * MINUTE)
    jobs.drain(at + 7 * MINUTE)
    db.session.expire_all()

    assert [seat.state for seat in seats] == [SeatState.PAID] * 3 + [SeatState.REFUNDED] * 2
    assert [far_end.back_for(charge) for charge in charges] == [0, 0, 0, 12800, 12800]
    assert (offer.seats, offer.taken, offer.people) == (3, 3, 3)
    told = db.session.scalars(select(Notice).where(Notice.member_id == seats[4].member_id).order_by(Notice.id)).all()
    assert [notice.kind for notice in told] == ["group_buy.stock_out", "group_buy.refunded"]
    assert told[0].details["reason"] == "两箱在路上摔坏了"


def test_seats_that_nobody_has_go_first(app: Flask, at: datetime) -> None:
    offer = make_offer(needed=2, seats=8)
    seats = joined(offer, at, 3)
    stocking.lower(offer, 4, "少进了一箱", by=a_lead(), at=at + 5 * MINUTE)
    jobs.drain(at + 6 * MINUTE)
    assert (offer.seats, offer.taken) == (4, 3)
    assert all(seat.stands for seat in seats)


def test_the_seats_of_the_brand_go_before_those_of_fans(app: Flask, at: datetime) -> None:
    offer = make_offer(needed=4, seats=5)
    joined(offer, at, 2)
    stocking.fill(offer, 2, by=a_lead(), at=at)
    joined(offer, at + 9 * MINUTE, 1)
    stocking.lower(offer, 4, "少进了一箱", by=a_lead(), at=at + 20 * MINUTE)
    jobs.drain(at + 21 * MINUTE)
    db.session.refresh(offer)
    assert (offer.people, offer.filled, offer.taken, offer.seats) == (3, 1, 4, 4)


def test_what_has_come_about_can_run_short_too(app: Flask, far_end: FarEnd, at: datetime) -> None:
    offer = make_offer(provider=NAME, needed=1, seats=3)
    seats = joined(offer, at, 3)
    charges = [pay(far_end, seat, at + 4 * MINUTE) for seat in seats]
    settled(offer)
    stocking.lower(offer, 2, "少发了一盒", by=a_lead(), at=offer.deadline_at)
    jobs.drain(offer.deadline_at + MINUTE)
    db.session.expire_all()
    assert (seats[2].state, seats[2].left_why) == (SeatState.REFUNDED, Why.STOCK_OUT)
    assert far_end.back_for(charges[2]) == 12800


@pytest.mark.parametrize(("seats", "reason"), [(1, "少"), (10, "少"), (12, "少"), (5, "  ")])
def test_what_makes_no_sense_is_refused(app: Flask, at: datetime, seats: int, reason: str) -> None:
    offer = make_offer(needed=2, seats=10)
    with pytest.raises(Invalid):
        stocking.lower(offer, seats, reason, by=a_lead(), at=at)
    assert (offer.seats, offer.stock) == (10, None)


def test_an_offer_that_is_over_is_not_lowered(app: Flask, at: datetime) -> None:
    offer = settled(make_offer(needed=2, seats=10))
    with pytest.raises(Conflict):
        stocking.lower(offer, 5, "少", by=a_lead(), at=offer.deadline_at)
