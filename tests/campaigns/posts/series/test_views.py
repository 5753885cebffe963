"""The pages of series."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from campaigns.posts.series import reading
from campaigns.posts.series.models import Series
from campaigns.posts.series.recurring import Every, Rule
from campaigns.publishing import scheduling
from commons import clock, jobs
from commons.accounts.models import User
from commons.db import db
from community.channels.accounts import circle_account
from tests.campaigns.posts.series.factories import (
    MONDAY,
    SHANGHAI,
    a_series,
    post_on,
)
from tests.factories import sign_in


@pytest.fixture
def client(client: FlaskClient, author: User) -> FlaskClient:
    sign_in(client, author)
    return client


def typed(**changes: Any) -> dict[str, Any]:
    usual = {
        "name": "月底盘点", "text": "本月喝了多少茶？", "accounts": circle_account().public_id, "interval": "1",
        "every": "MONTHLY", "way": "day", "day": "31", "starts_on": "2026-03-31", "wall_time": "10:00",
        "zone": "Europe/Berlin", "ends": "count", "count": "5", "nth": "1", "weekday": "0", "month": "1", "campaign": "",
    }  # fmt: skip
    return {**usual, **changes}


def test_the_preview_shows_the_next_five_days_with_month_ends(client: FlaskClient) -> None:
    page = client.post(
        "/posts/series/preview", data=typed(), headers={"Accept-Language": "en", "HX-Request": "true"}
    ).text

    assert "Every month on day 31, 5 times, at 10:00 in Europe/Berlin" in page
    assert "In months without day 31 it goes out on their last day." in page
    assert [day in page for day in ("31 Mar", "30 Apr", "31 May", "30 Jun", "31 Jul")] == [True] * 5


def test_the_preview_says_what_the_change_of_the_clocks_does(client: FlaskClient) -> None:
    form = typed(every="DAILY", starts_on="2026-03-28", wall_time="02:30")
    page = client.post("/posts/series/preview", data=form, headers={"Accept-Language": "en", "HX-Request": "true"}).text

    assert "skip 02:30" in page
    assert "03:30" in page


def test_the_preview_names_a_first_day_whose_time_is_over_and_a_new_series_begins_after_it(client: FlaskClient) -> None:
    english = {"Accept-Language": "en"}
    form = typed(every="DAILY", starts_on="2026-03-01", zone=SHANGHAI)

    page = client.post("/posts/series/preview", data=form, headers={**english, "HX-Request": "true"}).text

    assert page.count("This time is over") == 1
    assert 'value="2026-03-02"' in client.get("/posts/series/new").text
    assert "This time is over" not in client.get("/posts/series/new", headers=english).text


def test_a_series_set_up_on_its_page_is_shown_and_listed(client: FlaskClient) -> None:
    answer = client.post("/posts/series/new", data=typed())

    assert answer.status_code == 303
    assert "月底盘点" in client.get(answer.location).text
    assert "月底盘点" in client.get("/posts/series").text
    assert client.get("/posts/series/new").status_code == 200


WRONG: list[dict[str, str]] = [
    {"every": "WEEKLY"},
    {"day": ""},
    {"every": "YEARLY", "month": "2", "day": "30"},
    {"count": ""},
    {"accounts": ""},
    {"zone": "Mars/Olympus"},
    {"starts_on": "2020-01-01"},
    {"interval": "0"},
]


def test_a_sentence_that_makes_no_sense_is_refused_with_what_was_typed(client: FlaskClient) -> None:
    for wrong in WRONG:
        answer = client.post("/posts/series/new", data=typed(**wrong))

        assert (wrong, answer.status_code) == (wrong, 422)
        assert "本月喝了多少茶？" in answer.text
    assert db.session.scalar(select(Series.id)) is None


@pytest.mark.parametrize("day", ["0001-01-01", "2020-01-01"])
def test_a_first_day_that_is_over_is_said_while_one_types(client: FlaskClient, day: str) -> None:
    answer = client.post("/posts/series/preview", data=typed(starts_on=day), headers={"Accept-Language": "en"})

    assert answer.status_code == 200
    assert "The first day is over." in answer.text


def test_a_series_whose_posts_could_not_be_planned_does_not_say_that_they_stand_in_the_calendar(
    client: FlaskClient,
) -> None:
    english = {"Accept-Language": "en"}
    answer = client.post("/posts/series/new", data=typed(text=""), headers=english)
    page = client.get(answer.location, headers=english).text

    assert "not every day could be planned" in page
    assert "stand in the calendar" not in page


def test_a_long_list_of_series_comes_in_pages_the_next_ones_first(
    client: FlaskClient, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    for name, days in (("第三", 2), ("第一", 0), ("第二", 1)):
        day = MONDAY + timedelta(days=days)
        a_series(author, name=name, rule=Rule(Every.WEEK, weekdays=(day.weekday(),)), starts_on=day)

    first, second = client.get("/posts/series").text, client.get("/posts/series?page=2").text

    assert [name in first for name in ("第一", "第二", "第三")] == [True, True, False]
    assert [name in second for name in ("第一", "第二", "第三")] == [False, False, True]
    assert "page=2" in first
    assert client.get("/posts/series?page=99").status_code == 200


def test_the_start_page_names_the_series_that_are_stuck_soonest(client: FlaskClient, author: User) -> None:
    for number in reversed(range(7)):
        day = MONDAY + timedelta(days=number)
        a_series(author, "", name=f"第〔{number}〕个", rule=Rule(Every.DAY, 90), starts_on=day)

    page = client.get("/staff").text

    assert [f"第〔{number}〕个" in page for number in range(7)] == [True] * 5 + [False] * 2


def test_a_post_whose_day_is_over_is_not_offered_for_all_that_follow(client: FlaskClient, author: User) -> None:
    post = post_on(a_series(author), MONDAY)
    scheduling.cancel(scheduling.delivery_of(post, circle_account()), by=author, at=clock.now())  # type: ignore[arg-type]
    assert f"/posts/series/follow/{post.public_id}" in client.get(post.url).text

    clock.set_to(clock.now() + timedelta(days=3))

    assert f"/posts/series/follow/{post.public_id}" not in client.get(post.url).text


def test_the_change_page_begins_with_the_next_day_and_changes_from_there(client: FlaskClient, author: User) -> None:
    series = a_series(author)
    second = MONDAY + timedelta(weeks=1)
    page = client.get(f"{series.url}/change?from={second}").text
    assert f'value="{second}"' in page

    form = typed(name="周二问好", every="WEEKLY", weekdays="1", starts_on=str(second), ends="never", zone=SHANGHAI)
    answer = client.post(f"{series.url}/change", data=form)

    assert answer.status_code == 303
    assert answer.location != series.url
    assert "周二问好" in client.get(answer.location).text


def test_a_day_that_could_not_be_planned_stands_on_the_start_page(client: FlaskClient, author: User) -> None:
    assert "/posts/series/" not in client.get("/staff").text
    series = a_series(author, text="")

    assert series.url in client.get("/staff").text
    assert client.get("/posts/series").text.count("pill-bad") == 1


def test_the_composer_says_what_belongs_to_a_series(client: FlaskClient, author: User) -> None:
    series = a_series(author)
    pattern, one = client.get(series.pattern.url).text, client.get(post_on(series, MONDAY).url).text

    assert series.url in pattern
    assert f"{series.pattern.public_id}/schedule" not in pattern
    assert f"/posts/series/follow/{post_on(series, MONDAY).public_id}" in one
    assert f"/posts/series/new?post={series.pattern.public_id}" not in pattern
    assert series.pattern.public_id not in client.get("/posts").text


def test_a_daily_series_is_shown_with_few_questions_to_the_database(client: FlaskClient, author: User) -> None:
    series = a_series(author, rule=Rule(Every.DAY))
    jobs.drain(clock.now())
    asked: list[str] = []
    db.session.expire_all()
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    assert client.get(series.url).status_code == 200
    assert len(asked) < 60
