"""Group buys that live on a marketplace: shown here, counted by orders."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns.groupbuys import settling
from campaigns.groupbuys.joining import Over, join
from campaigns.groupbuys.models import GroupBuy, GroupBuyKind, GroupBuyState
from campaigns.links.conversions import recording
from campaigns.links.conversions.models import Source
from campaigns.links.conversions.recording import Order
from commons import jobs
from commons.db import db
from commons.errors import Invalid
from commons.money import Money
from tests.campaigns.factories import a_link, make_draft, make_offer
from tests.factories import make_fan

ADDRESS = "https://shop.example/groups/tea"


@pytest.fixture
def offer(app: Flask, at: datetime) -> GroupBuy:
    return make_offer(needed=2, seats=10, market_address=ADDRESS)


def ordered(offer: GroupBuy, number: str, at: datetime) -> None:
    assert offer.market_link is not None
    recording.record(Order(number, offer.market_link, Money(12800), at), Source.TABLE, at)


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


def test_with_enough_orders_it_comes_about_at_the_deadline(offer: GroupBuy, at: datetime) -> None:
    for number in ("T-1", "T-2", "T-3"):
        ordered(offer, number, at)
    settling.settle_due(offer.id, offer.deadline_at)
    assert offer.state is GroupBuyState.SUCCEEDED
