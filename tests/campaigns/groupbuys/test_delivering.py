"""What was bought arrives, and its buyer is invited to review."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.groupbuys import offering, reviewing
from campaigns.groupbuys.delivering import deliver
from campaigns.groupbuys.joining import join
from campaigns.groupbuys.models import GroupBuy, Seat
from commons import clock, jobs
from commons.db import db
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from community.members.models import Member
from community.notices.models import Notice
from community.reviews import deciding
from community.reviews.models import Kind, Verdict
from community.reviews.submitting import Draft, submit
from tests.campaigns.factories import a_lead, make_offer
from tests.factories import make_fan, make_staff


@pytest.fixture
def fans(app: Flask) -> list[Member]:
    return [make_fan("小满"), make_fan("谷雨")]


@pytest.fixture
def offer(fans: list[Member], at: datetime) -> GroupBuy:
    """One that has come about for both."""
    made = make_offer(needed=2, seats=10)
    for fan in fans:
        join(made, fan, at)
    clock.set_to(made.deadline_at)
    jobs.drain(made.deadline_at)
    db.session.refresh(made)
    return made


def invited(fan: Member) -> int:
    query = select(Notice).where(Notice.member_id == fan.id, Notice.kind == "group_buy.delivered")
    return len(db.session.scalars(query).all())


def test_each_buyer_is_invited_once(offer: GroupBuy, fans: list[Member]) -> None:
    lead = a_lead()
    assert [deliver(offer, None, by=lead, at=clock.now()) for _twice in range(2)] == [2, 0]
    assert [invited(fan) for fan in fans] == [1, 1]


def test_only_the_seats_that_were_named_are_delivered(offer: GroupBuy, fans: list[Member]) -> None:
    first, second = db.session.scalars(select(Seat).order_by(Seat.id)).all()
    assert deliver(offer, [second.public_id, "nosuchseat"], by=a_lead(), at=clock.now()) == 1
    assert (first.delivered_at, second.delivered_at) == (None, clock.now())
    assert [invited(fan) for fan in fans] == [0, 1]


def test_what_is_not_certain_is_not_delivered(app: Flask, at: datetime) -> None:
    offer = make_offer()
    join(offer, make_fan(), at)
    assert deliver(offer, None, by=a_lead(), at=at) == 0


def test_a_bad_review_earns_what_a_good_one_does(offer: GroupBuy, fans: list[Member]) -> None:
    deliver(offer, None, by=a_lead(), at=clock.now())
    earned = []
    for fan, stars in zip(fans, (1, 5), strict=True):
        before = balance(fan, Currency.POINTS)
        order = reviewing.orders(fan, clock.now())[0]
        draft = Draft(Kind.ORDER_REVIEW, f"喝了两个星期，说说感觉 {stars}", stars=stars, order=order)
        review = submit(fan, draft, key=f"review{stars}", at=clock.now())
        if review.published_at is None:
            deciding.decide(review, Verdict.PUBLISH, by=make_staff(), at=clock.now())
        jobs.drain(clock.now())
        earned.append(balance(fan, Currency.POINTS) - before)
    assert earned[0] == earned[1]


def test_a_review_leads_to_what_can_be_bought_now_and_to_nothing_that_is_over(offer: GroupBuy, at: datetime) -> None:
    running = make_offer()
    assert reviewing.buying_link(f"group_buy.{running.public_id}") == running.url
    assert reviewing.buying_link(f"group_buy.{offer.public_id}") == ""
    assert reviewing.buying_link("reward.abc") == ""


def opened_again(offer: GroupBuy) -> GroupBuy:
    """The next version of an offer, open for fans."""
    lead, at = a_lead(), clock.now()
    again = offering.new_version(offer, by=lead, at=at)
    again.deadline_at = at + timedelta(days=3)
    offering.open_offer(again, by=lead, at=at)
    return again


def test_the_page_of_a_review_bears_the_ad_label_as_long_as_it_leads_to_a_version_that_can_be_bought(
    offer: GroupBuy, fans: list[Member], client: FlaskClient
) -> None:
    order = reviewing.orders(fans[0], clock.now())[0]
    review = submit(
        fans[0],
        Draft(Kind.ORDER_REVIEW, "喝了两个星期，香气很稳。", stars=4, order=order),
        key="review",
        at=clock.now(),
    )
    if review.published_at is None:
        deciding.decide(review, Verdict.PUBLISH, by=make_staff(), at=clock.now())
        clock.advance(seconds=61)
        jobs.drain(clock.now())

    def page(path: str) -> str:
        return str(client.get(path, headers={"Accept-Language": "en"}).text)

    assert (offer.url in page(review.url), "ad-label" in page(review.url)) == (False, False)

    again = opened_again(opened_again_and_over(offer))
    for path in (review.url, f"/circle/shares?about={review.order_about}"):
        assert f'href="{again.url}"' in page(path)
        assert page(path).count("ad-label") == page(path).count(again.url) == 1

    offering.call_off(again, by=a_lead(), at=clock.now())
    assert (again.url in page(review.url), "ad-label" in page(review.url)) == (False, False)


def opened_again_and_over(offer: GroupBuy) -> GroupBuy:
    """A version between the two, which was called off."""
    middle = opened_again(offer)
    offering.call_off(middle, by=a_lead(), at=clock.now())
    return middle
