"""What can be measured on who brought whom. Pure; every measure takes time linear in people."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from community.inbox.spread import ORIGINAL, Tree, grow


@dataclass(frozen=True, slots=True)
class Chain:
    """One tree of people: the `root`, whom nobody brought, and all who came through that person.

    `virality` is the mean number of steps between two of them: the structural virality of Goel, Anderson, Hofman and Watts
    (2016), about 2 where one person brought everybody, more where it was passed on. None for a person alone.
    """

    root: int
    size: int
    depth: int
    virality: float | None


@dataclass(frozen=True, slots=True)
class Bridge:
    """A person through whom others hang together: `share` is that of the pairs of the tree whose only way leads through."""

    node: int
    between: int
    share: float


@dataclass(frozen=True)
class Forest:
    """All chains of a scope: node n (from 1 on) is `people[n - 1]`; who hangs on the original was brought by nobody."""

    people: Sequence[int]
    tree: Tree
    chains: Sequence[Chain]

    @property
    def brought(self) -> int:
        """How many were brought by somebody."""
        return len(self.people) - len(self.chains)

    @property
    def depth(self) -> int:
        return max((chain.depth for chain in self.chains), default=0)


def plant(steps: Sequence[tuple[int, int]]) -> Forest:
    """The forest of these steps (who, brought by whom), each person brought at most once. The largest chain comes first."""
    bringer = dict(steps)
    people = list(dict.fromkeys(one for step in steps for one in reversed(step)))
    tree = grow(people, [bringer.get(one) for one in people])
    return Forest(people, tree, _chains(tree))


def bridges(forest: Forest, most: int) -> list[Bridge]:
    """The people through whom most pairs of their own tree are bound, at most so many; nobody who binds no pair.

    Without a person a tree of n falls apart: into a piece below each whom he brought, and the rest above. The pairs that
    lie in different pieces have no other way.
    """
    tree = forest.tree
    root = _roots(tree)
    within = [0] * len(tree.parent)
    for node in tree.order[1:]:
        if tree.parent[node] != ORIGINAL:
            within[tree.parent[node]] += _pairs(tree.size[node])
    found = []
    for node in tree.order[1:]:
        others = tree.size[root[node]] - 1
        between = _pairs(others) - within[node] - _pairs(others + 1 - tree.size[node])
        if between:
            found.append(Bridge(node, between, between / _pairs(others)))
    return heapq.nsmallest(most, found, key=lambda bridge: (-bridge.between, bridge.node))


def below(forest: Forest, member_id: int) -> list[int]:
    """The nodes of all who came through a member, nearest first; empty for somebody who brought nobody."""
    if member_id not in forest.people:
        return []
    tree, top = forest.tree, forest.people.index(member_id) + 1
    inside = [False] * len(tree.parent)
    inside[top] = True
    found = []
    for node in tree.order[1:]:
        if inside[tree.parent[node]]:
            inside[node] = True
            found.append(node)
    return found


def _chains(tree: Tree) -> list[Chain]:
    root = _roots(tree)
    deepest, crossings = [0] * len(tree.parent), [0] * len(tree.parent)
    for node in tree.order[1:]:
        top = root[node]
        deepest[top] = max(deepest[top], tree.depth[node] - 1)
        crossings[top] += tree.size[node] * (tree.size[top] - tree.size[node])
    chains = [
        Chain(node, size, deepest[node], crossings[node] / _pairs(size) if size > 1 else None)
        for node, size in enumerate(tree.size)
        if node != ORIGINAL and tree.parent[node] == ORIGINAL
    ]
    return sorted(chains, key=lambda chain: (-chain.size, chain.root))


def _roots(tree: Tree) -> list[int]:
    """For each node the one at the top of its chain."""
    root = list(range(len(tree.parent)))
    for node in tree.order[1:]:
        if tree.parent[node] != ORIGINAL:
            root[node] = root[tree.parent[node]]
    return root


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
