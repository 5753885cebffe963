"""Levels against a plain reference: a list of what came in, and the rules of levels written down once more, naively."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from math import ceil

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons import events
from community.loyalty import ledger
from community.loyalty.levels import climbing, keeping, ladders
from community.loyalty.levels import setting_up as levels
from community.loyalty.levels.outlook import outlook
from community.loyalty.levels.standing import standing
from community.loyalty.models import Currency, LedgerEntry
from community.members.models import Member
from tests.factories import NOON, make_fan, make_staff

DAY = timedelta(days=1)
ASKED = [(1, 0, 0), (2, 50, 0), (3, 200, 2), (4, 600, 3), (5, 1500, 3), (6, 4000, 3)]
_numbers = count(1)

waiting = st.tuples(st.just("wait"), st.integers(1, 40), st.just(""))
growing = st.tuples(st.just("grow"), st.integers(1, 400), st.sampled_from(["tea", "cake", "talk", "walk"]))
undoing = st.tuples(st.just("undo"), st.integers(0, 9), st.just(""))
looking = st.tuples(st.just("look"), st.just(0), st.just(""))
asking = st.tuples(st.just("ask"), st.sampled_from([1, 2, 4, 8]), st.just(""))
steps = st.lists(st.one_of(growing, growing, waiting, waiting, undoing, looking, looking, asking), max_size=25)


@dataclass
class Plain:
    """A fan's level as one would work it out by hand, in whole days. Levels take `times` halves of what `ASKED` says.

    `given` says for each rank how many halves it took when it was given.
    """

    period: int
    day: int = 0
    rank: int = 1
    times: int = 2
    falls_on: int | None = None
    given: dict[int, int] = field(default_factory=dict)
    pieces: list[tuple[int, int, str]] = field(default_factory=list)

    def counted(self, on: int | None = None) -> tuple[int, int]:
        first = (self.day if on is None else on) - self.period
        young = [(amount, kind) for day, amount, kind in self.pieces if day > first and amount]
        return sum(amount for amount, _kind in young), len({kind for _amount, kind in young})

    def rise(self) -> None:
        growth, kinds = self.counted()
        reached = max(rank for rank, need, wide in ASKED if growth * 2 >= need * self.times and kinds >= wide)
        if reached > self.rank:
            self.given |= dict.fromkeys(range(self.rank + 1, reached + 1), self.times)
            self.rank, self.falls_on = reached, None

    def missing(self, on: int) -> tuple[int, int]:
        """What has to come in for the level to be held on that day, by what it takes or took, whichever is less."""
        growth, kinds = self.counted(on)
        _rank, need, wide = ASKED[self.rank - 1]
        lacking = []
        for times in (self.times, self.given.get(self.rank, self.times)):
            enough = ceil(need * times / 2 * 0.9)
            lacking.append((max(0, enough - growth), max(0, ceil(wide * 0.9) - kinds)))
        return min(lacking)

    def held(self) -> bool:
        return self.rank == 1 or self.missing(self.day) == (0, 0)

    def look(self) -> None:
        before = self.rank
        self.rise()
        if self.rank > before or self.held():
            self.falls_on = None
        elif self.falls_on is None:
            self.falls_on = self.day + 14
        elif self.day >= self.falls_on:
            self.rank -= 1
            self.falls_on = None if self.held() else self.day + 14


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=steps, period=st.sampled_from([30, 60, 365]))
def test_a_level_goes_where_the_reference_goes(app: Flask, sequence: list[tuple[str, int, str]], period: int) -> None:
    ask(period)
    fan, plain = make_fan(), Plain(period)
    entries: list[LedgerEntry] = []

    for what, number, kind in sequence:
        at = NOON + plain.day * DAY
        if what == "wait":
            plain.day += number
        elif what == "grow":
            entries.append(grow(fan, number, kind, plain.day))
            plain.pieces.append((plain.day, number, kind))
            plain.rise()
        elif what == "undo" and number < len(entries):
            ledger.reverse(entries[number], at=at)
            day, _amount, kind_then = plain.pieces[number]
            plain.pieces[number] = (day, 0, kind_then)
        elif what == "ask":
            ask_otherwise(number, period, plain.day)
            plain.times = number
        else:
            keeping.look_at([fan.id], at)
            plain.look()

        stands = standing(fan, NOON + plain.day * DAY)
        assert stands.level.rank == plain.rank
        assert (stands.counted.growth, stands.counted.breadth) == plain.counted()
    seen = outlook(fan, NOON + plain.day * DAY)
    last_day = plain.falls_on if plain.falls_on is not None else plain.day + 14
    missing = (0, 0) if plain.held() else plain.missing(last_day)
    assert (seen.grace.ends_at if seen.grace else NOON + (plain.day + 14) * DAY) == NOON + last_day * DAY
    assert (seen.to_keep.growth, seen.to_keep.breadth) == missing


def ask(period: int) -> None:
    """A ladder of this shape from the very beginning."""
    for level, (_rank, threshold, breadth) in zip(climbing.levels(), ASKED, strict=True):
        level.threshold, level.breadth = threshold, breadth
    ladders.keep_version(climbing.levels(), period, NOON, None)


def ask_otherwise(times: int, period: int, day: int) -> None:
    """Let every level take so many halves of its growth from this day on."""
    drafts = [
        levels.LevelDraft(level.name, threshold * times // 2, levels.perks(level), breadth)
        for level, (_rank, threshold, breadth) in zip(climbing.levels(), ASKED, strict=True)
    ]
    levels.redraw(drafts, period, by=make_staff(), at=NOON + day * DAY)


def grow(fan: Member, amount: int, kind: str, day: int) -> LedgerEntry:
    number, at = next(_numbers), NOON + day * DAY
    fact = events.track(f"test.{kind}", key=f"fact:{number}", at=at, member_id=fan.id)
    assert fact is not None
    return ledger.earn(fan, Currency.GROWTH, amount, key=f"grow:{number}", at=at, event_id=fact.id)
