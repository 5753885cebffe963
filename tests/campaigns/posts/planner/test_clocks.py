"""The calendar where clocks change: what is skipped, what comes twice, and when a post goes out then."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from campaigns.publishing import scheduling
from commons.accounts.models import User
from commons.db import db
from community.channels.accounts import circle_account
from tests.campaigns.posts.factories import make_post
from tests.campaigns.posts.planner.factories import planned
from tests.factories import sign_in


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    """阿岚's browser; she reads times in Shanghai unless a test moves her."""
    sign_in(client, author)
    return client


@pytest.mark.parametrize(
    ("day", "words"), [("2026-03-29", "skipped: clocks go forward"), ("2026-10-25", "comes twice: clocks go back")]
)
def test_days_on_which_clocks_change_say_so(client: FlaskClient, author: User, day: str, words: str) -> None:
    author.zone = "Europe/Berlin"
    db.session.flush()
    page = client.get(f"/posts/calendar?view=day&day={day}", headers={"Accept-Language": "en"}).text
    assert page.count(words) == 1
    assert "Clocks go" in page


def test_where_clocks_change_by_half_an_hour_no_hour_is_skipped_and_the_one_that_partly_comes_twice_says_so(
    client: FlaskClient, author: User
) -> None:
    author.zone = "Australia/Lord_Howe"
    db.session.flush()
    spring = client.get("/posts/calendar?view=day&day=2026-10-04", headers={"Accept-Language": "en"}).text
    autumn = client.get("/posts/calendar?view=day&day=2026-04-05", headers={"Accept-Language": "en"}).text
    assert "Clocks go forward by 30 min" in spring
    assert "skipped: clocks go forward" not in spring
    assert autumn.count("comes twice: clocks go back") == 1


def test_a_time_that_clocks_skip_says_when_it_goes_out(client: FlaskClient, author: User, at: datetime) -> None:
    post = make_post(author, text="半夜的茶")
    scheduling.schedule(post, circle_account(), datetime(2026, 3, 29, 2, 30), "Europe/Berlin", by=author, at=at)
    page = client.get("/posts/calendar?view=list&month=2026-03", headers={"Accept-Language": "en"}).text
    assert "skip 02:30. The post goes out at 03:30." in page


def test_the_second_of_two_equal_hours_is_marked(client: FlaskClient, author: User, at: datetime) -> None:
    author.zone = "Europe/Berlin"
    for hour in (0, 1):
        planned(author, at, f"第{hour}次", datetime(2026, 10, 25, hour, 30, tzinfo=UTC), zone="UTC")
    page = client.get("/posts/calendar?view=day&day=2026-10-25", headers={"Accept-Language": "en"}).text
    assert re.findall(r'class="entry-time">(02:30)( <small>second time)?', page) == [
        ("02:30", ""),
        ("02:30", " <small>second time"),
    ]
