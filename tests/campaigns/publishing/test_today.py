"""What the start page of the staff side says about posts."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from campaigns.posts.writing import discard
from campaigns.publishing import scheduling, today
from commons import jobs
from commons.accounts.models import User
from commons.zones import to_local
from community.channels.accounts import circle_account
from tests.campaigns.posts.factories import make_post
from tests.factories import make_fan, sign_in


def planned(by: User, at: datetime, text: str, due: datetime) -> None:
    scheduling.schedule(make_post(by, text=text), circle_account(), to_local(due, "UTC"), "UTC", by=by, at=at)


def test_what_goes_out_next_stands_in_order(client: FlaskClient, author: User, at: datetime) -> None:
    planned(author, at, "第二条", at + timedelta(hours=2))
    planned(author, at, "第一条", at + timedelta(hours=1))
    sign_in(client, author)
    page = client.get("/staff").text
    assert page.index("第一条") < page.index("第二条")


def test_what_was_missed_asks_for_a_person(client: FlaskClient, author: User, at: datetime) -> None:
    planned(author, at, "错过了", at + timedelta(hours=1))
    jobs.drain(at + timedelta(hours=3))
    sign_in(client, author)
    page = client.get("/staff").text
    assert "错过了" in page
    assert "tab=attention" in page


def test_when_all_is_well_nothing_asks_for_a_person(client: FlaskClient, author: User, at: datetime) -> None:
    planned(author, at, "准时的", at + timedelta(hours=1))
    jobs.drain(at + timedelta(hours=1))
    sign_in(client, author)
    page = client.get("/staff").text
    assert "tab=attention" not in page
    assert "/posts/new" in page


def test_old_troubles_are_forgotten(author: User, at: datetime) -> None:
    planned(author, at, "很久以前", at + timedelta(hours=1))
    jobs.drain(at + timedelta(hours=3))
    assert today.attention_panel(author, at + timedelta(days=13)) is not None
    assert today.attention_panel(author, at + timedelta(days=16)) is None


def test_discarded_posts_ask_for_nobody(author: User, at: datetime) -> None:
    post = make_post(author)
    scheduling.publish_now(post, circle_account(), "UTC", by=author, at=at)
    jobs.drain(at + timedelta(hours=1))
    discard(post, by=author, at=at + timedelta(hours=1))
    assert today.attention_panel(author, at + timedelta(hours=1)) is None


def test_fans_are_told_nothing_of_it(app: Flask, at: datetime) -> None:
    fan = make_fan().user
    assert fan is not None
    assert today.next_panel(fan, at) is None
    assert today.attention_panel(fan, at) is None
