"""Everybody at once: seats are never oversold, and nobody gets two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.groupbuys.joining import SoldOut, join, leave
from campaigns.groupbuys.models import GroupBuy, Seat
from commons import clock
from commons.db import db
from commons.events import Event
from community.members.models import Member
from tests.at_once import at_once
from tests.campaigns.factories import make_offer
from tests.factories import make_fan

pytestmark = pytest.mark.slow


def rush(app: Flask, acts: list[Callable[[], str]]) -> Counter[str]:
    """Let all act at the same moment; what came of them."""
    outcomes: list[str] = []
    assert at_once(app, *(partial(_hear, outcomes, act) for act in acts)) == []
    return Counter(outcomes)


def _hear(outcomes: list[str], act: Callable[[], str]) -> None:
    outcomes.append(act())


def joining(group_buy_id: int, member_id: int) -> Callable[[], str]:
    def act() -> str:
        group_buy, member = db.session.get_one(GroupBuy, group_buy_id), db.session.get_one(Member, member_id)
        try:
            join(group_buy, member, clock.now())
        except SoldOut:
            db.session.rollback()
            return "sold out"
        db.session.commit()
        return "in"

    return act


def leaving(group_buy_id: int, member_id: int) -> Callable[[], str]:
    def act() -> str:
        group_buy, member = db.session.get_one(GroupBuy, group_buy_id), db.session.get_one(Member, member_id)
        leave(group_buy, member, clock.now())
        db.session.commit()
        return "out"

    return act


def held(group_buy_id: int) -> list[int]:
    """Ids of the members who hold a seat."""
    query = select(Seat.member_id).where(Seat.group_buy_id == group_buy_id, Seat.left_at.is_(None))
    return list(db.session.scalars(query))


def prepared(seats: int, fans: int) -> tuple[int, list[int]]:
    offer = make_offer(needed=1, seats=seats)
    ids = [make_fan(f"粉丝{number}").id for number in range(fans)]
    db.session.commit()
    offer_id = offer.id
    db.session.rollback()
    return offer_id, ids


def test_200_fans_at_once_for_50_seats_take_exactly_50(committed_app: Flask) -> None:
    offer_id, fans = prepared(seats=50, fans=200)
    outcomes = rush(committed_app, [joining(offer_id, fan) for fan in fans])
    assert outcomes == {"in": 50, "sold out": 150}
    assert len(held(offer_id)) == len(set(held(offer_id))) == 50
    assert db.session.get_one(GroupBuy, offer_id).taken == 50
    joined = select(func.count()).select_from(Event).where(Event.kind == "group_buy.joined")
    assert db.session.scalar(joined) == 50


def test_one_fan_20_times_at_once_gets_one_seat(committed_app: Flask) -> None:
    offer_id, (fan,) = prepared(seats=50, fans=1)
    assert rush(committed_app, [joining(offer_id, fan)] * 20) == {"in": 20}
    assert held(offer_id) == [fan]
    assert db.session.get_one(GroupBuy, offer_id).taken == 1
    joined = select(func.count()).select_from(Event).where(Event.kind == "group_buy.joined")
    assert db.session.scalar(joined) == 1


def test_one_fan_20_times_at_once_for_the_last_seat_is_never_told_that_it_is_gone(committed_app: Flask) -> None:
    offer_id, (fan,) = prepared(seats=1, fans=1)
    assert rush(committed_app, [joining(offer_id, fan)] * 20) == {"in": 20}
    assert db.session.get_one(GroupBuy, offer_id).taken == 1


def test_coming_and_going_at_once_keeps_the_count_true(committed_app: Flask) -> None:
    offer_id, fans = prepared(seats=10, fans=30)
    rush(committed_app, [joining(offer_id, fan) for fan in fans[:10]])
    acts = [leaving(offer_id, fan) for fan in fans[:10]] * 2 + [joining(offer_id, fan) for fan in fans]
    rush(committed_app, acts)
    taken = db.session.get_one(GroupBuy, offer_id).taken
    assert taken == len(held(offer_id)) == len(set(held(offer_id)))
    assert taken <= 10
