"""A spread tree as the page draws it: everything the SVG needs, ready to be written out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from community.inbox.drawing import Circle, draw
from community.inbox.spread import ORIGINAL, Hub, Tree, by_size, grow, hubs
from community.inbox.threads import Thread
from community.inbox.wording import Delays

MOST_DRAWN = 5000
NAMED_HUBS = 5
LEAST_SIDE = 220.0
MARGIN = 12.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One node: where, how large, what it is (a class), and what it says when pointed at."""

    x: float
    y: float
    r: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    """The number of a hub, written beside its dot."""

    x: float
    y: float
    r: float
    number: int


@dataclass(frozen=True)
class Figure:
    """The whole picture. `left_out` counts the nodes of small branches that it does not show."""

    view_box: str
    edges: str
    dots: Sequence[Dot]
    labels: Sequence[Label]
    label_size: float
    hubs: Sequence[Hub]
    left_out: int


def figure(thread: Thread, chosen: int = 0) -> Figure:
    """The picture of a thread, with the node numbered `chosen` marked."""
    return picture(thread.tree, _describer(thread, chosen))


def picture(tree: Tree, describe: Callable[[int], tuple[str, str]]) -> Figure:
    """The picture of any tree; `describe` gives what a node is (a class) and what it says, by its number."""
    shown = _largest_branches(tree)
    drawn = tree if len(shown) == len(tree.parent) else _part(tree, shown)
    circles = draw(drawn).dots
    ranked = hubs(tree, NAMED_HUBS)
    place = {node: at for at, node in enumerate(shown)}
    view_box, side = _view_box(circles)
    return Figure(
        view_box=view_box,
        edges=_edges(drawn, circles),
        dots=_dots(shown, circles, describe),
        labels=[_label(number, circles[place[hub.node]]) for number, hub in enumerate(ranked, 1) if hub.node in place],
        label_size=round(side / 32, 1),
        hubs=ranked,
        left_out=len(tree.parent) - len(shown),
    )


def _largest_branches(tree: Tree) -> list[int]:
    """The nodes to draw, by number. Whoever is drawn has a parent that is: a parent's branch is always the larger one."""
    if len(tree.parent) <= MOST_DRAWN:
        return list(range(len(tree.parent)))
    return sorted(by_size(tree.size)[-MOST_DRAWN:])


def _part(tree: Tree, shown: Sequence[int]) -> Tree:
    return grow(shown[1:], [tree.parent[node] or None for node in shown[1:]])


def _edges(tree: Tree, circles: Sequence[Circle]) -> str:
    """All lines as one path, from each node to what it answers."""
    ends = (
        (circles[tree.parent[node]], circles[node]) for node in range(1, len(tree.parent)) if tree.parent[node] >= 0
    )
    return "".join(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}" for a, b in ends)


def _dots(shown: Sequence[int], circles: Sequence[Circle], describe: Callable[[int], tuple[str, str]]) -> list[Dot]:
    placed = zip(shown, circles, strict=True)
    return [Dot(round(x, 1), round(y, 1), round(r, 1), *describe(number)) for number, (x, y, r) in placed]


def _describer(thread: Thread, chosen: int) -> Callable[[int], tuple[str, str]]:
    delay, say = Delays(), _Titles()

    def describe(number: int) -> tuple[str, str]:
        if number == ORIGINAL:
            return "original", say.original(thread)
        node = thread.nodes[number - 1]
        kind = f"{node.kind.value} is-chosen" if number == chosen else node.kind.value
        return kind, say.node(node.author, delay(thread.seconds[number - 1]), thread.tree.answers[number], node.text)

    return describe


class _Titles:
    """Words for dots; the patterns are looked up once for all of them."""

    def __init__(self) -> None:
        self._plain: str = _("%(name)s · %(delay)s")
        self._hub: str = _("%(name)s · %(delay)s · direct answers: %(answers)s")

    def original(self, thread: Thread) -> str:
        return str(_("The original, by %(name)s", name=thread.post.author_name))

    def node(self, name: str, delay: str, answers: int, text: str) -> str:
        pattern = self._hub if answers else self._plain
        words = pattern % {"name": name, "delay": delay, "answers": answers}
        return f"{words}\n{text}" if text else words


def _label(number: int, circle: Circle) -> Label:
    x, y, r = circle
    return Label(round(x, 1), round(y, 1), round(r, 1), number)


def _view_box(circles: Sequence[Circle]) -> tuple[str, float]:
    """A box around all dots (a small tree keeps some air, so that dots do not become boulders), and its longer side."""
    left, right = min(x - r for x, _y, r in circles), max(x + r for x, _y, r in circles)
    top, bottom = min(y - r for _x, y, r in circles), max(y + r for _x, y, r in circles)
    width, height = max(right - left + 2 * MARGIN, LEAST_SIDE), max(bottom - top + 2 * MARGIN, LEAST_SIDE)
    x, y = (left + right - width) / 2, (top + bottom - height) / 2
    return f"{x:.1f} {y:.1f} {width:.1f} {height:.1f}", max(width, height)
