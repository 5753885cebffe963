"""Buying and taking part as conditions of a segment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from campaigns.groupbuys import joining, stocking
from campaigns.groupbuys.models import GroupBuy
from commons import clock, jobs
from commons.money import Money
from community.members.models import Member
from community.members.segments import slots
from community.members.segments.tree import Group, Leaf
from tests.campaigns.factories import a_lead, make_campaign, make_offer
from tests.community.members.segments.factories import catch_up, every, ids_of, kept, make_segment
from tests.factories import make_fan

EVER = {"period": "ever", "days": None, "first": None, "last": None}


def bought(number: int, how: str = "at_least", **period: Any) -> Leaf:
    return Leaf("purchases", {"how": how, "times": number, **EVER, **period})


def spent(amount: str) -> Leaf:
    return Leaf("spent", {"amount": amount, **EVER})


@pytest.fixture
def offer(app: Flask, at: datetime) -> GroupBuy:
    return make_offer(price=Money(6800), needed=1, seats=10)


def settle(offer: GroupBuy) -> datetime:
    clock.set_to(offer.deadline_at)
    jobs.drain(clock.now())
    return clock.now()


def buy(offer: GroupBuy, *fans: Member) -> None:
    for fan in fans:
        joining.join(offer, fan, clock.now())


def test_a_seat_counts_once_the_group_buy_came_about(offer: GroupBuy, at: datetime) -> None:
    fan, other = make_fan("小满"), make_fan("阿木")
    buyers, others = make_segment(every(bought(1))), make_segment(every(bought(0, "at_most")))
    buy(offer, fan)
    catch_up(at)
    assert kept(buyers) == set()

    later = settle(offer)
    catch_up(later)

    assert kept(buyers) == ids_of(fan)
    assert kept(others) == ids_of(other)


def test_a_seat_that_was_given_back_is_no_purchase(offer: GroupBuy, at: datetime) -> None:
    fan, other = make_fan("小满"), make_fan("阿木")
    buyers = make_segment(every(bought(1)))
    buy(offer, fan, other)
    joining.leave(offer, other, at)

    catch_up(settle(offer))

    assert kept(buyers) == ids_of(fan)


@pytest.mark.parametrize("rules", [every(bought(1)), every(spent("68.00"))])
def test_what_was_bought_and_cannot_be_delivered_is_no_purchase_any_more(
    offer: GroupBuy, at: datetime, rules: Group
) -> None:
    fan, other = make_fan("小满"), make_fan("阿木")
    buyers = make_segment(rules)
    buy(offer, fan, other)
    later = settle(offer)
    catch_up(later)
    assert kept(buyers) == ids_of(fan, other)

    stocking.lower(offer, 1, "路上碎了一组", by=a_lead(), at=later)
    stocking.trim_some(offer.id, later)
    catch_up(later)

    assert kept(buyers) == ids_of(fan)


@pytest.mark.parametrize(("amount", "fits"), [("68.00", True), ("68.01", False)])
def test_what_was_paid_is_added_up(offer: GroupBuy, at: datetime, amount: str, fits: bool) -> None:
    fan = make_fan()
    segment = make_segment(every(spent(amount)))
    buy(offer, fan)

    catch_up(settle(offer))

    assert kept(segment) == (ids_of(fan) if fits else set())


def test_only_what_lies_in_the_period_counts(offer: GroupBuy, at: datetime) -> None:
    fan = make_fan()
    buy(offer, fan)
    later = settle(offer)

    assert kept(make_segment(every(bought(1, period="last", days=2)), at=later)) == ids_of(fan)
    assert kept(make_segment(every(bought(1, period="last", days=2)), at=later + timedelta(days=2))) == set()


def test_facts_of_a_campaign_count_whatever_they_are(app: Flask, at: datetime) -> None:
    campaign = make_campaign()
    offer = make_offer(campaign=campaign)
    fan = make_fan("小满")
    make_fan("阿木")
    active = make_segment(
        every(Leaf("campaign", {"campaign": campaign.public_id, "how": "at_least", "times": 1, **EVER}))
    )
    buy(offer, fan)

    catch_up(at)

    assert kept(active) == ids_of(fan)


def test_every_condition_says_what_it_asks(app: Flask, at: datetime) -> None:
    campaign = make_campaign()
    kinds = slots.kinds()

    assert "68" in kinds["spent"].words(spent("68.00").values)
    assert "1" in kinds["purchases"].words(bought(1).values)
    said = kinds["campaign"].words({"campaign": campaign.public_id, "how": "exactly", "times": 2, **EVER})
    assert campaign.title in said
