"""Levels against a plain reference: a list of what came in, and the rules of levels written down once more, naively."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons import events
from community.loyalty import climbing, keeping, ladders, ledger
from community.loyalty.models import Currency, LedgerEntry
from community.loyalty.standing import standing
from community.members.models import Member
from tests.factories import NOON, make_fan

DAY = timedelta(days=1)
ASKED = [(1, 0, 0), (2, 50, 0), (3, 200, 2), (4, 600, 3), (5, 1500, 3), (6, 4000, 3)]
_numbers = count(1)

waiting = st.tuples(st.just("wait"), st.integers(1, 40), st.just(""))
growing = st.tuples(st.just("grow"), st.integers(1, 400), st.sampled_from(["tea", "cake", "talk", "walk"]))
undoing = st.tuples(st.just("undo"), st.integers(0, 9), st.just(""))
looking = st.tuples(st.just("look"), st.just(0), st.just(""))
steps = st.lists(st.one_of(growing, growing, waiting, waiting, undoing, looking), max_size=25)


@dataclass
class Plain:
    """A fan's level as one would work it out by hand, in whole days."""

    period: int
    day: int = 0
    rank: int = 1
    falls_on: int | None = None
    pieces: list[tuple[int, int, str]] = field(default_factory=list)

    def counted(self) -> tuple[int, int]:
        young = [(amount, kind) for day, amount, kind in self.pieces if day > self.day - self.period and amount]
        return sum(amount for amount, _kind in young), len({kind for _amount, kind in young})

    def rise(self) -> None:
        growth, kinds = self.counted()
        reached = max(rank for rank, need, wide in ASKED if growth >= need and kinds >= wide)
        if reached > self.rank:
            self.rank, self.falls_on = reached, None

    def held(self) -> bool:
        growth, kinds = self.counted()
        need, wide = next((need, wide) for rank, need, wide in ASKED if rank == self.rank)
        return self.rank == 1 or (growth * 10 >= need * 9 and kinds * 10 >= wide * 9)

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
        else:
            keeping.look_at([fan.id], at)
            plain.look()

        stands = standing(fan, NOON + plain.day * DAY)
        assert stands.level.rank == plain.rank
        assert (stands.counted.growth, stands.counted.breadth) == plain.counted()
    grace = climbing.open_grace(fan.id)
    assert (grace.ends_at if grace else None) == (NOON + plain.falls_on * DAY if plain.falls_on is not None else None)


def ask(period: int) -> None:
    """A ladder of this shape from the very beginning."""
    for level, (_rank, threshold, breadth) in zip(climbing.levels(), ASKED, strict=True):
        level.threshold, level.breadth = threshold, breadth
    ladders.keep_version(climbing.levels(), period, NOON, None)


def grow(fan: Member, amount: int, kind: str, day: int) -> LedgerEntry:
    number, at = next(_numbers), NOON + day * DAY
    fact = events.track(f"test.{kind}", key=f"fact:{number}", at=at, member_id=fan.id)
    assert fact is not None
    return ledger.earn(fan, Currency.GROWTH, amount, key=f"grow:{number}", at=at, event_id=fact.id)
