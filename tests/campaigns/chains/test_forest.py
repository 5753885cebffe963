"""Measures of chains, against counting every pair."""

from __future__ import annotations

from collections import deque
from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.chains import forest
from campaigns.chains.forest import Forest, plant
from community.inbox.spread import ORIGINAL

Steps = list[tuple[int, int]]


@st.composite
def some_steps(draw: st.DrawFn) -> Steps:
    """People 1…n, each brought by somebody who came before, or by nobody."""
    count = draw(st.integers(2, 24))
    bringers = [draw(st.integers(0, one - 1)) for one in range(2, count + 1)]
    return [(one, bringer) for one, bringer in enumerate(bringers, 2) if bringer]


def way(steps: Steps, one: int, other: int) -> list[int]:
    """The people on the way from one to another, both included; empty where there is none."""
    neighbours: dict[int, list[int]] = {}
    for member, bringer in steps:
        neighbours.setdefault(member, []).append(bringer)
        neighbours.setdefault(bringer, []).append(member)
    came: dict[int, int | None] = {one: None}
    waiting = deque([one])
    while waiting:
        here = waiting.popleft()
        for there in neighbours.get(here, []):
            if there not in came:
                came[there] = here
                waiting.append(there)
    found, at = [], other if other in came else None
    while at is not None:
        found.append(at)
        at = came[at]
    return found


def people_of(found: Forest, root: int) -> list[int]:
    top = found.people[root - 1]
    return [top, *(found.people[node - 1] for node in forest.below(found, top))]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(some_steps())
def test_distance_depth_and_size_are_those_of_counting_every_pair(steps: Steps) -> None:
    found = plant(steps)

    for chain in found.chains:
        people = people_of(found, chain.root)
        steps_between = [len(way(steps, *pair)) - 1 for pair in combinations(people, 2)]
        assert chain.size == len(people)
        assert chain.depth == max(len(way(steps, people[0], one)) - 1 for one in people)
        assert abs((chain.virality or 0) - sum(steps_between) / len(steps_between)) < 1e-9
    assert sum(chain.size for chain in found.chains) == len({one for step in steps for one in step})


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(some_steps())
def test_who_connects_is_whom_the_most_pairs_need(steps: Steps) -> None:
    found = plant(steps)

    needed = {
        member: sum(
            member in way(steps, *pair)[1:-1] for pair in combinations({one for step in steps for one in step}, 2)
        )
        for member in found.people
    }
    told = {found.people[bridge.node - 1]: bridge.between for bridge in forest.bridges(found, 100)}
    assert told == {member: count for member, count in needed.items() if count}


def test_a_star_and_a_line_have_the_distances_of_goel() -> None:
    star = plant([(one, 1) for one in range(2, 102)])
    line = plant([(one, one - 1) for one in range(2, 101)])

    assert round(star.chains[0].virality or 0, 2) == 1.98  # 2 - 2/n, of n people
    assert round(line.chains[0].virality or 0, 2) == 33.67  # (n + 1) / 3
    assert (star.depth, line.depth, line.brought) == (1, 99, 99)


def test_people_who_brought_each_other_in_a_circle_are_opened_at_the_first() -> None:
    found = plant([(1, 2), (2, 3), (3, 1)])

    assert [chain.size for chain in found.chains] == [3]
    assert found.tree.parent.count(ORIGINAL) == 1


def test_a_very_long_chain_is_measured() -> None:
    found = plant([(one, one - 1) for one in range(2, 50_001)])

    assert (found.chains[0].size, found.depth) == (50_000, 49_999)
    assert forest.bridges(found, 1)[0].share > 0.49
