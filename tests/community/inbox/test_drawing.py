"""Trees are drawn without overlap, inside their circle, in little time, whatever they look like."""

from __future__ import annotations

import random
import time
from itertools import combinations
from math import hypot

import pytest
from hypothesis import given, settings

from community.inbox.drawing import draw
from community.inbox.spread import Tree, grow
from tests.community.inbox.test_spread import any_parents, tree_of


def random_tree(nodes: int, broad: float = 0.5) -> Tree:
    """Each node answers the original with the chance `broad`, else any node before it."""
    chance = random.Random(nodes)
    parents = [None if n == 1 or chance.random() < broad else chance.randrange(1, n) for n in range(1, nodes + 1)]
    return grow(range(1, nodes + 1), parents)


@given(any_parents())
@settings(max_examples=200, deadline=None)
def test_no_two_dots_overlap_and_all_lie_inside(parents: list[int]) -> None:
    drawing = draw(tree_of(*parents))
    for (ax, ay, ar), (bx, by, br) in combinations(drawing.dots, 2):
        assert hypot(ax - bx, ay - by) >= ar + br - 1e-6
    assert all(hypot(x, y) + r <= drawing.radius + 1e-6 for x, y, r in drawing.dots)


@pytest.mark.parametrize("tree", [random_tree(600), random_tree(600, broad=0.9), random_tree(600, broad=0.1)])
def test_large_trees_do_not_overlap_either(tree: Tree) -> None:
    dots = draw(tree).dots
    assert all(hypot(a[0] - b[0], a[1] - b[1]) >= a[2] + b[2] - 1e-6 for a, b in combinations(dots, 2))


def test_a_larger_branch_has_a_larger_dot() -> None:
    dots = draw(tree_of(0, 1, 1, 1, 0)).dots
    assert dots[0][2] > dots[1][2] > dots[5][2]


def test_a_chain_is_as_long_as_it_is_and_no_longer() -> None:
    assert draw(tree_of(*range(100))).radius < 100 * 12


def test_a_star_is_a_disc() -> None:
    drawing = draw(tree_of(*[0] * 1000))
    assert drawing.radius < 250


@pytest.mark.slow
def test_the_time_grows_as_the_nodes_do() -> None:
    def seconds(nodes: int) -> float:
        tree = random_tree(nodes)
        began = time.perf_counter()
        draw(tree)
        return time.perf_counter() - began

    small, large = min(seconds(2_000) for _ in range(3)), min(seconds(20_000) for _ in range(3))
    assert large < 40 * small
