"""Who ordered: known by mail, number, handle or click; a stranger is the same stranger again, and nothing is kept that says who."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from flask import Flask

from campaigns.links.conversions import customers
from campaigns.links.conversions.importing import orders_in
from campaigns.links.conversions.models import Conversion, OrderImportRow
from campaigns.links.counting import write_visits
from commons import jobs
from commons.accounts import leaving
from commons.db import db
from community.members.models import Handle, Member
from tests.campaigns.factories import a_link, visit
from tests.campaigns.insights.factories import order
from tests.campaigns.posts.exchange.tables import a_csv
from tests.factories import make_fan, make_staff


def words_for(fan: Member, kind: str, at: datetime) -> str:
    """What a shop may call this fan."""
    assert fan.user is not None
    assert fan.user.email is not None
    if kind == "handle":
        db.session.add(Handle(channel="weibo", external_id="Tea_1", name="茶", member_id=fan.id, first_seen_at=at))
        db.session.flush()
    return {
        "mail": fan.user.email.upper(),
        "number": fan.public_id,
        "handle": "weibo:Tea_1",
    }[kind]


@pytest.mark.parametrize("kind", ["mail", "number", "handle"])
def test_a_fan_is_known_by_whatever_the_shop_calls_him(app: Flask, at: datetime, kind: str) -> None:
    fan = make_fan()
    assert order(words_for(fan, kind, at), at).customer_id == fan.id


def test_an_order_that_names_only_the_click_is_of_who_was_signed_in(app: Flask, at: datetime) -> None:
    fan, link = make_fan(), a_link()
    write_visits([visit(link, uid="abc123", user_id=fan.user_id)])
    assert order("", at, link, click="abc123").customer_id == fan.id
    assert order("", at, link).customer_id is None


def test_a_stranger_is_the_same_stranger_again_by_address_or_its_hash(app: Flask, at: datetime) -> None:
    plain, hashed = order("Tea@Example.org ", at), order(sha256(b"tea@example.org").hexdigest(), at)
    other = order("else@example.org", at)

    assert plain.customer_mark == hashed.customer_mark
    assert plain.customer_mark != other.customer_mark
    assert "example" not in str(plain.customer_mark)


def test_who_signs_up_later_takes_earlier_orders_along(app: Flask, at: datetime) -> None:
    earlier = order("later@example.org", at)
    fan = make_fan(email="later@example.org")
    assert fan.user is not None
    customers.welcome(fan.user, at)
    db.session.refresh(earlier)

    assert earlier.customer_id == fan.id


def test_who_is_erased_leaves_no_mark(app: Flask, at: datetime) -> None:
    fan = make_fan()
    assert fan.user is not None
    told = order(str(fan.user.email), at)
    leaving.erase(fan.user, at)
    db.session.refresh(told)

    assert told.customer_mark is None
    assert told.customer_id == fan.id


def test_a_table_names_customers_and_forgets_their_names(app: Flask, at: datetime) -> None:
    by, fan = make_staff(language="en", zone="Asia/Shanghai"), make_fan()
    a_link(slug="spring")
    head = ["Order number", "Link", "Buyer"]
    rows = (["1", "spring", fan.public_id], ["2", "nowhere", "who@example.org"])
    found = orders_in.open("o.csv", a_csv(head, *rows), by=by, at=at)
    orders_in.confirm(found, by=by, at=at)
    jobs.drain(at)

    assert [one.customer_id for one in db.session.query(Conversion)] == [fan.id]
    written, refused = orders_in.rows_of(found)
    assert said(written) == ""
    assert said(refused) == "who@example.org"
    customers.strike_from_tables(at + timedelta(days=8))
    assert said(refused) == ""


def said(row: OrderImportRow) -> str:
    return str(row.cells["values"]["customer"])
