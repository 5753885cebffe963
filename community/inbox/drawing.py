"""Where the nodes of a spread tree stand on paper: every branch is a circle, and circles lie around what they answer.

A bubble tree in the manner of Grivet, Auber, Domenger and Melançon (2004), with rings filled one after the other instead of
one ring for all, and each branch's circle moved to fit what is in it, so that a long chain stays as long as it is. Linear in
nodes. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, atan2, cos, hypot, pi, sin, sqrt

from community.inbox.spread import ORIGINAL, Tree

SMALLEST_DOT, LARGEST_DOT = 3.0, 20.0
DOT_GROWTH = 0.9
GAP = 2.6
GOLDEN_ANGLE = pi * (3 - sqrt(5))
FEW = 12
MUCH_LARGER = 2.5

Circle = tuple[float, float, float]
"""Centre and radius."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Centre and radius of every node's dot by its number, in a circle of `radius` around (0, 0)."""

    dots: list[Circle]
    radius: float


def draw(tree: Tree) -> Drawing:
    """Lay out a whole tree. No two dots overlap."""
    children = tree.children()
    branches = [_NOTHING] * len(tree.parent)
    for node in reversed(tree.order):
        branches[node] = _branch(dot(tree.size[node]), [branches[child].radius for child in children[node]])
    return Drawing(_unfold(tree, children, branches), branches[ORIGINAL].radius)


def dot(size: int) -> float:
    """The radius of a node with so many in its branch."""
    return min(SMALLEST_DOT + DOT_GROWTH * sqrt(size - 1), LARGEST_DOT)


@dataclass(frozen=True, slots=True)
class _Branch:
    """A node with all below it, seen from the centre of the circle around them: the node, and its children's circles."""

    dot: float
    radius: float
    x: float
    y: float
    children: list[tuple[float, float]]


_NOTHING = _Branch(0.0, 0.0, 0.0, 0.0, [])


def _branch(own: float, radii: Sequence[float]) -> _Branch:
    """The node in the middle, its children's circles in rings around it, and the circle that holds all of them."""
    places: list[tuple[float, float]] = []
    inner, around = own, (0.0, 0.0, own)
    while len(places) < len(radii):
        start = len(places)
        ring, distance = _ring(inner, radii, start)
        places += _on_ring(ring, distance, len(places) * GOLDEN_ANGLE)
        outer = distance + max(ring)
        circles = [(x, y, r) for (x, y), r in zip(places[start:], ring, strict=True)]
        around = min((0.0, 0.0, outer), _merged((0.0, 0.0, inner), circles), key=lambda circle: circle[2])
        inner = outer
    x, y, radius = around
    return _Branch(own, radius, -x, -y, [(px - x, py - y) for px, py in places])


def _ring(inner: float, radii: Sequence[float], start: int) -> tuple[list[float], float]:
    """The circles from `start` on that go on one ring outside `inner` (grown by half the gap), and its distance.

    Only circles of like size share a ring: a lone leaf would otherwise fly as far out as the large branch beside it.
    """
    rest = list(_like(radii, start, FEW + 1))
    if 1 < len(rest) <= FEW:
        distance = _distance_for(rest, inner + max(rest))
        if distance <= inner + 2 * max(rest):
            return rest, distance
    ring: list[float] = []
    total = cubes = largest = 0.0
    for wide in _like(radii, start, len(radii)):
        total, cubes, most = total + wide, cubes + wide**3, max(largest, wide)
        distance = inner + most
        # asin(x) <= x + (pi/2 - 1) x³ on [0, 1], so this is never less than the angle that is needed.
        if ring and total / distance + (pi / 2 - 1) * cubes / distance**3 > pi:
            break
        largest = most
        ring.append(wide)
    return ring, inner + largest


def _like(radii: Sequence[float], start: int, most: int) -> Iterator[float]:
    """At most so many from `start` on, grown by half the gap, while the next is not much larger than the first."""
    first = radii[start] + GAP / 2
    for place in range(start, min(len(radii), start + most)):
        wide = radii[place] + GAP / 2
        if wide > MUCH_LARGER * first:
            return
        yield wide


def _distance_for(radii: Sequence[float], least: float) -> float:
    """The smallest distance, from `least` on, at which all of a few circles lie side by side on one ring."""
    low, high = least, max(least, sum(radii))
    if _angle(radii, low) <= 2 * pi:
        return low
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if _angle(radii, middle) > 2 * pi else (low, middle)
    return high


def _angle(radii: Sequence[float], distance: float) -> float:
    return sum(2 * asin(min(1.0, radius / distance)) for radius in radii)


def _on_ring(ring: Sequence[float], distance: float, turn: float) -> list[tuple[float, float]]:
    """Centres on the ring, with what is left of it shared out evenly."""
    halves = [asin(min(1.0, radius / distance)) for radius in ring]
    spare = max(0.0, 2 * pi - 2 * sum(halves)) / len(ring)
    angles = [turn]
    for before, after in pairwise(halves):
        angles.append(angles[-1] + before + after + spare)
    return [(distance * cos(angle), distance * sin(angle)) for angle in angles]


def _merged(inside: Circle, ring: Sequence[Circle]) -> Circle:
    """A circle around all of these, the largest taken first and then one after the other: close, not minimal."""
    around = max(inside, *ring, key=lambda circle: circle[2])
    for circle in (inside, *ring):
        around = _around_both(around, circle)
    return around


def _around_both(one: Circle, other: Circle) -> Circle:
    away = hypot(other[0] - one[0], other[1] - one[1])
    if away + other[2] <= one[2]:
        return one
    if away + one[2] <= other[2]:
        return other
    radius = (away + one[2] + other[2]) / 2
    share = (radius - one[2]) / away
    return (one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share, radius)


def _unfold(tree: Tree, children: Sequence[Sequence[int]], branches: Sequence[_Branch]) -> list[Circle]:
    """From the original outwards: each branch is turned so that its node faces what it answers."""
    dots: list[Circle] = [(0.0, 0.0, 0.0)] * len(branches)
    centre: list[Circle] = [(0.0, 0.0, 0.0)] * len(branches)  # x, y, turn
    for node in tree.order:
        branch = branches[node]
        x, y, turn = centre[node]
        c, s = cos(turn), sin(turn)
        here_x, here_y = x + branch.x * c - branch.y * s, y + branch.x * s + branch.y * c
        dots[node] = (here_x, here_y, branch.dot)
        for child, (px, py) in zip(children[node], branch.children, strict=True):
            child_x, child_y = x + px * c - py * s, y + px * s + py * c
            own = branches[child]
            facing = atan2(here_y - child_y, here_x - child_x) - atan2(own.y, own.x)
            centre[child] = (child_x, child_y, facing)
    return dots
