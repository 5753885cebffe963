"""Levels: climbing them, setting them up, standing on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons import events
from commons.db import db
from commons.errors import Invalid
from commons.events import Event
from commons.i18n import Words
from commons.permissions import Role
from community.loyalty import accounts, ledger
from community.loyalty.levels import climbing, keeping, ladders
from community.loyalty.levels import setting_up as levels
from community.loyalty.levels.climbing import rank_of
from community.loyalty.levels.outlook import outlook
from community.loyalty.levels.setting_up import LevelDraft
from community.loyalty.levels.standing import history, rank, standing, standing_of, standings
from community.loyalty.models import Cause, Currency, LedgerEntry, Level
from community.members.models import Member
from tests.community.loyalty.factories import by_growth_alone, comment, happen
from tests.factories import NOON, make_fan, make_staff


def grow(member: Member, amount: int, key: str) -> LedgerEntry:
    return ledger.earn(member, Currency.GROWTH, amount, key=key, at=NOON)


def drafts() -> list[LevelDraft]:
    return [LevelDraft(level.name, level.threshold, levels.perks(level), level.breadth) for level in climbing.levels()]


def test_a_newcomer_stands_on_the_lowest_level(app: Flask) -> None:
    stands = standing(make_fan())

    assert (stands.level.rank, stands.growth, stands.share, stands.missing) == (1, 0, 0.0, 50)
    assert stands.next_level is not None
    assert stands.next_level.name == Words("常客", "Regular")


def test_growth_carries_to_the_next_level_and_the_entry_is_named(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 49, "a")

    carried = grow(fan, 1, "b")

    step = history(fan)[0]
    assert (step.level.rank, step.entry, step.changed_at) == (2, carried, NOON)
    assert (standing(fan).share, standing(fan).missing) == (0.0, 150)
    fact = db.session.scalars(select(Event).where(Event.kind == "level.reached")).one()
    assert (fact.member_id, fact.payload["rank"]) == (fan.id, 2)


def test_one_entry_may_carry_over_several_levels(app: Flask) -> None:
    by_growth_alone()
    fan = make_fan()

    grow(fan, 5000, "a")

    assert [step.level.rank for step in history(fan)] == [6]
    assert (standing(fan).next_level, standing(fan).share, standing(fan).missing) == (None, 1.0, 0)


def test_a_fresh_circle_asks_for_more_than_one_way_of_taking_part_from_the_fourth_level_on(app: Flask) -> None:
    fan = make_fan()
    for number in range(140):
        comment(fan, NOON + timedelta(hours=6 * number))
    at = NOON + timedelta(hours=6 * 140)
    assert (standing(fan).growth, standing(fan).level.rank, standing(fan).missing_kinds) == (700, 3, 1)

    happen("circle.checked_in", fan, at)

    assert standing(fan).level.rank == 4
    assert [level.breadth for level in climbing.levels()] == [0, 0, 0, 2, 2, 3]


def test_points_carry_nobody(app: Flask) -> None:
    fan = make_fan()

    ledger.earn(fan, Currency.POINTS, 5000, key="a", at=NOON)

    assert standing(fan).level.rank == 1


def test_a_reversal_takes_no_level_at_once(app: Flask) -> None:
    fan = make_fan()
    carried = grow(fan, 60, "a")

    ledger.reverse(carried, at=NOON)

    assert [step.level.rank for step in history(fan)] == [2]
    assert standing(fan).counted.growth == 0


def test_a_raised_threshold_demotes_nobody(app: Flask) -> None:
    fan, boss = make_fan(), make_staff(Role.CAMPAIGN_LEAD)
    grow(fan, 60, "a")
    wanted = drafts()
    wanted[1] = replace(wanted[1], threshold=100)

    levels.redraw(wanted, 365, by=boss, at=NOON)
    keeping.look(NOON)
    grow(fan, 1, "b")

    stands = standing(fan)
    assert (stands.level.rank, stands.share, stands.missing) == (2, 0.0, 139)
    assert len(history(fan)) == 1


def test_a_lowered_threshold_lifts_those_who_reach_it(app: Flask) -> None:
    fan, other, boss = make_fan(), make_fan("阿木"), make_staff(Role.CAMPAIGN_LEAD)
    grow(fan, 120, "a")
    grow(other, 20, "b")
    wanted = drafts()
    wanted[2] = replace(wanted[2], threshold=110)

    levels.redraw(wanted, 365, by=boss, at=NOON)
    keeping.look(NOON)
    keeping.look(NOON)

    assert (standing(fan).level.rank, standing(other).level.rank) == (3, 1)
    assert [(step.entry is None, step.cause) for step in history(fan)] == [
        (True, Cause.THRESHOLDS),
        (False, Cause.GROWTH),
    ]


def test_levels_keep_their_order_and_begin_at_nothing(app: Flask) -> None:
    boss = make_staff(Role.CAMPAIGN_LEAD)
    crossed, late, narrower = drafts(), drafts(), drafts()
    crossed[2] = replace(crossed[2], threshold=40)
    late[0] = replace(late[0], threshold=1)
    narrower[1] = replace(narrower[1], breadth=3)

    for wrong in (crossed, late, narrower):
        with pytest.raises(Invalid):
            levels.redraw(wrong, 365, by=boss, at=NOON)
    assert [level.threshold for level in climbing.levels()] == [0, 50, 200, 600, 1500, 4000]


def test_a_change_of_the_levels_is_on_record_and_no_change_is_not(app: Flask) -> None:
    boss = make_staff(Role.CAMPAIGN_LEAD)
    wanted = drafts()
    wanted[1] = replace(wanted[1], name=Words("熟客", "Familiar"), perks=[Words("好茶", "Good tea")])

    assert levels.redraw(drafts(), 365, by=boss, at=NOON) is False
    assert levels.redraw(wanted, 365, by=boss, at=NOON) is True

    level = db.session.scalars(select(Level).where(Level.rank == 2)).one()
    assert (level.name.zh, levels.perks(level)) == ("熟客", [Words("好茶", "Good tea")])
    changed = db.session.scalars(select(Event).where(Event.kind == "loyalty.levels_changed")).all()
    assert [fact.actor_id for fact in changed] == [boss.id]
    assert [version.number for version in ladders.versions()] == [1]


def test_what_levels_take_is_kept_version_by_version(app: Flask) -> None:
    boss = make_staff(Role.CAMPAIGN_LEAD)
    wanted = drafts()
    wanted[5] = replace(wanted[5], threshold=5000, breadth=3)

    levels.redraw(wanted, 180, by=boss, at=NOON)

    newest, first = ladders.versions()
    assert (newest.number, newest.period_days, newest.rungs[5]) == (
        2,
        180,
        {"rank": 6, "threshold": 5000, "breadth": 3},
    )
    assert (first.number, first.period_days, first.rungs[5]["threshold"]) == (1, 365, 4000)


def test_every_member_is_counted_on_one_level(app: Flask) -> None:
    by_growth_alone()
    fans = [make_fan(f"粉丝{number}") for number in range(4)]
    grow(fans[0], 60, "a")
    grow(fans[1], 700, "b")

    counts = levels.population()

    by_rank = {level.rank: counts[level.id] for level in climbing.levels()}
    assert by_rank == {1: 2, 2: 1, 3: 0, 4: 1, 5: 0, 6: 0}


def test_standings_of_many_are_those_of_each(app: Flask) -> None:
    fans = [make_fan(f"粉丝{number}") for number in range(3)]
    grow(fans[1], 75, "a")
    grow(fans[2], 200, "b")

    many = standings([fan.id for fan in fans])

    assert [many[fan.id] for fan in fans] == [standing(fan) for fan in fans]
    assert [rank(fan) for fan in fans] == [3, 2, 1]
    assert [rank_of(fan.id) for fan in fans] == [many[fan.id].level.rank for fan in fans]
    assert [standing_of(outlook(fan, NOON), accounts.purse(fan, NOON).growth) for fan in fans] == [
        standing(fan, NOON) for fan in fans
    ]


def test_reaching_a_level_is_told_once(app: Flask) -> None:
    fan = make_fan()
    grow(fan, 60, "a")
    grow(fan, 60, "a")

    assert sum(fact.kind == "level.reached" for fact in events.of_subject(standing(fan).level)) == 1
