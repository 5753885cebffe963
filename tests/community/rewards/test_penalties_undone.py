"""A penalty whose appeal is upheld is undone in full, however much later: points, growth, and the level that fell meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from commons.db import db
from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.levels import keeping
from community.loyalty.levels.standing import standing
from community.loyalty.models import Currency, Lot
from community.loyalty.ranking import noting
from community.notices.models import Notice
from community.notices.saying import say
from community.rewards.penalties import appealing
from community.rewards.penalties.models import Measure, Penalty
from tests.community.loyalty.factories import grow, ranks
from tests.community.rewards.test_penalties import penalise
from tests.factories import make_fan, make_staff

DAY = timedelta(days=1)


def uphold(penalty: Penalty, at: datetime) -> None:
    appealing.appeal(penalty, "我没有骂人，那是引用。", at=penalty.given_at + DAY)
    judge = make_staff(Role.ADMINISTRATOR)
    appealing.decide(penalty, upheld=True, answer="看过上下文，是引用。", by=judge, at=at)


def test_a_level_that_fell_meanwhile_comes_back_though_only_nine_tenths_are_there(app: Flask, at: datetime) -> None:
    fan = make_fan()
    grow(fan, 50, "a")
    ledger.adjust(fan, Currency.GROWTH, -3, key="b", by=make_staff(), at=at, note="Twice the same order")
    penalty = penalise(fan, at, growth=20)
    for days in (0, 14):
        keeping.look(at + days * DAY)
    assert ranks(fan) == [2, 1]

    uphold(penalty, at + 20 * DAY)

    assert (balance(fan, Currency.GROWTH), standing(fan).level.rank) == (47, 2)
    told = list(db.session.scalars(select(Notice.kind).order_by(Notice.id)))
    assert told[-2:] == ["level.reached", "penalty.lifted"]


def test_points_whose_time_was_over_meanwhile_last_as_much_longer_as_they_were_gone(app: Flask, at: datetime) -> None:
    fan = make_fan()
    ledger.earn(fan, Currency.POINTS, 30, key="p", at=at, expires_at=at + 3 * DAY)
    penalty = penalise(fan, at, points=25)
    ledger.expire_due(at + 4 * DAY)
    assert balance(fan, Currency.POINTS) == 0

    uphold(penalty, at + 20 * DAY)
    ledger.expire_due(at + 22 * DAY)

    assert balance(fan, Currency.POINTS) == 25
    assert db.session.scalars(select(Lot.expires_at)).one() == at + 23 * DAY
    assert reconcile() == []


def test_the_leaderboard_of_the_week_from_which_growth_was_taken_has_it_again(app: Flask, at: datetime) -> None:
    fan, kept = make_fan(), make_fan("阿木")
    grow(fan, 50, "a")
    before = noting.scores_of(fan.id)
    penalty = penalise(fan, at, growth=20)
    assert noting.scores_of(fan.id) != before

    uphold(penalty, at + 20 * DAY)

    assert noting.scores_of(fan.id) == before
    ledger.transfer_all(fan.id, kept.id, key="merge", at=at + 21 * DAY)
    assert (noting.scores_of(fan.id), noting.scores_of(kept.id)) == ({}, before)


@pytest.mark.parametrize(
    ("language", "zone", "day"), [("en", "Pacific/Auckland", "9 March 2026"), ("zh_Hans", "UTC", "2026年3月8日")]
)
@pytest.mark.parametrize("measure", [Measure.MUTE, Measure.NO_SHOP])
def test_the_notice_says_until_when_as_it_is_where_the_fan_lives(
    app: Flask, at: datetime, measure: Measure, language: str, zone: str, day: str
) -> None:
    fan = make_fan(zone=zone)
    penalise(fan, at, measure=measure)

    notice = db.session.scalars(select(Notice).where(Notice.member_id == fan.id)).one()

    with force_locale(language):
        assert day in say(notice)
