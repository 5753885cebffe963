"""Places as growth moves through the ledger: the same as counting, folded or not, on every board."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.zones import DEFAULT_ZONE
from community.loyalty import ledger
from community.loyalty.levels.standing import rank
from community.loyalty.models import Currency
from community.loyalty.ranking import boards, folding, places
from community.loyalty.ranking.boards import Board
from community.loyalty.ranking.models import GrowthChange, GrowthCount
from community.loyalty.ranking.periods import Period, board_of
from community.members.models import Member
from community.members.profiles import guardians
from tests.factories import NOON, make_fan, make_staff


def grow(member: Member, amount: int, at: datetime = NOON, key: str = "") -> None:
    ledger.earn(member, Currency.GROWTH, amount, key=key or f"{member.id}:{amount}:{at.isoformat()}", at=at)


def counted(growths: Sequence[int], growth: int) -> int:
    return 1 + sum(other > growth for other in growths)


def changes() -> int:
    return db.session.scalar(select(func.count()).select_from(GrowthChange)) or 0


def test_places_are_exact_before_and_after_folding(app: Flask, at: datetime) -> None:
    chance, growths = random.Random(4), dict[int, int]()
    fans = [make_fan(f"茶友{number}") for number in range(12)]
    for number in range(40):
        fan, amount = chance.choice(fans), chance.randint(1, 30)
        grow(fan, amount, key=f"grow:{number}")
        growths[fan.id] = growths.get(fan.id, 0) + amount
        if number % 9 == 5:
            folding.fold()

    wanted = {fan.id: counted(list(growths.values()), growths.get(fan.id, 0)) for fan in fans}
    assert changes() > 0
    assert {fan.id: rank(fan) for fan in fans} == wanted
    folding.fold()
    assert changes() == 0
    assert {fan.id: rank(fan) for fan in fans} == wanted
    assert folding.rebuild() == 0


def test_what_is_taken_back_lowers_the_place(app: Flask, at: datetime) -> None:
    shan, mu = make_fan("小山"), make_fan("阿木")
    grow(mu, 10)
    entry = ledger.earn(shan, Currency.GROWTH, 20, key="a", at=NOON)
    assert (rank(shan), rank(mu)) == (1, 2)

    ledger.reverse(entry, at=NOON + timedelta(hours=1))

    assert (rank(shan), rank(mu)) == (2, 1)
    assert Board(Period.WEEK, NOON).growth_of(shan.id) == 0
    assert folding.rebuild() == 0


def test_points_move_nobody(app: Flask, at: datetime) -> None:
    ledger.earn(make_fan(), Currency.POINTS, 20, key="a", at=NOON)

    assert changes() == 0


def test_a_week_begins_anew_and_all_time_goes_on(app: Flask, at: datetime) -> None:
    shan, mu, week = make_fan("小山"), make_fan("阿木"), timedelta(days=7)
    grow(shan, 50)
    grow(mu, 10, NOON + week)

    this, last, ever = (Board(Period.WEEK, NOON + week), Board(Period.WEEK, NOON), Board(Period.ALL, NOON + week))
    assert [line.member for line in this.top(None)] == [mu]
    assert [line.member for line in last.top(None)] == [shan]
    assert [line.member for line in ever.top(None)] == [shan, mu]
    assert (this.size(), ever.size()) == (1, 2)


def test_counts_that_went_wrong_are_found_and_put_right(app: Flask, at: datetime) -> None:
    fan = make_fan()
    grow(fan, 5)
    folding.fold()
    for row in db.session.scalars(select(GrowthCount).where(GrowthCount.board == "all")):
        row.count += 7
    db.session.flush()

    assert rank(fan) != 1 or places.people_on("all") != 1
    assert folding.rebuild() > 0
    assert (rank(fan), places.people_on("all"), folding.rebuild()) == (1, 1, 0)


def test_weeks_long_past_go_and_this_one_stays(app: Flask, at: datetime) -> None:
    fan = make_fan()
    grow(fan, 5, NOON - timedelta(days=400))
    grow(fan, 6, NOON)
    folding.fold()

    folding.forget(NOON)

    kept = set(db.session.scalars(select(GrowthCount.board).distinct()))
    assert kept == {"all", board_of(Period.WEEK, NOON, DEFAULT_ZONE), board_of(Period.MONTH, NOON, DEFAULT_ZONE)}


@pytest.mark.parametrize("amounts", [[], [7], [3, 3], [5, 5, 5, 1], [1, 2, 3, 3, 6, 6, 6, 2]])
def test_places_in_order_are_what_counting_says(amounts: list[int]) -> None:
    falling = sorted(amounts, reverse=True)

    assert places.in_order(falling) == [counted(falling, amount) for amount in falling]


def test_neighbours_stand_on_both_sides_with_their_places(app: Flask, at: datetime) -> None:
    fans = [make_fan(f"茶友{number}") for number in range(10)]
    for number, fan in enumerate(fans):
        grow(fan, 10 * (number + 1))
    twin = make_fan("同位")
    grow(twin, 50)

    mine = Board(Period.ALL, NOON).mine(fans[4])

    assert mine.place == places.Place(rank=6, growth=50, others=1)
    assert [(line.rank, line.growth) for line in mine.lines] == [
        (3, 80), (4, 70), (5, 60), (6, 50), (6, 50), (8, 40), (9, 30), (10, 20),
    ]  # fmt: skip
    assert [line.is_me for line in mine.lines].index(True) == 3
    assert mine.lines[4].member == twin
    assert mine.ahead is not None
    assert (mine.ahead.rank, mine.ahead.growth) == (5, 60)


def test_of_the_many_who_share_a_place_some_are_named_and_all_are_counted(app: Flask, at: datetime) -> None:
    fans = [make_fan(f"茶友{number}") for number in range(6)]
    for fan in fans:
        grow(fan, 10)

    mine = Board(Period.WEEK, NOON).mine(fans[3])

    assert mine.place == places.Place(rank=1, growth=10, others=5)
    assert len(mine.lines) == 1 + boards.AROUND
    assert {line.rank for line in mine.lines} == {1}
    assert mine.ahead is None


def test_whoever_stays_away_keeps_the_place_and_loses_the_name(app: Flask, at: datetime) -> None:
    shan, mu = make_fan("小山"), make_fan("阿木")
    grow(shan, 20)
    grow(mu, 10)

    boards.stay_away(shan, NOON)
    boards.stay_away(shan, NOON)
    seen_by_mu = Board(Period.ALL, NOON).top(mu)
    seen_by_shan = Board(Period.ALL, NOON).top(shan)
    boards.come_back(shan)

    assert [(line.rank, line.member) for line in seen_by_mu] == [(1, None), (2, mu)]
    assert [(line.rank, line.member) for line in seen_by_shan] == [(1, shan), (2, mu)]
    assert Board(Period.ALL, NOON).top(mu)[0].member == shan


@pytest.mark.parametrize("how", ["erased", "ended", "guardian"])
def test_whoever_is_gone_or_waits_for_a_guardian_is_not_named(app: Flask, at: datetime, how: str) -> None:
    shan, mu = make_fan("小山"), make_fan("阿木")
    grow(shan, 20)
    grow(mu, 10)
    assert shan.user is not None
    if how == "erased":
        shan.erased_at = at
    elif how == "ended":
        shan.user.ended_at = at
    else:
        guardians.require(shan, "under_14", at)
    db.session.flush()

    assert [(line.rank, line.member) for line in Board(Period.ALL, NOON).top(mu)] == [(1, None), (2, mu)]


def test_who_leaves_the_name_out_is_not_counted_among_few_except_by_himself(app: Flask, at: datetime) -> None:
    shan, mu = make_fan("小山"), make_fan("阿木")
    grow(shan, 20)
    grow(mu, 10)
    both = select(Member.id).where(Member.id.in_([shan.id, mu.id]))
    boards.stay_away(shan, NOON)

    assert set(db.session.scalars(boards.open_ones(both, mu))) == {mu.id}
    assert set(db.session.scalars(boards.open_ones(both, shan))) == {shan.id, mu.id}


def test_among_some_the_places_are_counted_among_them(app: Flask, at: datetime) -> None:
    shan, mu, lin = make_fan("小山"), make_fan("阿木"), make_fan("林")
    for fan, amount in ((shan, 30), (mu, 20), (lin, 10)):
        grow(fan, amount)
    some = Board(Period.MONTH, NOON, select(Member.id).where(Member.id.in_([shan.id, lin.id])))

    assert [(line.rank, line.member) for line in some.top(lin)] == [(1, shan), (2, lin)]
    mine = some.mine(lin)
    assert mine.place is not None
    assert (mine.place.rank, some.size()) == (2, 2)


def test_adjustments_by_staff_move_places_too(app: Flask, at: datetime) -> None:
    fan, other = make_fan("小山"), make_fan("阿木")
    grow(other, 5)
    ledger.adjust(fan, Currency.GROWTH, 9, key="x", at=NOON, by=make_staff(), note="测试")

    assert (rank(fan), rank(other)) == (1, 2)


def test_both_places_of_a_member_are_read_at_once(app: Flask, at: datetime) -> None:
    shan, mu, nobody = make_fan("小山"), make_fan("阿木"), make_fan("林")
    grow(shan, 30, NOON - timedelta(days=30))
    grow(mu, 20)
    week = board_of(Period.WEEK, NOON, DEFAULT_ZONE)

    for _folded in range(2):
        assert places.places_of(mu.id, week) == {"all": (2, 2), week: (1, 1)}
        assert places.places_of(shan.id, week) == {"all": (1, 2)}
        assert places.places_of(nobody.id, week) == {}
        folding.fold()
