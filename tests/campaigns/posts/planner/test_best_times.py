"""When people answered best, and how sure one can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from campaigns.posts.planner.best_times import LEAST_POSTS, Advice, Sample, advise, best_times, samples
from commons.db import db
from community.channels.models import ChannelAccount
from tests.community.inbox.factories import come_in, make_account, make_post

EVENING = datetime(2026, 2, 4, 12, 30, tzinfo=UTC)


def of(weekday: int, hour: int, *counts: int) -> list[Sample]:
    return [Sample(weekday, hour, count) for count in counts]


USUAL = of(0, 9, *[4] * 18)


def test_too_few_posts_say_nothing() -> None:
    found = advise(of(2, 20, *[90] * (LEAST_POSTS - 1)))
    assert (found.is_enough, found.posts, list(found.hours)) == (False, LEAST_POSTS - 1, [])


def test_no_posts_at_all_say_nothing() -> None:
    assert advise([]) == Advice(0, 0.0, ())


def test_the_best_hour_comes_first_with_its_evidence() -> None:
    found = advise([*USUAL, *of(2, 20, 10, 12, 13, 14, 16), *of(3, 8, 1, 2, 3)])
    best = found.hours[0]
    assert (best.weekday, best.hour, best.posts, best.middle) == (2, 20, 5, 13.0)
    assert (best.low, best.high) == (12.0, 14.0)
    assert best.stands_out
    assert (3, 8) not in {(hour.weekday, hour.hour) for hour in found.hours}


def test_two_posts_are_no_evidence_for_an_hour() -> None:
    assert [(hour.weekday, hour.hour) for hour in advise([*USUAL, *of(2, 20, 900, 900)]).hours] == [(0, 9)]


def test_three_posts_may_be_best_but_do_not_stand_out() -> None:
    best = advise([*USUAL, *of(2, 20, 10, 12, 14)]).hours[0]
    assert ((best.weekday, best.hour), best.stands_out) == ((2, 20), False)


def test_a_wide_spread_does_not_stand_out() -> None:
    found = advise([*USUAL, *of(5, 12, 0, 0, 5, 60)])
    assert found.hours[0].weekday == 0 or not found.hours[0].stands_out


@pytest.fixture
def account(app: Flask) -> ChannelAccount:
    """An account with one post, at half past eight in the evening in Shanghai."""
    made = make_account()
    post = make_post(made)
    post.published_at = EVENING
    db.session.flush()
    return made


def test_only_the_first_day_counts_and_the_hour_is_that_of_the_zone(account: ChannelAccount, at: datetime) -> None:
    for number, hours in enumerate((0.0, 1.0, 23.9, 24.0, 30.0)):
        come_in(account, f"c{number}", occurred_at=EVENING + timedelta(hours=hours))
    assert samples(account, "Asia/Shanghai", at) == [Sample(2, 20, 3)]
    assert samples(account, "UTC", at) == [Sample(2, 12, 3)]


def test_a_post_that_nobody_answered_counts_too(account: ChannelAccount, at: datetime) -> None:
    assert samples(account, "UTC", at) == [Sample(2, 12, 0)]


def test_what_is_not_a_day_old_or_older_than_half_a_year_does_not_count(account: ChannelAccount) -> None:
    for at in (EVENING + timedelta(hours=23), EVENING + timedelta(days=181)):
        assert best_times(account, "UTC", at).posts == 0
