"""The plan in people's calendars: what is in a feed, and who may read it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from campaigns.planning.models import Campaign
from campaigns.posts import writing
from campaigns.posts.feeds import making
from campaigns.posts.feeds import writing as feed_writing
from campaigns.posts.feeds.models import CalendarFeed
from campaigns.posts.writing import Draft
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons import clock, jobs
from commons.accounts.models import User
from commons.db import db
from community.channels.accounts import circle_account
from community.channels.models import ChannelAccount
from tests.campaigns.factories import make_campaign
from tests.campaigns.posts.factories import make_post
from tests.factories import make_staff, sign_in

TEN = datetime(2026, 3, 2, 10)


@pytest.fixture
def author(app: Flask, at: datetime) -> User:
    """阿岚, who plans posts and reads English."""
    return make_staff(language="en")


def planned(by: User, text: str = "第一批龙井", when: datetime = TEN, campaign: Campaign | None = None) -> Delivery:
    post = make_post(by, text=text, campaign=campaign)
    return scheduling.schedule(post, circle_account(), when, "Europe/Berlin", by=by, at=clock.now())


def a_feed(by: User, of: ChannelAccount | Campaign | None = None) -> tuple[CalendarFeed, str]:
    return making.make(of, by=by, at=clock.now())


def read(client: FlaskClient, token: str) -> list[Any]:
    answer = client.get(f"/posts/feeds/{token}.ics")
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def test_an_event_says_when_in_utc_and_leads_to_the_post(client: FlaskClient, author: User) -> None:
    delivery = planned(author, text="长" * 200)
    answer = client.get(f"/posts/feeds/{a_feed(author)[1]}.ics")

    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert b"DTSTART:20260302T090000Z" in answer.data
    assert str(event["URL"]).endswith(delivery.post.url)
    assert len(str(event["SUMMARY"])) < 120
    assert str(event["STATUS"]) == "CONFIRMED"
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.content_type == "text/calendar; charset=utf-8"


def test_a_moved_event_keeps_its_id_and_counts_on(client: FlaskClient, author: User, at: datetime) -> None:
    delivery, (_feed, token) = planned(author), a_feed(author)
    (first,) = read(client, token)
    clock.advance(minutes=5)
    scheduling.move(delivery, TEN + timedelta(days=1), "Europe/Berlin", by=author, at=clock.now())
    (moved,) = read(client, token)
    clock.advance(minutes=5)
    writing.save(delivery.post, Draft("改过的"), revision=delivery.post.revision, by=author, at=clock.now())
    (rewritten,) = read(client, token)

    assert first["UID"] == moved["UID"] == rewritten["UID"]
    assert first["SEQUENCE"] < moved["SEQUENCE"] < rewritten["SEQUENCE"]
    assert first["LAST-MODIFIED"].dt < moved["LAST-MODIFIED"].dt < rewritten["LAST-MODIFIED"].dt
    assert moved["DTSTART"].dt == datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_what_was_cancelled_stays_marked_so(client: FlaskClient, author: User, at: datetime) -> None:
    delivery, (_feed, token) = planned(author), a_feed(author)
    scheduling.cancel(delivery, by=author, at=at)

    (event,) = read(client, token)
    assert str(event["STATUS"]) == "CANCELLED"


def test_a_feed_holds_only_what_it_is_of(client: FlaskClient, author: User, at: datetime) -> None:
    campaign, elsewhere = make_campaign(), ChannelAccount(
        channel="mastodon", external_id="1", name="elsewhere", connected_at=at
    )  # fmt: skip
    db.session.add(elsewhere)
    planned(author, "在活动里", campaign=campaign)
    planned(author, "不在活动里")

    def texts(of: ChannelAccount | Campaign | None) -> set[str]:
        return {str(event["SUMMARY"]).split(" · ")[0] for event in read(client, a_feed(author, of)[1])}

    assert texts(None) == {"在活动里", "不在活动里"}
    assert texts(circle_account()) == {"在活动里", "不在活动里"}
    assert texts(campaign) == {"在活动里"}
    assert texts(elsewhere) == set()


def test_a_published_post_stands_where_it_went_out(client: FlaskClient, author: User) -> None:
    planned(author)
    jobs.drain(datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC))
    (event,) = read(client, a_feed(author)[1])

    assert event["DTSTART"].dt == datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)
    assert "Published" in event["DESCRIPTION"]


def test_only_the_right_secret_opens_a_feed_and_only_while_it_holds(
    client: FlaskClient, author: User, at: datetime
) -> None:
    feed, token = a_feed(author)

    def status(secret: str) -> int:
        return client.get(f"/posts/feeds/{secret}.ics").status_code

    assert (status(token), status("wrong"), status(token[:-1])) == (200, 404, 404)

    other = making.renew(feed, by=author, at=at)
    assert (status(token), status(other)) == (404, 200)

    making.end(feed, by=author, at=at)
    assert status(other) == 404


def test_a_feed_sleeps_when_whoever_made_it_has_gone(client: FlaskClient, author: User, at: datetime) -> None:
    _feed, token = a_feed(author)
    author.ended_at = at
    db.session.flush()

    assert client.get(f"/posts/feeds/{token}.ics").status_code == 404


def test_a_calendar_that_has_it_already_is_told_so(client: FlaskClient, author: User) -> None:
    planned(author)
    address = f"/posts/feeds/{a_feed(author)[1]}.ics"
    mark = client.get(address).headers["ETag"]

    assert client.get(address, headers={"If-None-Match": mark}).status_code == 304


def test_the_address_is_shown_once_and_kept_nowhere(client: FlaskClient, author: User) -> None:
    sign_in(client, author)
    page = client.post("/posts/feeds", data={"of": ""}).text
    found = re.search(r"/posts/feeds/([\w-]{43})\.ics", page)
    assert found is not None

    assert found[1] not in client.get("/posts/feeds").text
    assert client.application.test_client().get(f"/posts/feeds/{found[1]}.ics").status_code == 200


def test_a_feed_is_renewed_and_ended_on_its_page(client: FlaskClient, author: User) -> None:
    sign_in(client, author)
    feed, token = a_feed(author, circle_account())

    assert "/posts/feeds/" in client.post(f"/posts/feeds/{feed.public_id}/renew").text
    assert client.get(f"/posts/feeds/{token}.ics").status_code == 404
    assert client.post(f"/posts/feeds/{feed.public_id}/end").status_code == 303
    assert "No feeds yet" in client.get("/posts/feeds").text


def test_what_went_wrong_or_waits_says_so_in_its_title(client: FlaskClient, author: User) -> None:
    planned(author).state = DeliveryState.MISSED
    db.session.flush()
    (event,) = read(client, a_feed(author)[1])
    assert str(event["SUMMARY"]) == "Missed · 第一批龙井 · 圈子"


def test_a_title_is_what_is_said_on_the_channel(client: FlaskClient, author: User) -> None:
    planned(author).post.variants[0].text = "在圈子里这样说"
    db.session.flush()
    (event,) = read(client, a_feed(author)[1])
    assert str(event["SUMMARY"]).startswith("在圈子里这样说")


def test_where_there_is_too_much_what_is_ahead_stays(
    client: FlaskClient, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (0, 1, 2, 3):
        planned(author, f"第{days}天", when=TEN + timedelta(days=days))
    clock.set_to(datetime(2026, 3, 4, 9, 30, tzinfo=UTC))
    monkeypatch.setattr(feed_writing, "MOST", 3)
    shown = {str(event["SUMMARY"])[:3] for event in read(client, a_feed(author)[1])}
    assert shown == {"第1天", "第2天", "第3天"}
