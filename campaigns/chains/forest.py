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
    """The forest of these steps (who, brought by whom), each person brought at most once. The largest chain comes first.

    Mostly nobody brings before he was brought, so that one look at each step is enough; else the tree is grown from the roots.
    """
    number: dict[int, int] = {}
    people: list[int] = []
    parent = [-1]
    for member, bringer in steps:
        if member in number or member == bringer:
            return _grown(steps)
        place = number.get(bringer)
        if place is None:
            people.append(bringer)
            parent.append(ORIGINAL)
            place = number[bringer] = len(people)
        people.append(member)
        parent.append(place)
        number[member] = len(people)
    tree = _tree(parent)
    return Forest(people, tree, _chains(tree))


def bridges(forest: Forest, most: int) -> list[Bridge]:
    """The people through whom most pairs of their own tree are bound, at most so many; nobody who binds no pair.

    Without a person a tree of n falls apart: into a piece below each whom he brought, and the rest above. The pairs that
    lie in different pieces have no other way.
    """
    tree = forest.tree
    parent, size, root = tree.parent, tree.size, _roots(tree)
    within = [0] * len(parent)
    for node in tree.order[1:]:
        within[parent[node]] += size[node] * (size[node] - 1) // 2
    found = []
    for node in tree.order[1:]:
        if tree.answers[node]:  # a leaf binds nobody
            others = size[root[node]] - 1
            between = _pairs(others) - within[node] - _pairs(others + 1 - size[node])
            if between:
                found.append((-between, node))
    return [Bridge(node, -less, -less / _pairs(size[root[node]] - 1)) for less, node in heapq.nsmallest(most, found)]


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


def _grown(steps: Sequence[tuple[int, int]]) -> Forest:
    bringer = dict(steps)
    people = list(dict.fromkeys(one for step in steps for one in reversed(step)))
    tree = grow(people, [bringer.get(one) for one in people])
    return Forest(people, tree, _chains(tree))


def _tree(parent: list[int]) -> Tree:
    """The tree of nodes each of which stands behind its parent."""
    count = len(parent)
    depth, size, answers = [0] * count, [1] * count, [0] * count
    for node in range(1, count):
        above = parent[node]
        depth[node] = depth[above] + 1
        answers[above] += 1
    for node in range(count - 1, 0, -1):
        size[parent[node]] += size[node]
    return Tree(parent, list(range(count)), depth, size, answers)


def _chains(tree: Tree) -> list[Chain]:
    root = _roots(tree)
    deepest, crossings = [0] * len(tree.parent), [0] * len(tree.parent)
    depth, size = tree.depth, tree.size
    for node in tree.order[1:]:
        top = root[node]
        if depth[node] > deepest[top] + 1:
            deepest[top] = depth[node] - 1
        crossings[top] += size[node] * (size[top] - size[node])
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
