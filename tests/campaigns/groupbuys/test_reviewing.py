"""What was bought in a group can be reviewed once the group has come about."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from campaigns.groupbuys import joining, reviewing
from campaigns.groupbuys.models import GroupBuy
from commons import clock, jobs
from commons.money import Money
from community.members.models import Member
from tests.campaigns.factories import make_offer
from tests.factories import make_fan


@pytest.fixture
def fan(app: Flask) -> Member:
    return make_fan("小满")


def titles(fan: Member) -> list[str]:
    return [order.title for order in reviewing.orders(fan, clock.now())]


def settle(offer: GroupBuy) -> None:
    clock.set_to(offer.deadline_at)
    jobs.drain(clock.now())


def test_a_seat_can_be_reviewed_once_the_group_came_about(fan: Member, at: datetime) -> None:
    offer = make_offer(price=Money(6800), needed=1, seats=10)
    joining.join(offer, fan, at)
    assert titles(fan) == []

    settle(offer)

    assert titles(fan) == [offer.title]
    assert titles(make_fan("阿木")) == []


def test_a_group_that_did_not_come_about_leaves_nothing_to_review(fan: Member, at: datetime) -> None:
    offer = make_offer(price=Money(6800), needed=5, seats=10)
    joining.join(offer, fan, at)

    settle(offer)

    assert titles(fan) == []


def test_the_reviews_of_one_offer_belong_together_and_each_seat_is_its_own(fan: Member, at: datetime) -> None:
    offer, other = make_offer(price=Money(6800), needed=1, seats=10), make_fan("阿木")
    joining.join(offer, fan, at)
    joining.join(offer, other, at)
    settle(offer)

    mine, theirs = reviewing.orders(fan, clock.now())[0], reviewing.orders(other, clock.now())[0]

    assert mine.about == theirs.about == f"group_buy.{offer.public_id}"
    assert mine.ref != theirs.ref
