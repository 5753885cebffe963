"""On which days something comes again."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.posts.series import recurring
from campaigns.posts.series.recurring import Every, Rule, between, days, following, parsed

STARTS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    every = draw(st.sampled_from(Every))
    interval = draw(st.integers(1, 6))
    ends = draw(
        st.one_of(
            st.fixed_dictionaries({"until": STARTS}), st.fixed_dictionaries({"count": st.integers(1, 40)}), st.just({})
        )
    )
    weekdays = tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1))))
    day = draw(st.integers(1, 31))
    if every is Every.DAY:
        return Rule(every, interval, **ends)
    if every is Every.WEEK:
        return Rule(every, interval, weekdays, **ends)
    if every is Every.YEAR:
        month = draw(st.integers(1, 12))
        longest = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)
        return Rule(every, interval, day=min(day, longest), month=month, **ends)
    if draw(st.booleans()):
        return Rule(every, interval, weekdays[:1], nth=draw(st.sampled_from([1, 2, 3, 4, -1])), **ends)
    return Rule(every, interval, day=day, **ends)


@settings(max_examples=150, deadline=None)
@given(rules(), STARTS)
def test_the_days_are_those_of_the_rule_as_the_standard_reads_it(rule: Rule, start: date) -> None:
    """dateutil reads the text of the rule, month ends included: they are spelled out in it."""
    theirs = rrulestr(str(rule), dtstart=datetime(start.year, start.month, start.day))

    assert list(islice(days(rule, start), 15)) == [moment.date() for moment in islice(theirs, 15)]


@given(rules())
def test_a_rule_comes_back_from_its_text(rule: Rule) -> None:
    assert parsed(str(rule)) == rule


@pytest.mark.parametrize("text", ["FREQ=HOURLY;INTERVAL=1", "FREQ=DAILY", "nothing", "FREQ=DAILY;INTERVAL=1;WKST=SU"])
def test_other_rules_are_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        parsed(text)


def test_day_31_is_the_last_day_of_shorter_months_and_day_31_again_afterwards() -> None:
    found = following(Rule(Every.MONTH, day=31), date(2027, 1, 31), date(2027, 1, 31), 5)

    assert found == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]


def test_day_30_gives_way_only_in_february() -> None:
    found = between(Rule(Every.MONTH, day=30), date(2028, 1, 1), date(2028, 1, 1), date(2028, 4, 30))

    assert found == [date(2028, 1, 30), date(2028, 2, 29), date(2028, 3, 30), date(2028, 4, 30)]


def test_29_february_is_the_28th_in_common_years() -> None:
    found = following(Rule(Every.YEAR, day=29, month=2), date(2028, 2, 29), date(2028, 1, 1), 5)

    assert [day.isoformat()[5:] for day in found] == ["02-29", "02-28", "02-28", "02-28", "02-29"]


def test_the_last_friday_of_a_month() -> None:
    found = following(Rule(Every.MONTH, weekdays=(4,), nth=-1), date(2026, 12, 1), date(2026, 12, 1), 3)

    assert found == [date(2026, 12, 25), date(2027, 1, 29), date(2027, 2, 26)]


def test_a_rule_cut_in_two_has_the_same_days() -> None:
    rule, start, cut = Rule(Every.WEEK, weekdays=(0, 3), count=10), date(2026, 12, 1), date(2026, 12, 17)
    first, second = recurring.before(rule, start, cut), recurring.rest(rule, start, cut)

    assert [*days(first, start), *days(second, cut)] == list(days(rule, start))


def test_a_rule_that_was_cut_ends_by_a_day_alone() -> None:
    rule, start = Rule(Every.WEEK, weekdays=(0, 3), count=3), date(2026, 12, 1)

    early, late = recurring.before(rule, start, date(2026, 12, 7)), recurring.before(rule, start, date(2027, 2, 1))

    assert (str(early), str(late)) == (
        "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TH;UNTIL=20261203",
        "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TH;UNTIL=20261210",
    )
