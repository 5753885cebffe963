"""Seats of group buys as orders of insights."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from campaigns.groupbuys import joining
from campaigns.insights import book
from commons import clock, jobs
from commons.db import db
from commons.money import Money
from tests.campaigns.factories import make_offer
from tests.factories import make_fan


def orders() -> list[tuple[int, int]]:
    """Who ordered, and for how much."""
    told = book.told()
    return [(row[0], row[1]) for row in db.session.execute(select(told.c.member_id, told.c.amount_minor))]


def test_a_seat_is_an_order_once_the_group_came_about(app: Flask, at: datetime) -> None:
    fan, offer = make_fan(), make_offer(price=Money(6800), needed=1, seats=10)
    joining.join(offer, fan, at)
    assert orders() == []

    clock.set_to(offer.deadline_at)
    jobs.drain(clock.now())

    assert orders() == [(fan.id, 6800)]


def test_a_group_that_did_not_come_about_brought_no_order(app: Flask, at: datetime) -> None:
    offer = make_offer(price=Money(6800), needed=5, seats=10)
    joining.join(offer, make_fan(), at)

    clock.set_to(offer.deadline_at)
    jobs.drain(clock.now())

    assert orders() == []
