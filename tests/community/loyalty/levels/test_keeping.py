"""Keeping a level and losing it: the period, nine tenths, 14 days with a notice, one level at a time, locks, old grants."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.errors import Invalid
from commons.events import Event
from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty.levels import climbing, keeping, locking, locks
from community.loyalty.levels.models import LevelGrace
from community.loyalty.levels.outlook import outlook
from community.loyalty.levels.standing import history, standing
from community.loyalty.models import Cause, Level
from community.members.models import Member
from community.notices.models import Notice
from tests.community.loyalty.factories import by_growth_alone, change, grow, happen, ranks
from tests.factories import NOON, make_fan, make_staff

DAY = timedelta(days=1)
YEAR = 365 * DAY


def told(member: Member) -> list[str]:
    """The kinds of what the member was told, in order."""
    return list(db.session.scalars(select(Notice.kind).where(Notice.member_id == member.id).order_by(Notice.id)))


def level(rank: int) -> Level:
    return next(level for level in climbing.levels() if level.rank == rank)


def test_growth_stops_counting_after_the_period(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 60, "a", NOON - YEAR)

    grow(fan, 40, "b")

    assert ranks(fan) == [2]
    stands = standing(fan, NOON)
    assert (stands.growth, stands.counted.growth, stands.missing) == (100, 40, 160)
    assert standing(fan, NOON - DAY).counted.growth == 60


def test_old_growth_carries_nobody_up(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 40, "a", NOON - YEAR)

    grow(fan, 40, "b")

    assert ranks(fan) == []


def test_a_fact_that_comes_in_late_lifts_with_what_happened_since(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 40, "a")

    entry = grow(fan, 40, "late", NOON - 30 * DAY, recorded_at=NOON)

    [change] = history(fan)
    assert (change.level.rank, change.changed_at, change.entry) == (2, NOON, entry)


def test_facts_of_one_day_may_come_in_in_any_order(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 30, "a")

    grow(fan, 30, "b", NOON - timedelta(hours=2))

    assert ranks(fan) == [2]


def test_breadth_is_how_many_kinds_of_facts_brought_growth(app: Flask) -> None:
    change(wide2=2)
    fan = make_fan()
    for number in range(10):
        happen("interaction.comment", fan, NOON - number * DAY)
    assert (ranks(fan), standing(fan, NOON).missing_kinds) == ([], 1)

    happen("circle.checked_in", fan, NOON)

    assert ranks(fan) == [2]
    assert outlook(fan, NOON).counted.breadth == 2


def test_nine_tenths_keep_a_level(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 45, "a")
    grow(fan, 5, "b", NOON - 100 * DAY)
    keeping.look(NOON)

    keeping.look(NOON + 300 * DAY)

    assert (ranks(fan), climbing.open_grace(fan.id)) == ([2], None)


def test_who_holds_a_level_no_more_is_told_when_and_what_prevents_it(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 30, "a")
    grow(fan, 20, "b", NOON - 100 * DAY)
    keeping.look(NOON)
    later = NOON + 300 * DAY

    keeping.look(later)

    assert ranks(fan) == [2]
    assert told(fan) == ["level.reached", "level.in_danger"]
    notice = db.session.scalars(select(Notice).where(Notice.kind == "level.in_danger")).one()
    assert notice.details["missing"]["en"] == "15 growth points"
    assert notice.details["day"] == {"moment": (later + 14 * DAY).isoformat()}
    seen = outlook(fan, later)
    assert seen.grace is not None
    assert (seen.grace.ends_at, seen.to_keep.growth, seen.is_held) == (later + 14 * DAY, 15, False)


def test_looking_again_tells_nobody_twice(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 60, "a")
    for days in (366, 367, 368):
        keeping.look(NOON + days * DAY)

    assert told(fan).count("level.in_danger") == 1


def test_nobody_falls_before_the_14_days_are_over(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 60, "a")
    keeping.look(NOON + 366 * DAY)

    keeping.look_at_warned(NOON + 379 * DAY)
    assert ranks(fan) == [2]
    keeping.look_at_warned(NOON + 380 * DAY)

    assert ranks(fan) == [2, 1]
    assert history(fan)[0].cause is Cause.PERIOD
    assert told(fan)[-1] == "level.lowered"


def test_what_comes_in_meanwhile_keeps_the_level(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 60, "a")
    keeping.look(NOON + 366 * DAY)
    grow(fan, 45, "b", NOON + 370 * DAY)

    keeping.look_at_warned(NOON + 371 * DAY)
    keeping.look(NOON + 400 * DAY)

    assert (ranks(fan), told(fan)[-1]) == ([2], "level.kept")


def test_one_falls_by_one_level_at_a_time_each_with_14_days(app: Flask) -> None:
    by_growth_alone()
    fan = make_fan()
    grow(fan, 700, "a")
    for days in range(366, 420):
        keeping.look(NOON + days * DAY)

    assert ranks(fan) == [4, 3, 2, 1]
    moments = [change.changed_at for change in reversed(history(fan))]
    assert moments[1:] == [NOON + days * DAY for days in (380, 394, 408)]


def test_a_reversal_is_followed_by_a_notice_and_14_days(app: Flask) -> None:
    fan = make_fan()
    ledger.reverse(grow(fan, 60, "a"), at=NOON)

    keeping.look(NOON)
    keeping.look(NOON + 14 * DAY)

    assert ranks(fan) == [2, 1]


def test_what_was_given_is_kept_by_what_was_asked_then(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 60, "a")
    change(period_days=30, rank2=150, wide2=1, at=NOON)

    for days in (1, 40, 300):
        keeping.look(NOON + days * DAY)
    assert (ranks(fan), climbing.open_grace(fan.id)) == ([2], None)
    assert outlook(fan, NOON + 300 * DAY).kept_until == NOON + YEAR

    keeping.look(NOON + 366 * DAY)
    assert climbing.open_grace(fan.id) is not None


def test_who_falls_back_is_held_to_what_was_asked_when_that_level_was_given(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 60, "a")
    change(rank2=500, rank3=900, rank4=1200, at=NOON)
    grow(fan, 900, "b", NOON - 300 * DAY)
    keeping.look(NOON)
    assert ranks(fan) == [2, 3]

    for days in (66, 80, 100):
        keeping.look(NOON + days * DAY)

    assert (ranks(fan), climbing.open_grace(fan.id)) == ([2, 3, 2], None)


def test_who_rises_under_a_new_version_is_held_to_it(app: Flask) -> None:
    change(period_days=30)
    fan = make_fan()
    grow(fan, 60, "a")

    keeping.look(NOON + 31 * DAY)

    assert climbing.open_grace(fan.id) is not None


def test_a_lock_holds_against_rise_and_fall_and_says_why(app: Flask) -> None:
    fan, boss = make_fan(), make_staff(Role.CAMPAIGN_LEAD)
    locking.lock(fan, level(3), reason="Helped us at the fair", until=None, by=boss, at=NOON)

    grow(fan, 5000, "a")
    keeping.look(NOON + 400 * DAY)

    assert ranks(fan) == [3]
    assert (history(fan)[0].cause, history(fan)[0].note) == (Cause.LOCK, "Helped us at the fair")
    assert "level.locked" in told(fan)
    fact = db.session.scalars(select(Event).where(Event.kind == "loyalty.level_locked")).one()
    assert (fact.actor_id, fact.payload["reason"]) == (boss.id, "Helped us at the fair")


def test_let_go_the_level_follows_growth_up_at_once_and_down_after_14_days(app: Flask) -> None:
    up, down, boss = make_fan(), make_fan("阿木"), make_staff(Role.CAMPAIGN_LEAD)
    high = locking.lock(down, level(3), reason="A guest", until=None, by=boss, at=NOON)
    low = locking.lock(up, level(1), reason="Under review", until=None, by=boss, at=NOON)
    grow(up, 250, "a")

    assert locking.release(low, by=boss, at=NOON) is True
    assert locking.release(high, by=boss, at=NOON) is True
    assert locking.release(high, by=boss, at=NOON) is False

    assert (ranks(up), ranks(down)) == ([3], [3])
    assert climbing.open_grace(down.id) is not None
    keeping.look_at_warned(NOON + 14 * DAY)
    assert ranks(down) == [3, 2]


def test_a_lock_ends_by_itself_on_its_day(app: Flask) -> None:
    fan, boss = make_fan(), make_staff(Role.CAMPAIGN_LEAD)
    locking.lock(fan, level(2), reason="A trial", until=NOON + 7 * DAY, by=boss, at=NOON)

    assert locking.release_due(NOON + 6 * DAY) == 0
    assert locking.release_due(NOON + 7 * DAY) == 1

    assert locks.lock_of(fan.id, NOON + 7 * DAY) is None
    assert climbing.open_grace(fan.id) is not None


def test_a_lock_whose_day_is_over_does_not_stand_in_the_way_of_a_new_one(app: Flask) -> None:
    fan, staff = make_fan(), make_staff()
    first = locking.lock(fan, level(3), reason="活动主持", until=NOON + DAY, by=staff, at=NOON)

    second = locking.lock(fan, level(3), reason="又一场", until=None, by=staff, at=NOON + DAY + timedelta(minutes=1))

    assert first.ended_at == NOON + DAY + timedelta(minutes=1)
    assert locks.lock_of(fan.id, NOON + 2 * DAY) is second


def test_a_second_lock_replaces_the_first_and_ends_a_time_of_grace(app: Flask) -> None:
    fan, boss = make_fan(), make_staff(Role.CAMPAIGN_LEAD)
    grow(fan, 60, "a")
    keeping.look(NOON + 366 * DAY)

    for rank in (2, 4):
        locking.lock(fan, level(rank), reason="Again", until=None, by=boss, at=NOON + 367 * DAY)

    assert (ranks(fan), climbing.open_grace(fan.id)) == ([2, 4], None)
    assert len(locks.locked([fan.id], NOON + 368 * DAY)) == 1


@pytest.mark.parametrize(("reason", "until"), [(" ", None), ("Why", NOON)])
def test_a_lock_needs_a_reason_and_an_end_ahead(app: Flask, reason: str, until: datetime | None) -> None:
    with pytest.raises(Invalid):
        locking.lock(make_fan(), level(2), reason=reason, until=until, by=make_staff(), at=NOON)


def test_an_erased_member_is_told_nothing(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 60, "a")
    fan.erased_at = NOON
    db.session.flush()

    keeping.look(NOON + 366 * DAY)

    assert db.session.scalars(select(LevelGrace)).all() == []


def test_members_are_looked_at_in_turns(app: Flask) -> None:
    fans = [make_fan(f"粉丝{number}") for number in range(5)]
    for number, fan in enumerate(fans):
        grow(fan, 60, str(number))
    turns, after = 0, 0
    later = NOON + 366 * DAY
    while (last := keeping.look(later, after, 2)) is not None:
        turns, after = turns + 1, last

    assert turns == 2
    assert len(db.session.scalars(select(LevelGrace)).all()) == 5


def test_the_outlook_of_a_newcomer_and_of_the_top(app: Flask) -> None:
    by_growth_alone()
    new, top = make_fan(), make_fan("阿木")
    grow(top, 9000, "a")

    first, last = outlook(new, NOON), outlook(top, NOON)

    assert (first.to_rise.growth, first.granted, first.is_held) == (50, None, True)
    assert (last.next_level, last.kept_until) == (None, NOON + YEAR)
