"""The mood of a circle by week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.errors import Invalid, NotAllowed
from commons.events import Event
from community.circle.interests import mood
from community.circle.interests.mood import FEWEST_ANSWERS, Week
from tests.community.circle.interests.factories import make_circle, make_joined
from tests.factories import NOON, make_fan


def test_a_week_shows_its_mean_once_enough_have_answered(app: Flask) -> None:
    circle = make_circle()
    fans = [make_joined(circle, name) for name in ("小满", "老周", "阿青")]
    for fan, value in zip(fans[: FEWEST_ANSWERS - 1], (4, 5), strict=True):
        mood.tell_mood(circle, fan, value, NOON)
    assert [week.mean for week in mood.weeks(circle, NOON)] == [None]
    mood.tell_mood(circle, fans[-1], 3, NOON)
    assert [(week.answers, week.mean) for week in mood.weeks(circle, NOON)] == [(3, 4.0)]


def test_the_last_answer_of_a_week_counts_and_is_one_fact(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    for value in (1, 5):
        mood.tell_mood(circle, fan, value, NOON)
    assert mood.mood_of(circle, fan, NOON) == 5
    assert mood.weeks(circle, NOON)[0].answers == 1
    assert db.session.scalar(select(func.count()).where(Event.kind == "circle.mood_told")) == 1


def test_weeks_begin_on_monday_and_those_without_answers_are_there_too(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    mood.tell_mood(circle, fan, 2, NOON)
    later = NOON + timedelta(days=15)
    assert mood.mood_of(circle, fan, later) is None
    assert [(week.first, week.answers) for week in mood.weeks(circle, later)] == [
        (date(2026, 2, 23), 1),
        (date(2026, 3, 2), 0),
        (date(2026, 3, 9), 0),
        (date(2026, 3, 16), 0),
    ]


def test_only_members_are_asked_and_only_five_answers_exist(app: Flask) -> None:
    circle = make_circle()
    with pytest.raises(NotAllowed):
        mood.tell_mood(circle, make_fan("生人"), 3, NOON)
    fan = make_joined(circle)
    for value in (0, 6):
        with pytest.raises(Invalid):
            mood.tell_mood(circle, fan, value, NOON)


def test_a_circle_without_answers_has_an_empty_curve(app: Flask) -> None:
    with app.test_request_context():
        assert mood.curve(make_circle(), NOON)["x"] == []


def test_the_curve_runs_from_cold_to_warm_and_says_how_many_answered(app: Flask) -> None:
    circle = make_circle()
    for name, value in (("小满", 4), ("老周", 5), ("阿青", 3)):
        mood.tell_mood(circle, make_joined(circle, name), value, NOON)
    with app.test_request_context():
        drawn = mood.curve(circle, NOON + timedelta(days=7))
    assert drawn["range"] == [1, 5]
    assert [(one["values"], one["kind"]) for one in cast("list[dict[str, object]]", drawn["series"])] == [
        ([4.0, None], "line"),
        ([3, 0], "told"),
    ]


def test_in_words_it_is_the_last_two_weeks_of_which_enough_is_known() -> None:
    def week(number: int, mean: float | None) -> Week:
        return Week(date(2026, 3, 2) + timedelta(weeks=number), 3 if mean else 1, mean)

    told = [week(0, 3.0), week(1, None), week(2, 4.5), week(3, None)]
    assert mood.lately(told) == (told[2], told[0])
    assert mood.lately(told[:2]) == (told[0], None)
    assert mood.lately(told[1:2]) == (None, None)
