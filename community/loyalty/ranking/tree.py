"""A tree of counts over amounts of growth, as a Fenwick tree: pure. Node n covers the (n & -n) amounts up to n.

P. Fenwick, A New Data Structure for Cumulative Frequency Tables, 1994. To know how many have more than an amount, as many
nodes are read as the amount has bits set, and the root.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

# The root is in the way of every amount, and so holds the number of all.
ROOT = 1 << 30


def position(growth: int) -> int:
    """Where an amount stands in the tree: 0 (nowhere) for nothing or less, at most the root's."""
    return min(max(growth, 0), ROOT)


def up(growth: int) -> Iterator[int]:
    """The nodes that count a member with this much growth; none for nobody's amount, 0."""
    node = position(growth)
    while 0 < node <= ROOT:
        yield node
        node += node & -node


def down(growth: int) -> Iterator[int]:
    """The nodes whose counts add up to how many have something, but no more than this much."""
    node = position(growth)
    while node > 0:
        yield node
        node &= node - 1


def grown(changes: Mapping[int, int]) -> Counter[int]:
    """By node, what changes by amount do to it; nodes that stay as they are are left out."""
    nodes: Counter[int] = Counter()
    for growth, change in changes.items():
        for node in up(growth):
            nodes[node] += change
    return Counter({node: change for node, change in nodes.items() if change})
