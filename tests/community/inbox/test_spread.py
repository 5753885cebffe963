"""What is said about a thread in numbers is right, on trees counted by hand and on any tree there is."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.inbox.spread import Tree, by_minute, by_size, grow, hubs, mean_distance, measure


def tree_of(*parents: int) -> Tree:
    """Nodes 1, 2, … answering these numbers; 0 is the original."""
    return grow(range(1, len(parents) + 1), [parent or None for parent in parents])


@st.composite
def any_parents(draw: st.DrawFn) -> list[int]:
    count = draw(st.integers(0, 40))
    return [draw(st.integers(0, count)) for _ in range(count)]


def test_the_tree_knows_depth_size_and_answers() -> None:
    tree = tree_of(0, 1, 1, 2, 0)
    assert tree.parent == [-1, 0, 1, 1, 2, 0]
    assert tree.depth == [0, 1, 2, 2, 3, 1]
    assert tree.size == [6, 4, 2, 1, 1, 1]
    assert tree.answers == [2, 2, 1, 0, 0, 0]
    assert tree.children()[0] == [5, 1]


def test_a_thread_without_nodes_is_the_original_alone() -> None:
    spread = measure(tree_of(), [], [])
    assert (spread.nodes, spread.depth, spread.distance, spread.hub, spread.longest_silence) == (0, 0, 0.0, None, 0)


def test_a_parent_that_is_not_there_is_the_original() -> None:
    assert grow([7, 8], [99, 7]).parent == [-1, 0, 1]


def test_circles_are_cut_where_they_are_found_first() -> None:
    tree = tree_of(2, 3, 1, 1, 5)
    assert tree.parent == [-1, 0, 3, 1, 1, 0]
    assert sorted(tree.order) == list(range(6))


@given(any_parents())
def test_every_node_of_any_input_hangs_under_the_original_once(parents: list[int]) -> None:
    tree = tree_of(*parents)
    assert sorted(tree.order) == list(range(len(parents) + 1))
    assert tree.size[0] == len(parents) + 1
    assert sum(tree.answers) == len(parents)
    place = {node: at for at, node in enumerate(tree.order)}
    assert all(place[tree.parent[node]] < place[node] for node in tree.order[1:])


@given(any_parents())
def test_the_mean_distance_is_that_of_all_pairs(parents: list[int]) -> None:
    tree = tree_of(*parents)

    def above(node: int) -> list[int]:
        return [node, *above(tree.parent[node])] if node >= 0 else []

    def steps(one: int, other: int) -> int:
        shared = len(set(above(one)) & set(above(other)))
        return len(above(one)) + len(above(other)) - 2 * shared

    pairs = [steps(*pair) for pair in combinations(range(len(parents) + 1), 2)]
    assert mean_distance(tree) == pytest.approx(sum(pairs) / len(pairs) if pairs else 0)


def test_the_measures_of_a_thread_counted_by_hand() -> None:
    tree = tree_of(0, 1, 1, 1, 4, 0)
    seconds = [60, 1200, 1201, 90_000, 90_010, 10_000]
    spread = measure(tree, seconds, [1, 2, 3, 4, 1, 2])
    assert (spread.nodes, spread.people, spread.depth) == (6, 4, 3)
    assert (spread.widest_level, spread.widest) == (2, 3)
    assert spread.first_minutes_share == pytest.approx(2 / 6)
    assert spread.first_day_share == pytest.approx(4 / 6)
    assert (spread.half_after, spread.last_after, spread.longest_silence) == (1201, 90_010, 80_000)
    assert (spread.original.answers, spread.original.share) == (2, pytest.approx(2 / 6))
    assert spread.hub is not None
    assert (spread.hub.node, spread.hub.answers, spread.hub.share) == (1, 3, 0.5)


def test_hubs_are_ranked_and_the_earlier_of_two_alike_comes_first() -> None:
    tree = tree_of(0, 0, 0, 1, 2, 3, 3)
    assert [hub.node for hub in hubs(tree, 5)] == [3, 1, 2]
    assert [hub.node for hub in hubs(tree, 1)] == [3]


def test_the_curve_falls_to_nothing_between_busy_minutes_and_leaves_quiet_years_out() -> None:
    assert by_minute([0, 59, 60, 600, 10**9]) == [
        (0, 2), (1, 1), (2, 0), (9, 0), (10, 1), (11, 0), (16_666_665, 0), (16_666_666, 1), (16_666_667, 0),
    ]  # fmt: skip


@given(st.lists(st.integers(0, 10**6)))
def test_the_curve_holds_every_node_once(seconds: list[int]) -> None:
    curve = by_minute(seconds)
    assert sum(count for _minute, count in curve) == len(seconds)
    assert [minute for minute, _count in curve] == sorted({minute for minute, _count in curve})


@given(st.lists(st.integers(1, 50), min_size=1))
def test_sorting_by_size_sorts_by_size(sizes: list[int]) -> None:
    assert [sizes[node] for node in by_size(sizes)] == sorted(sizes)
