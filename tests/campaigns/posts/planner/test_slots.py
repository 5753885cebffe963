"""Weekly slots: in the account's own zone, the next one that is free, and the pages around them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.posts.planner import slots
from campaigns.posts.planner.best_times import LEAST_POSTS
from campaigns.posts.planner.slots import next_free, tightest
from campaigns.publishing import scheduling
from campaigns.publishing.models import DeliveryState
from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid
from commons.permissions import Role
from community.channels.accounts import circle_account
from tests.campaigns.posts.factories import make_post
from tests.campaigns.posts.planner.factories import an_account, planned, planned_on
from tests.community.inbox.factories import make_post as make_channel_post
from tests.factories import make_staff, sign_in

HALF_HOUR = timedelta(minutes=30)
SUNDAY_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MONDAY_TEN = (0, time(10))


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    sign_in(client, author)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def moment_of(slot: slots.FreeSlot | None) -> datetime:
    assert slot is not None
    return slot.moment


def test_the_next_slot_is_on_the_accounts_own_clock() -> None:
    slot = next_free([MONDAY_TEN], "America/New_York", [], SUNDAY_NOON, HALF_HOUR)
    assert slot is not None
    assert (slot.wall_clock, slot.moment) == (datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 15, tzinfo=UTC))


def test_a_slot_with_something_near_it_is_taken() -> None:
    ten = datetime(2026, 3, 2, 10, tzinfo=UTC)
    for taken, wanted in (
        ([ten], ten + timedelta(days=7)),
        ([ten + timedelta(minutes=29)], ten + timedelta(days=7)),
        ([ten - timedelta(minutes=29)], ten + timedelta(days=7)),
        ([ten + timedelta(minutes=30)], ten),
    ):
        assert moment_of(next_free([MONDAY_TEN], "UTC", taken, SUNDAY_NOON, HALF_HOUR)) == wanted


def test_the_slot_of_this_very_moment_is_over() -> None:
    ten = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert moment_of(next_free([MONDAY_TEN], "UTC", [], ten, HALF_HOUR)) == ten + timedelta(days=7)


def test_no_slots_or_only_taken_ones_give_none() -> None:
    mondays = [datetime(2026, 3, 2, 10, tzinfo=UTC) + timedelta(weeks=number) for number in range(14)]
    assert next_free([], "UTC", [], SUNDAY_NOON, HALF_HOUR) is None
    assert next_free([MONDAY_TEN], "UTC", mondays, SUNDAY_NOON, HALF_HOUR) is None


def test_a_slot_that_clocks_skip_stands_after_the_gap_and_one_that_comes_twice_is_the_first() -> None:
    night = (6, time(2, 30))
    spring = next_free([night], "Europe/Berlin", [], datetime(2026, 3, 28, tzinfo=UTC), HALF_HOUR)
    autumn = next_free([night], "Europe/Berlin", [], datetime(2026, 10, 24, tzinfo=UTC), HALF_HOUR)
    assert spring is not None
    assert (spring.wall_clock, spring.moment) == (
        datetime(2026, 3, 29, 3, 30),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    )
    assert moment_of(autumn) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_slots_that_stand_close_do_not_take_each_other() -> None:
    assert tightest([(0, time(10)), (0, time(10, 15))], HALF_HOUR) == timedelta(minutes=15)
    assert tightest([(6, time(23, 50)), (0, time(0))], HALF_HOUR) == timedelta(minutes=10)
    assert tightest([MONDAY_TEN], HALF_HOUR) == HALF_HOUR


def test_a_slot_takes_one_post_even_if_the_team_agreed_on_no_distance() -> None:
    ten = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert moment_of(next_free([MONDAY_TEN], "UTC", [ten], SUNDAY_NOON, timedelta(0))) == ten + timedelta(days=7)


def test_what_has_just_gone_out_takes_the_slot_that_follows_too_soon(app: Flask, author: User, at: datetime) -> None:
    account = circle_account()
    slots.add_slots(account, [6], time(20, 20), by=author, at=at)
    slots.set_rules(60, "", by=author, at=at)
    out = planned(author, at, "刚刚发出", at + timedelta(minutes=1))
    out.state, out.due_at = DeliveryState.PUBLISHED, at - timedelta(minutes=35)
    db.session.flush()
    assert moment_of(slots.next_free_slot(account, at)) == datetime(2026, 3, 8, 12, 20, tzinfo=UTC)


def test_what_is_planned_on_the_account_takes_its_slot(app: Flask, author: User, at: datetime) -> None:
    account, other = circle_account(), an_account()
    for one in (account, other):
        slots.add_slots(one, [0], time(10), by=author, at=at)
    monday = datetime(2026, 3, 2, 2, tzinfo=UTC)
    delivery = planned(author, at, "茶", monday)
    assert moment_of(slots.next_free_slot(account, at)) == monday + timedelta(days=7)
    assert moment_of(slots.next_free_slot(other, at)) == monday
    assert moment_of(slots.next_free_for_all([account, other], at)) == monday + timedelta(days=7)
    scheduling.cancel(delivery, by=author, at=at)
    assert moment_of(slots.next_free_slot(account, at)) == monday


def test_adding_the_same_slots_again_adds_none(app: Flask, author: User, at: datetime) -> None:
    account = circle_account()
    assert slots.add_slots(account, [0, 2], time(10), by=author, at=at) == 2
    assert slots.add_slots(account, [0, 2, 4], time(10), by=author, at=at) == 1
    assert slots.week_of(account) == [(0, time(10)), (2, time(10)), (4, time(10))]
    slots.remove_slot(account, 2, 600, by=author, at=at)
    slots.remove_slot(account, 2, 600, by=author, at=at)
    assert slots.week_of(account) == [(0, time(10)), (4, time(10))]


def test_slots_have_a_limit_and_need_a_day(app: Flask, author: User, at: datetime) -> None:
    with pytest.raises(Invalid):
        slots.add_slots(circle_account(), [], time(10), by=author, at=at)
    for hour in range(10):
        slots.add_slots(circle_account(), range(7), time(hour), by=author, at=at)
    with pytest.raises(Invalid):
        slots.add_slots(circle_account(), [0], time(20), by=author, at=at)
    assert slots.add_slots(circle_account(), [0], time(9), by=author, at=at) == 0


def test_the_page_adds_removes_and_shows_the_next_free_one(client: FlaskClient, author: User) -> None:
    name = circle_account().public_id
    data = {f"{name}-weekdays": ["0", "3"], f"{name}-moment": "09:30"}
    assert client.post(f"/posts/slots/{name}", data=data).status_code == 303
    page = client.get("/posts/slots").text
    assert "Next free slot: Mon 2 Mar, 09:30 in Asia/Shanghai" in page
    client.post(f"/posts/slots/{name}/remove", data={"weekday": "0", "minute": "570"})
    assert slots.week_of(circle_account()) == [(3, time(9, 30))]
    assert "Not enough posts yet to say: 0 of 20" in page


@pytest.mark.parametrize("moment", ["", "25:00", "nope"])
def test_a_time_that_is_none_is_said_at_its_field(client: FlaskClient, author: User, moment: str) -> None:
    name = circle_account().public_id
    answer = client.post(f"/posts/slots/{name}", data={f"{name}-weekdays": ["0"], f"{name}-moment": moment})
    assert answer.status_code == 422
    assert f'id="{name}-moment-error"' in answer.text


def test_slots_on_no_day_are_refused_at_their_field_and_the_time_stays(client: FlaskClient, author: User) -> None:
    name = circle_account().public_id
    answer = client.post(f"/posts/slots/{name}", data={f"{name}-moment": "21:45"})
    assert answer.status_code == 422
    assert "Choose at least one day of the week." in answer.text
    assert 'value="21:45"' in answer.text


def test_an_account_has_its_zone(client: FlaskClient, author: User) -> None:
    account = circle_account()
    client.post(f"/posts/slots/{account.public_id}/zone", data={"zone": "Europe/Berlin"})
    assert account.zone == "Europe/Berlin"
    assert client.post(f"/posts/slots/{account.public_id}/zone", data={"zone": "Mars/X"}).status_code == 422
    assert account.zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("apart", "country", "status"), [("45", "DE", 303), ("-1", "", 422), ("x", "", 422), ("45", "XX", 422)]
)
def test_what_the_team_agreed_on(client: FlaskClient, author: User, apart: str, country: str, status: int) -> None:
    assert client.post("/posts/slots/rules", data={"apart": apart, "country": country}).status_code == status
    agreed = slots.rules()
    assert (agreed.apart_minutes, agreed.country) == ((45, "DE") if status == 303 else (30, ""))


def test_the_composer_is_offered_the_next_free_slot_of_each_channel(
    client: FlaskClient, author: User, at: datetime
) -> None:
    accounts = [circle_account(), an_account()]
    slots.add_slots(accounts[0], [0], time(10), by=author, at=at)
    delivery = planned_on(accounts, author, at, "两处", datetime(2026, 3, 2, 2, tzinfo=UTC))[0]
    page = client.get(f"/posts/{delivery.post.public_id}/next-slot").text
    assert 'data-when="2026-03-02T10:00" data-zone="Asia/Shanghai"' in page
    assert "no free slot" in page
    assert "Free on all channels" in page


def test_the_best_hours_are_offered_at_their_next_free_moment(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author)
    for number in range(LEAST_POSTS):  # all of them on Wednesdays between eight and nine in the evening
        out = make_channel_post(circle_account(), f"out-{number}")
        out.published_at = datetime(2026, 2, 4, 12, number, tzinfo=UTC)
    planned(author, at, "占住了", datetime(2026, 3, 4, 12, 10, tzinfo=UTC))
    page = client.get(f"/posts/{post.public_id}/next-slot").text
    assert f"half of the {LEAST_POSTS} posts" in page
    assert 'data-when="2026-03-11T20:00" data-zone="Asia/Shanghai"' in page
    assert "data-when" not in client.get("/posts/slots").text


def test_a_post_for_no_channel_is_told_to_choose_one(client: FlaskClient, author: User) -> None:
    post = make_post(author)
    post.variants.clear()
    db.session.flush()
    assert "Choose at least one channel." in client.get(f"/posts/{post.public_id}/next-slot").text


def test_slots_are_changed_by_those_who_may_schedule(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author)
    db.session.flush()
    sign_in(client, make_staff(Role.APPROVER, "顾安"))
    name = circle_account().public_id
    assert client.get("/posts/slots").status_code == 200
    assert client.post(f"/posts/slots/{name}/zone", data={"zone": "Europe/Berlin"}).status_code == 404
    assert client.get(f"/posts/{post.public_id}/next-slot").status_code == 404
