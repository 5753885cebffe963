"""A series and its posts: made ahead, edited one by one or from a day on, left out, ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.posts import writing
from campaigns.posts.drafts import content_of
from campaigns.posts.series import changing, making
from campaigns.posts.series.models import DayState, Series
from campaigns.posts.series.recurring import Every, Rule
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons import clock, jobs
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from community.channels.accounts import circle_account
from tests.at_once import at_once
from tests.campaigns.posts.planner.factories import an_account
from tests.campaigns.posts.series.factories import (
    MONDAY,
    SHANGHAI,
    a_series,
    delivery_on,
    post_on,
    rows,
    say,
    wanted,
)
from tests.factories import make_staff


def test_the_posts_of_the_next_sixty_days_are_planned_at_the_time_of_the_series(author: User, at: datetime) -> None:
    series = a_series(author)

    assert [row.day for row in rows(series)] == [MONDAY + timedelta(weeks=week) for week in range(9)]
    first = delivery_on(series, MONDAY)
    assert (first.state, first.due_at) == (DeliveryState.SCHEDULED, datetime(2026, 3, 2, 2, tzinfo=UTC))
    assert first.post.text == "早上好，今天喝什么茶？"


def test_making_ahead_again_makes_nothing_and_a_week_later_one_more(author: User, at: datetime) -> None:
    series = a_series(author)
    assert making.make_ahead(series, at) == 0

    assert making.make_ahead(series, at + timedelta(weeks=1)) == 1


def test_days_that_were_slept_through_are_marked_and_never_made_up_for(author: User, at: datetime) -> None:
    series = a_series(author, rule=Rule(Every.DAY))
    jobs.drain(at)
    later = at + timedelta(days=100)
    clock.set_to(later)

    made = making.make_ahead(series, later)

    states = [row.state for row in rows(series)]
    assert (states.count(DayState.PASSED), made) == (40, 60)
    assert all(row.post is not None for row in rows(series) if row.day > later.date())


def test_the_timetable_carries_series_on(author: User, at: datetime) -> None:
    series = a_series(author)
    jobs.drain(at + timedelta(weeks=2))

    assert rows(series)[-1].day == MONDAY + timedelta(weeks=10)


@pytest.mark.parametrize(
    ("zone", "day", "wall_time", "moment"),
    [
        ("Europe/Berlin", date(2026, 3, 29), "02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 25), "02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("America/New_York", date(2026, 3, 8), "02:30", datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 10, 4), "02:10", datetime(2026, 10, 3, 15, 40, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 4, 5), "01:45", datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
    ],
)
def test_where_the_clocks_change_a_gap_moves_forward_and_an_overlap_takes_the_first(
    author: User, zone: str, day: date, wall_time: str, moment: datetime
) -> None:
    clock.set_to(datetime.combine(day, datetime.min.time(), UTC) - timedelta(days=3))
    series = a_series(author, rule=Rule(Every.DAY), starts_on=day, wall_time=wall_time, zone=zone)

    assert delivery_on(series, day).due_at == moment
    after = delivery_on(series, day + timedelta(days=1))
    assert after.wall_clock == f"{day + timedelta(days=1)}T{wall_time}:00"


def test_what_was_edited_in_one_post_stays_when_the_series_says_something_else(author: User, at: datetime) -> None:
    series = a_series(author)
    second, third = (MONDAY + timedelta(weeks=week) for week in (1, 2))
    say(post_on(series, second), "这周放假。", author)
    scheduling.move(delivery_on(series, third), datetime(2026, 3, 16, 18), SHANGHAI, by=author, at=at)
    say(series.pattern, "新的问好。", author)

    assert changing.change(series, wanted(wall_time="09:00"), by=author, at=at) is series

    assert post_on(series, second).text == "这周放假。"
    assert delivery_on(series, second).wall_clock == "2026-03-09T09:00:00"
    assert post_on(series, third).text == "新的问好。"
    assert delivery_on(series, third).wall_clock == "2026-03-16T18:00:00"
    assert delivery_on(series, MONDAY).due_at == datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_a_channel_that_was_called_off_in_one_post_stays_off_when_the_series_changes(
    author: User, at: datetime
) -> None:
    other = an_account()
    series = a_series(author, accounts=[circle_account(), other])
    first = post_on(series, MONDAY)
    called_off = scheduling.delivery_of(first, other)
    assert called_off is not None
    scheduling.cancel(called_off, by=author, at=at)
    say(series.pattern, "新的问好。", author)

    changing.change(series, wanted(wall_time="09:00"), by=author, at=at)

    assert called_off.state is DeliveryState.CANCELLED
    assert (first.text, delivery_on(series, MONDAY).wall_clock) == ("新的问好。", "2026-03-02T09:00:00")
    second = scheduling.delivery_of(post_on(series, MONDAY + timedelta(weeks=1)), other)
    assert second is not None
    assert (second.state, second.wall_clock) == (DeliveryState.SCHEDULED, "2026-03-09T09:00:00")


def test_words_typed_into_the_pattern_reach_no_post_until_they_are_to_hold(author: User, at: datetime) -> None:
    series = a_series(author)
    say(series.pattern, "写了一半", author)
    making.make_ahead(series, at + timedelta(weeks=1))

    assert {row.post.text for row in rows(series) if row.post} == {"早上好，今天喝什么茶？"}
    assert changing.has_news(series)


def test_this_and_all_following_splits_the_series(author: User, at: datetime) -> None:
    series = a_series(author)
    third = MONDAY + timedelta(weeks=2)
    say(post_on(series, third), "从今天起说这个。", author)

    after = changing.follow(next(row for row in rows(series) if row.day == third), by=author, at=at)

    assert after.id != series.id
    assert [row.day for row in rows(series)] == [MONDAY, MONDAY + timedelta(weeks=1)]
    assert {row.post.text for row in rows(series) if row.post} == {"早上好，今天喝什么茶？"}
    assert {row.post.text for row in rows(after) if row.post} == {"从今天起说这个。"}
    assert content_of(series.pattern)["text"] == "早上好，今天喝什么茶？"
    assert making.make_ahead(series, at + timedelta(weeks=3)) == 0


def test_another_rule_lets_days_go_that_it_has_not_but_keeps_what_was_edited(author: User, at: datetime) -> None:
    series = a_series(author)
    edited = MONDAY + timedelta(weeks=1)
    say(post_on(series, edited), "特别的一条。", author)
    gone = delivery_on(series, MONDAY)

    changing.change(series, wanted(rule=Rule(Every.WEEK, weekdays=(1,)), starts_on=MONDAY), by=author, at=at)

    assert gone.state is DeliveryState.CANCELLED
    assert delivery_on(series, edited).state is DeliveryState.SCHEDULED
    assert [row.day.weekday() for row in rows(series)].count(0) == 1


def test_a_day_left_out_is_cancelled_and_can_be_taken_in_again(author: User, at: datetime) -> None:
    series = a_series(author)
    changing.skip(series, MONDAY, by=author, at=at)
    making.make_ahead(series, at)
    assert delivery_on(series, MONDAY).state is DeliveryState.CANCELLED

    changing.take_in(series, MONDAY, by=author, at=at)
    assert delivery_on(series, MONDAY).state is DeliveryState.SCHEDULED


def test_ending_cancels_what_is_planned_and_makes_nothing_more(author: User, at: datetime) -> None:
    series = a_series(author)
    jobs.drain(datetime(2026, 3, 2, 2, tzinfo=UTC))

    assert changing.end(series, by=author, at=at + timedelta(days=1)) == 8
    assert making.make_ahead(series, at + timedelta(days=60)) == 0
    assert delivery_on(series, MONDAY).state is DeliveryState.PUBLISHED
    with pytest.raises(Conflict):
        changing.change(series, wanted(), by=author, at=at)


def test_what_cannot_be_planned_says_why_and_is_tried_again(author: User, at: datetime) -> None:
    series = a_series(author, text="")
    assert {row.state for row in rows(series)} == {DayState.BLOCKED}
    assert rows(series)[0].reason

    say(series.pattern, "有话说了。", author)
    changing.change(series, wanted(), by=author, at=at)

    assert {row.state for row in rows(series)} == {DayState.MADE}


def test_a_first_day_in_the_past_or_no_day_at_all_is_refused(author: User, at: datetime) -> None:
    with pytest.raises(Invalid):
        a_series(author, starts_on=date(2026, 2, 1))
    with pytest.raises(Invalid):
        a_series(author, rule=Rule(Every.WEEK, weekdays=(0,), until=date(2026, 3, 3)), starts_on=date(2026, 3, 3))


def test_two_who_make_ahead_at_once_make_each_post_once(committed_app: Flask, at: datetime) -> None:
    author = make_staff()
    series = a_series(author)
    number = series.id
    db.session.commit()

    def make() -> None:
        making.make_ahead(db.session.get_one(Series, number), at + timedelta(weeks=4))

    assert at_once(committed_app, *[make] * 3) == []

    made = [row.post_id for row in rows(series) if row.state is DayState.MADE]
    assert len(made) == len(set(made)) == 13
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 13


def test_a_pattern_never_goes_out(author: User, at: datetime) -> None:
    pattern = a_series(author).pattern
    with pytest.raises(Conflict):
        writing.discard(pattern, by=author, at=at)
    with pytest.raises(Conflict):
        scheduling.schedule(pattern, circle_account(), datetime(2026, 3, 3, 9), SHANGHAI, by=author, at=at)
