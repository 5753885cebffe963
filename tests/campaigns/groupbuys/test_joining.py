"""Taking seats and giving them back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.groupbuys.joining import Over, SoldOut, join, leave, seat_of
from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat
from campaigns.links.making import personal_link
from commons.db import db
from commons.events import Event
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from community.members.models import Member
from tests.campaigns.factories import a_link, make_offer
from tests.factories import make_circle_post, make_fan


def seats(group_buy: GroupBuy) -> int:
    held = (Seat.group_buy_id == group_buy.id, Seat.left_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(Seat).where(*held)) or 0


def kinds(fan: Member) -> list[str]:
    query = select(Event.kind).where(Event.member_id == fan.id, Event.kind.like("group_buy.%")).order_by(Event.id)
    return list(db.session.scalars(query))


def test_a_fan_takes_one_seat_however_often_he_joins(app: Flask, at: datetime) -> None:
    fan, offer = make_fan(), make_offer()
    seat = join(offer, fan, at)
    assert join(offer, fan, at + timedelta(minutes=1)) is seat
    assert (offer.taken, seats(offer)) == (1, 1)
    assert kinds(fan) == ["group_buy.joined"]


def test_the_last_seat_is_the_last(app: Flask, at: datetime) -> None:
    offer = make_offer(needed=1, seats=1)
    first, second = make_fan(), make_fan("谷雨")
    join(offer, first, at)
    with pytest.raises(SoldOut):
        join(offer, second, at)
    assert join(offer, first, at).member is first
    assert (offer.taken, seats(offer)) == (1, 1)
    assert kinds(second) == []


def test_a_refused_claim_leaves_the_transaction_usable(app: Flask, at: datetime) -> None:
    full, free, fan = make_offer(needed=1, seats=1), make_offer(), make_fan()
    join(full, make_fan("谷雨"), at)
    with pytest.raises(SoldOut):
        join(full, fan, at)
    assert join(free, fan, at).member is fan


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1), timedelta(days=9)])
def test_at_the_deadline_it_is_over(app: Flask, at: datetime, late: timedelta) -> None:
    fan, offer = make_fan(), make_offer()
    with pytest.raises(Over):
        join(offer, fan, offer.deadline_at + late)
    assert offer.taken == 0
    assert join(offer, fan, offer.deadline_at - timedelta(microseconds=1)).left_at is None


@pytest.mark.parametrize(
    "state", [GroupBuyState.DRAFT, GroupBuyState.SUCCEEDED, GroupBuyState.VOID, GroupBuyState.CANCELLED]
)
def test_only_an_open_offer_can_be_joined(app: Flask, at: datetime, state: GroupBuyState) -> None:
    offer = make_offer()
    offer.state = state
    db.session.flush()
    with pytest.raises(Over):
        join(offer, make_fan(), at)
    assert offer.taken == 0


def test_a_seat_given_back_is_free_for_somebody_else(app: Flask, at: datetime) -> None:
    offer = make_offer(needed=1, seats=1)
    first, second = make_fan(), make_fan("谷雨")
    join(offer, first, at)
    leave(offer, first, at)
    leave(offer, first, at)
    assert offer.taken == 0
    join(offer, second, at)
    with pytest.raises(SoldOut):
        join(offer, first, at)
    assert (offer.taken, seats(offer)) == (1, 1)


def test_who_comes_back_sits_on_the_same_seat(app: Flask, at: datetime) -> None:
    fan, offer = make_fan(), make_offer()
    seat = join(offer, fan, at)
    leave(offer, fan, at + timedelta(minutes=1))
    assert seat_of(offer, fan) is seat
    assert seat.left_at == at + timedelta(minutes=1)
    again = join(offer, fan, at + timedelta(minutes=2))
    assert again is seat
    assert (again.left_at, again.joined_at) == (None, at + timedelta(minutes=2))
    assert kinds(fan) == ["group_buy.joined", "group_buy.left", "group_buy.joined"]


def test_leaving_without_a_seat_changes_nothing(app: Flask, at: datetime) -> None:
    fan, offer = make_fan(), make_offer()
    leave(offer, fan, at)
    assert offer.taken == 0
    assert kinds(fan) == []


def test_after_the_deadline_nobody_leaves_and_the_seat_stays(app: Flask, at: datetime) -> None:
    fan, offer = make_fan(), make_offer()
    seat = join(offer, fan, at)
    with pytest.raises(Over):
        leave(offer, fan, offer.deadline_at)
    db.session.refresh(seat)
    assert (seat.left_at, offer.taken) == (None, 1)


def test_leaving_takes_back_what_joining_earned(app: Flask, at: datetime) -> None:
    fan, offer = make_fan(), make_offer()
    join(offer, fan, at)
    assert balance(fan, Currency.POINTS) > 0
    leave(offer, fan, at + timedelta(minutes=1))
    assert balance(fan, Currency.POINTS) == 0
    joined, left = db.session.scalars(select(Event).where(Event.kind.like("group_buy.%"), Event.member_id == fan.id))
    assert left.payload["joined_event_id"] == joined.id


def test_the_link_that_brought_a_fan_stands_at_his_seat_unless_it_is_his_own(app: Flask, at: datetime) -> None:
    fan, other, offer, link = make_fan(), make_fan("谷雨"), make_offer(), a_link()
    own = personal_link(fan, make_circle_post(), at)
    assert join(offer, other, at, link).link is link
    assert join(offer, fan, at, own).link is None


def test_the_database_itself_refuses_to_oversell(app: Flask, at: datetime) -> None:
    from sqlalchemy.exc import IntegrityError

    offer = make_offer(needed=1, seats=1)
    offer.taken = 2
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
