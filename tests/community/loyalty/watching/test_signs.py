"""Bursts, rhythms and rings: what is found, and which busy humans are not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.loyalty.watching.models import Sign
from community.loyalty.watching.rings import Rings, rings, strongly_connected
from community.loyalty.watching.signs import Seen, binomial_tail, bursts, poisson_tail, rhythms

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(seconds: Sequence[float]) -> list[Seen]:
    return [Seen(number, 1, NOON + timedelta(seconds=moment)) for number, moment in enumerate(sorted(seconds), start=1)]


def visits(pairs: Sequence[tuple[int, int]]) -> list[Seen]:
    """(who gave, who received), an hour apart."""
    return [
        Seen(number, taker, NOON + timedelta(hours=number), giver)
        for number, (giver, taker) in enumerate(pairs, start=1)
    ]


def test_many_at_once_are_a_burst_with_its_numbers() -> None:
    found = list(bursts(at([*range(0, 400, 16), 90_000, 180_000])))

    assert [(one.sign, one.members) for one in found] == [(Sign.BURST, (1,))]
    assert found[0].facts == tuple(range(1, 26))
    assert (found[0].evidence["most"], found[0].evidence["minutes"], found[0].evidence["usual"]) == (25, 10, 3.0)


def test_a_lively_evening_is_no_burst() -> None:
    assert list(bursts(at(range(0, 600, 45)))) == []


def test_who_is_always_that_lively_makes_no_burst() -> None:
    chance = Random(3)
    days = [86_400 * day + chance.uniform(0, 600) for day in range(20) for _ in range(16)]

    assert list(bursts(at(days))) == []


def test_even_waits_are_a_rhythm() -> None:
    found = list(rhythms(at([3600 * number + (number % 3) for number in range(20)])))

    assert [one.sign for one in found] == [Sign.RHYTHM]
    assert found[0].facts == tuple(range(1, 21))
    assert found[0].evidence["times"] == 19
    assert found[0].evidence["every"] == pytest.approx(3600, abs=2)


def test_a_rhythm_is_found_among_other_things() -> None:
    even = [50_000 + 30 * number for number in range(14)]

    found = list(rhythms(at([0, 1000, 7000, 7100, 30_000, *even, 90_000, 99_000])))

    assert [one.facts for one in found] == [tuple(range(6, 20))]


def test_a_check_in_with_the_alarm_clock_is_no_rhythm() -> None:
    chance = Random(5)
    mornings = [86_400 * day + chance.gauss(20, 12) for day in range(60)]

    assert list(rhythms(at(mornings))) == []


def test_people_are_no_machines() -> None:
    """Waits as chance scatters them, however often they are looked at."""
    for seed in range(40):
        chance, moment, moments = Random(seed), 0.0, []
        for _ in range(150):
            moment += chance.expovariate(1 / 600)
            moments.append(moment)
        assert list(rhythms(at(moments))) == [], seed


def test_the_same_second_of_the_minute_again_and_again_is_a_rhythm() -> None:
    chance = Random(9)
    minutes = sorted(chance.sample(range(2000), 25))

    found = list(rhythms(at([60 * minute + 17 + chance.uniform(0, 2) for minute in minutes])))

    assert [one.sign for one in found] == [Sign.RHYTHM]
    assert (found[0].evidence["times"], found[0].evidence["second"]) == (25, 16)


def test_a_channel_that_tells_only_minutes_makes_no_rhythm() -> None:
    minutes = Random(9).sample(range(2000), 40)

    assert list(rhythms(at([60 * minute for minute in minutes]))) == []


def test_the_tails_are_those_of_the_tables() -> None:
    assert poisson_tail(0, 3) == 1
    assert poisson_tail(1, 3) == pytest.approx(0.950213, rel=1e-5)
    assert poisson_tail(10, 3) == pytest.approx(0.0011025, rel=1e-4)
    assert binomial_tail(8, 10, 0.5) == pytest.approx(56 / 1024)


def test_two_who_only_feed_each_other_are_a_ring() -> None:
    found = list(rings(visits([(1, 2), (2, 1)] * 7)))

    assert [(one.sign, one.members, len(one.facts)) for one in found] == [(Sign.RING, (1, 2), 14)]
    assert found[0].evidence["pairs"] == [[1, 2, 7], [2, 1, 7]]
    assert (found[0].evidence["times"], found[0].evidence["of"]) == (14, 14)


def test_a_ring_may_go_round() -> None:
    assert [one.members for one in rings(visits([(1, 2), (2, 3), (3, 4), (4, 1)] * 3))] == [(1, 2, 3, 4)]


def test_friends_among_many_others_are_no_ring() -> None:
    friends, strangers = [(1, 2), (2, 1)] * 7, [(number, 1 + number % 2) for number in range(10, 20)]

    assert list(rings(visits([*friends, *strangers]))) == []


def test_now_and_then_is_no_habit_and_one_way_is_no_ring() -> None:
    assert list(rings(visits([(1, 2), (2, 1)] * 2))) == []
    assert list(rings(visits([(1, 2)] * 40))) == []


def test_a_large_lively_group_is_no_ring_but_the_ring_inside_it_is() -> None:
    crowd = [(giver, taker) for giver in range(1, 13) for taker in range(1, 13) if giver != taker] * 3

    assert list(rings(visits(crowd))) == []
    inside = [(21, 22), (22, 21)] * 60 + [(1, 21), (21, 1)] * 3
    assert [one.members for one in rings(visits([*crowd, *inside]))] == [(21, 22)]


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=24))
def test_the_groups_are_those_who_reach_each_other(edges: set[tuple[int, int]]) -> None:
    nodes = {node for edge in edges for node in edge}
    reached = {node: {node} for node in nodes}
    for _ in nodes:
        for source, target in edges:
            for known in reached.values():
                if source in known:
                    known.add(target)

    plain = {frozenset(other for other in nodes if other in reached[one] and one in reached[other]) for one in nodes}

    assert {frozenset(group) for group in strongly_connected(edges)} == plain


def test_the_thresholds_of_a_ring_can_be_given() -> None:
    assert list(rings(visits([(1, 2), (2, 1)] * 2), Rings(again=1, least=4)))
