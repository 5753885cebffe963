"""Who stays: counted by when people joined, where the brand is, and split by how they came."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from commons import clock, events, jobs
from commons.db import db
from community.members.models import Member
from community.seed_users import retention
from community.seed_users.cohorts import PERIODS, Cohort, mean, periods
from community.seed_users.models import RetentionCount, Unit
from tests.community.seed_users.factories import an_old_hand, come, make_code, make_seed
from tests.factories import make_fan

SHANGHAI = "Asia/Shanghai"


def act(member: Member, moment: datetime, kind: str = "circle.checked_in") -> None:
    events.track(kind, key=f"{kind}:{member.id}:{moment.isoformat()}", at=moment, member_id=member.id)


def row(unit: Unit, first: date) -> Cohort:
    return next(cohort for cohort in retention.counted(unit)[1] if cohort.first == first)


@given(st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)), st.sampled_from(Unit))
def test_periods_follow_each_other_and_the_last_holds_the_moment(moment: datetime, unit: Unit) -> None:
    spans = periods(unit, moment, SHANGHAI)

    assert len(spans) == PERIODS
    assert all(one.end == other.start for one, other in pairwise(spans))
    assert spans[-1].start <= moment < spans[-1].end


def test_who_came_back_is_counted_in_each_period_once(app: Flask, at: datetime) -> None:
    joined = datetime(2026, 1, 5, 4, tzinfo=UTC)
    stays, goes = make_fan("留", joined), make_fan("走", joined)
    act(stays, joined)
    act(goes, joined)
    act(stays, joined + timedelta(days=30))
    act(stays, joined + timedelta(days=31))
    act(stays, joined + timedelta(days=31), "interaction.comment")

    retention.count(Unit.MONTH, at, SHANGHAI)

    found = row(Unit.MONTH, date(2026, 1, 1))
    assert found.people["all"] == 2
    assert list(found.active["all"]) == [2, 1, 0]


def test_what_happens_to_somebody_is_no_activity(app: Flask, at: datetime) -> None:
    fan = make_fan("静", at - timedelta(days=1))
    for kind in ("link.visited", "loyalty.adjusted", "interaction.answered", "invitation.brought"):
        act(fan, at, kind)

    retention.count(Unit.MONTH, at, SHANGHAI)

    assert sum(sum(cohort.active["all"]) for cohort in retention.counted(Unit.MONTH)[1]) == 0


def test_a_month_begins_where_the_brand_is(app: Flask, at: datetime) -> None:
    make_fan("夜", datetime(2026, 1, 31, 17, tzinfo=UTC))  # the first of February in Shanghai

    retention.count(Unit.MONTH, at, SHANGHAI)

    assert [cohort.first for cohort in retention.counted(Unit.MONTH)[1]] == [date(2026, 2, 1)]


def test_those_who_came_by_a_code_are_told_apart(app: Flask, at: datetime) -> None:
    inviter = an_old_hand("老")
    code = make_code(make_seed(inviter), most=2)
    invited = come(code, "客", at).member
    alone = make_fan("自", at)
    act(invited, at)

    retention.count(Unit.WEEK, at, SHANGHAI)

    found = row(Unit.WEEK, date(2026, 2, 23))
    assert dict(found.people) == {"all": 2, "invited": 1, "others": 1}
    assert (found.active["invited"][0], found.active["others"][0]) == (1, 0)
    assert alone.id


def test_counting_again_takes_the_place_of_the_former_count(app: Flask, at: datetime) -> None:
    retention.count(Unit.MONTH, at, SHANGHAI)
    make_fan("新", at)

    retention.count(Unit.MONTH, at + timedelta(hours=1), SHANGHAI)

    count, cohorts = retention.counted(Unit.MONTH)
    assert count is not None
    assert count.counted_at == at + timedelta(hours=1)
    assert [cohort.people["all"] for cohort in cohorts] == [1]
    assert db.session.scalar(select(func.count()).select_from(RetentionCount)) == 1


def test_the_job_counts_both_tables(app: Flask, at: datetime) -> None:
    jobs.send("seed_users.count_retention")
    db.session.commit()

    jobs.drain(clock.now())

    assert all(retention.counted(unit)[0] is not None for unit in Unit)


def test_nothing_is_said_before_the_first_count(app: Flask, at: datetime) -> None:
    assert retention.counted(Unit.MONTH) == (None, [])


@pytest.mark.parametrize(("number", "expected"), [(0, 0.5), (1, 1 / 4), (2, None)])
def test_the_mean_is_of_people_and_only_of_cohorts_that_are_old_enough(number: int, expected: float | None) -> None:
    cohorts = [
        Cohort(date(2026, 1, 1), {"all": 8}, {"all": [2, 2]}),
        Cohort(date(2026, 2, 1), {"all": 4}, {"all": [4]}),
    ]

    assert mean(cohorts, "all", number) == expected


def test_of_a_handful_of_people_there_is_no_share() -> None:
    few, enough = (Cohort(date(2026, 1, 1), {"all": people}, {"all": [2]}) for people in (4, 5))

    assert (few.share("all", 0), enough.share("all", 0)) == (None, 0.4)
    assert (mean([few], "all", 0), mean([enough], "all", 0)) == (None, 0.4)
