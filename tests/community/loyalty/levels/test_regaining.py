"""Levels that were lost by something that turned out to be wrong come back with what had been taken."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty.levels import climbing, keeping, locking, regaining
from community.loyalty.levels.ladders import levels
from community.loyalty.levels.standing import history
from community.loyalty.models import Cause, Currency
from community.members.models import Member
from community.notices.models import Notice
from tests.community.loyalty.factories import by_growth_alone, change, grow, ranks
from tests.factories import NOON, make_fan, make_staff

DAY = timedelta(days=1)


def take(fan: Member, amount: int, key: str = "taken") -> None:
    ledger.adjust(fan, Currency.GROWTH, -amount, key=key, by=make_staff(), at=NOON, note="Taken")


def look_for(days: int) -> None:
    """The daily looks of so many days."""
    for day in range(days + 1):
        keeping.look(NOON + day * DAY)


def test_nine_tenths_are_enough_to_have_it_back(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 50, "a")
    take(fan, 20)
    look_for(14)
    assert ranks(fan) == [2, 1]
    grow(fan, 16, "b", NOON + 15 * DAY)

    regaining.regain(fan.id, NOON, NOON + 16 * DAY)
    regaining.regain(fan.id, NOON, NOON + 16 * DAY)

    assert ranks(fan) == [2, 1, 2]
    assert history(fan)[0].cause is Cause.APPEAL


def test_all_levels_come_back_that_would_have_been_held_and_no_other(app: Flask) -> None:
    by_growth_alone()
    fan, other = make_fan(), make_fan("阿木")
    for one in (fan, other):
        grow(one, 600, f"a{one.id}")
        take(one, 560, f"b{one.id}")
    look_for(42)
    assert ranks(fan) == ranks(other) == [4, 3, 2, 1]
    grow(fan, 500, "c", NOON + 43 * DAY)
    grow(other, 130, "d", NOON + 43 * DAY)

    for one in (fan, other):
        regaining.regain(one.id, NOON, NOON + 43 * DAY)

    assert (ranks(fan)[-1], ranks(other)[-1]) == (4, 2)


def test_what_was_asked_when_it_was_given_is_enough(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 50, "a")
    change(rank2=150)
    take(fan, 20)
    look_for(14)
    grow(fan, 20, "b", NOON + 15 * DAY)

    regaining.regain(fan.id, NOON, NOON + 15 * DAY)

    assert ranks(fan) == [2, 1, 2]


def test_a_notice_with_nothing_behind_it_any_more_ends_at_once(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 50, "a")
    take(fan, 20)
    look_for(1)
    grow(fan, 16, "b", NOON + 2 * DAY)

    regaining.regain(fan.id, NOON, NOON + 2 * DAY)

    assert climbing.open_grace(fan.id) is None
    assert db.session.scalars(select(Notice.kind).order_by(Notice.id.desc())).first() == "level.kept"


def test_what_was_lost_before_stays_lost_and_a_level_set_by_hand_stays_set(app: Flask) -> None:
    before, locked, boss = make_fan(), make_fan("阿木"), make_staff(Role.CAMPAIGN_LEAD)
    for one in (before, locked):
        grow(one, 50, f"a{one.id}")
        take(one, 20, f"b{one.id}")
    look_for(14)
    locking.lock(locked, levels()[0], reason="Under review", until=None, by=boss, at=NOON + 15 * DAY)
    for one in (before, locked):
        grow(one, 16, f"c{one.id}", NOON + 16 * DAY)

    regaining.regain(before.id, NOON + 15 * DAY, NOON + 17 * DAY)
    regaining.regain(locked.id, NOON, NOON + 17 * DAY)

    assert ranks(before)[-1] == ranks(locked)[-1] == 1
