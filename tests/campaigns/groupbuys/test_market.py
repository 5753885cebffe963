"""Group buys that live on a marketplace: shown here, counted by orders."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaigns.groupbuys import delivering, market, reviewing, settling
from campaigns.groupbuys.joining import Over, join
from campaigns.groupbuys.models import GroupBuy, GroupBuyKind, GroupBuyState
from campaigns.links.conversions import recording
from campaigns.links.conversions.models import Source
from campaigns.links.conversions.recording import Order
from commons import jobs
from commons.db import db
from commons.errors import Invalid
from commons.events import Event
from commons.money import Money
from community.members.models import Member
from community.notices.models import Notice
from tests.campaigns.factories import a_lead, a_link, make_draft, make_offer
from tests.factories import make_fan

ADDRESS = "https://shop.example/groups/tea"


@pytest.fixture
def offer(app: Flask, at: datetime) -> GroupBuy:
    return make_offer(needed=2, seats=10, market_address=ADDRESS)


def ordered(offer: GroupBuy, number: str, at: datetime, customer: str = "") -> None:
    assert offer.market_link is not None
    recording.record(Order(number, offer.market_link, Money(12800), at, customer=customer), Source.TABLE, at)


def invited(fan: Member) -> int:
    query = select(func.count()).where(Notice.member_id == fan.id, Notice.kind == "group_buy.delivered")
    return db.session.scalar(query) or 0


def test_it_leads_there_by_a_link_of_its_own(offer: GroupBuy) -> None:
    assert offer.kind is GroupBuyKind.MARKET
    assert offer.market_link is not None
    assert offer.market_link.target == ADDRESS


def test_an_address_that_is_none_is_refused(app: Flask, at: datetime) -> None:
    with pytest.raises(Invalid):
        make_draft(market_address="javascript:alert(1)")


def test_each_order_counts_once_and_moves_the_same_bar(offer: GroupBuy, at: datetime) -> None:
    for number in ("T-1", "T-2", "T-2"):
        ordered(offer, number, at)
    recording.record(Order("other", a_link(), Money(1), at), Source.TABLE, at)
    assert (offer.people, offer.taken) == (2, 0)


def test_nobody_takes_a_seat_here(offer: GroupBuy, at: datetime) -> None:
    with pytest.raises(Over):
        join(offer, make_fan(), at)


def test_a_table_that_comes_in_after_the_deadline_still_decides(offer: GroupBuy, at: datetime) -> None:
    jobs.drain(offer.deadline_at)
    db.session.refresh(offer)
    assert offer.state is GroupBuyState.VOID

    for number in ("T-1", "T-2"):
        ordered(offer, number, offer.deadline_at + timedelta(days=1))

    assert (offer.people, offer.state) == (2, GroupBuyState.SUCCEEDED)


def test_buyers_whom_we_know_are_invited_to_review_once_it_has_arrived_and_the_page_says_who_cannot_be(
    offer: GroupBuy, lead: FlaskClient, at: datetime
) -> None:
    fan, other = make_fan(), make_fan("谷雨")
    for number, customer in (("T-1", fan.public_id), ("T-2", fan.public_id), ("T-3", other.public_id), ("T-4", "")):
        ordered(offer, number, at, customer)
    page = lead.get(offer.url).text
    assert "3 orders are by members whom we know." in page
    assert "1 order names nobody of ours: there is nobody to invite for it." in page
    assert "Buyers are invited once the group has come about" in page
    deliver = f"{offer.url}/orders/deliver"
    lead.post(deliver)
    assert (invited(fan), reviewing.orders(fan, at)) == (0, [])

    jobs.drain(offer.deadline_at)
    assert "Mark 3 orders as delivered" in lead.get(offer.url).text
    for _twice in range(2):
        lead.post(deliver)

    assert [invited(one) for one in (fan, other)] == [2, 1]
    assert "Every buyer whom we know was invited to review." in lead.get(offer.url).text
    assert [order.about for order in reviewing.orders(fan, at)] == [f"group_buy.{offer.public_id}"] * 2
    assert len({order.ref for order in reviewing.orders(fan, at)}) == 2
    received = select(func.count()).where(Event.kind == "group_buy.delivered")
    assert db.session.scalar(received) == 3


def test_an_order_that_names_its_buyer_later_is_delivered_later(offer: GroupBuy, at: datetime) -> None:
    fan = make_fan()
    for number, customer in (("T-1", fan.public_id), ("T-2", "")):
        ordered(offer, number, at, customer)
    jobs.drain(offer.deadline_at)
    db.session.refresh(offer)
    by = a_lead()
    assert delivering.deliver_orders(offer, by=by, at=offer.deadline_at) == 1

    ordered(offer, "T-3", offer.deadline_at, fan.public_id)

    assert market.buyers(offer) == market.Buyers(orders=3, known=2, waiting=1)
    assert delivering.deliver_orders(offer, by=by, at=offer.deadline_at) == 1
    assert invited(fan) == 2


def test_without_any_order_there_is_nobody_to_invite(offer: GroupBuy, lead: FlaskClient) -> None:
    assert "No order has come in yet" in lead.get(offer.url).text


def test_with_enough_orders_it_comes_about_at_the_deadline(offer: GroupBuy, at: datetime) -> None:
    for number in ("T-1", "T-2", "T-3"):
        ordered(offer, number, at)
    settling.settle_due(offer.id, offer.deadline_at)
    assert offer.state is GroupBuyState.SUCCEEDED
