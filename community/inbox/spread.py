"""How a thread spread: the tree of answers and what can be measured on it. Pure; every measure takes time linear in nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ORIGINAL = 0
FIRST_MINUTES = 20 * 60
DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree over the numbers 0 (the original) to n. Lists are indexed by those numbers.

    `parent` of the original is -1; `order` goes from the original outwards; `size` counts a node and all below it.
    """

    parent: list[int]
    order: list[int]
    depth: list[int]
    size: list[int]
    answers: list[int]

    def children(self) -> list[list[int]]:
        """The direct answers of every node, smaller branches first."""
        found: list[list[int]] = [[] for _ in self.parent]
        for node in by_size(self.size):
            if node:
                found[self.parent[node]].append(node)
        return found


@dataclass(frozen=True, slots=True)
class Hub:
    """A node with many direct answers and their share of all nodes."""

    node: int
    answers: int
    share: float


@dataclass(frozen=True, slots=True)
class Spread:
    """The measures of a thread; times are seconds after the original, shares 0..1.

    `distance` is the mean number of steps between two of the tree's nodes, the original included: the structural virality of
    Goel, Anderson, Hofman and Watts (2016). About 2 is a broadcast, more is passing on from one to the next.
    """

    nodes: int
    people: int
    depth: int
    widest_level: int
    widest: int
    distance: float
    first_minutes_share: float
    first_day_share: float
    half_after: int
    last_after: int
    longest_silence: int
    original: Hub
    hub: Hub | None


def grow(keys: Sequence[int], parents: Sequence[int | None]) -> Tree:
    """The tree of nodes 1…n with these keys. A parent that is not among them, or lies in a circle, becomes the original."""
    number = {key: place for place, key in enumerate(keys, start=1)}
    parent = [-1, *(number.get(key, ORIGINAL) if key is not None else ORIGINAL for key in parents)]
    order = _outwards(parent)
    depth, size, answers = [0] * len(parent), [1] * len(parent), [0] * len(parent)
    for node in order[1:]:
        depth[node] = depth[parent[node]] + 1
    for node in reversed(order[1:]):
        size[parent[node]] += size[node]
        answers[parent[node]] += 1
    return Tree(parent, order, depth, size, answers)


def measure(tree: Tree, seconds: Sequence[int], authors: Sequence[int]) -> Spread:
    """Measure a tree whose nodes 1…n came `seconds` after the original (in any order) from `authors`."""
    count = len(seconds)
    times = sorted(max(0, moment) for moment in seconds)
    levels = [0] * (max(tree.depth) + 1)
    for level in tree.depth:
        levels[level] += 1
    widest = max(range(len(levels)), key=levels.__getitem__)
    return Spread(
        nodes=count,
        people=len(set(authors)),
        depth=len(levels) - 1,
        widest_level=widest,
        widest=levels[widest],
        distance=mean_distance(tree),
        first_minutes_share=_share(times, FIRST_MINUTES),
        first_day_share=_share(times, DAY),
        half_after=times[(count - 1) // 2] if times else 0,
        last_after=times[-1] if times else 0,
        longest_silence=max((later - sooner for sooner, later in zip([0, *times], times, strict=False)), default=0),
        original=Hub(ORIGINAL, tree.answers[ORIGINAL], tree.answers[ORIGINAL] / count if count else 0.0),
        hub=next(iter(hubs(tree, 1)), None),
    )


def hubs(tree: Tree, most: int) -> list[Hub]:
    """The nodes, without the original, that were answered most, at most so many; the earlier one of two alike first."""
    count = len(tree.parent) - 1
    answered = (node for node in range(1, count + 1) if tree.answers[node])
    ranked = sorted(answered, key=lambda node: (-tree.answers[node], node))[:most]
    return [Hub(node, tree.answers[node], tree.answers[node] / count) for node in ranked]


def mean_distance(tree: Tree) -> float:
    """Mean steps between two nodes: an edge lies between all that are below it and all that are not."""
    total = len(tree.parent)
    if total < 2:
        return 0.0
    crossings = sum(tree.size[node] * (total - tree.size[node]) for node in tree.order[1:])
    return crossings / (total * (total - 1) / 2)


def by_minute(seconds: Sequence[int]) -> list[tuple[int, int]]:
    """(Minute, how many) in order of time. Empty minutes stand there only beside others, so that a curve falls to 0 and a
    quiet year costs nothing."""
    counts: dict[int, int] = {0: 0}
    for moment in seconds:
        minute = max(0, moment) // 60
        counts[minute] = counts.get(minute, 0) + 1
    for minute in tuple(counts):
        counts.setdefault(minute + 1, 0)
        counts.setdefault(max(0, minute - 1), 0)
    return sorted(counts.items())


def by_size(size: Sequence[int]) -> list[int]:
    """All nodes, small branches first (a counting sort)."""
    shelves: list[list[int]] = [[] for _ in range(max(size) + 1)]
    for node, branch in enumerate(size):
        shelves[branch].append(node)
    return [node for shelf in shelves for node in shelf]


def _outwards(parent: list[int]) -> list[int]:
    """Nodes by steps from the original. Nodes that no way leads to go round in circles: the first of each is hung up anew."""
    children: list[list[int]] = [[] for _ in parent]
    for node in range(1, len(parent)):
        children[parent[node]].append(node)
    order, reached = [ORIGINAL], [False] * len(parent)
    reached[ORIGINAL] = True
    _follow(children, order, reached, 0)
    for node in range(1, len(parent)):
        if not reached[node]:
            parent[node] = ORIGINAL
            reached[node] = True
            order.append(node)
            _follow(children, order, reached, len(order) - 1)
    return order


def _follow(children: list[list[int]], order: list[int], reached: list[bool], start: int) -> None:
    while start < len(order):
        for child in children[order[start]]:
            if not reached[child]:
                reached[child] = True
                order.append(child)
        start += 1


def _share(times: Sequence[int], until: int) -> float:
    return sum(moment <= until for moment in times) / len(times) if times else 0.0
