"""The tree of counts against counting."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.loyalty.ranking import tree

AMOUNTS = st.lists(st.one_of(st.integers(0, 40), st.integers(0, 2**31 - 1)), max_size=40)


def more_than(nodes: Counter[int], growth: int) -> int:
    return nodes[tree.ROOT] - sum(nodes[node] for node in tree.down(growth))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(AMOUNTS, st.integers(0, 60))
def test_it_says_how_many_have_more(amounts: list[int], asked: int) -> None:
    nodes = tree.grown(Counter(amounts))

    assert more_than(nodes, asked) == sum(amount > asked for amount in amounts)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(AMOUNTS)
def test_what_is_taken_away_again_leaves_nothing(amounts: list[int]) -> None:
    nodes = tree.grown(Counter(amounts))
    nodes.update(tree.grown(Counter({amount: -count for amount, count in Counter(amounts).items()})))

    assert not any(nodes.values())


def test_a_place_is_read_from_few_nodes() -> None:
    assert len(list(tree.down(12_345))) == (12_345).bit_count()
    assert len(list(tree.down(2**31))) == 1
    assert list(tree.down(0)) == list(tree.up(-5)) == []
