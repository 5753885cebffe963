"""Rings: the same few people who feed each other. Pure, facts in, findings out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from community.loyalty.watching.models import Sign
from community.loyalty.watching.signs import Finding, Seen

Edges = Mapping[tuple[int, int], int]
"""(who gave, who received) → how often."""


@dataclass(frozen=True)
class Rings:
    """When a few people who feed each other are shown to a person.

    That links given back and forth within a small closed group are the mark of an alliance, and not the links alone, is
    what search engines learned first (Gyöngyi and Garcia-Molina 2005, Link Spam Alliances, VLDB). `again`: friends click on
    each other's things now and then; from three times on in the time looked at it is a habit. `largest`: more than
    eight people who all reach each other are a circle, which is what we want, unless they fall into smaller rings when
    only stronger habits are looked at. `least`: together they gave each other so often. `inside`: so large a share of what
    they received came from each other: who is also fed by others has earned it.
    """

    again: int = 3
    largest: int = 8
    least: int = 12
    inside: float = 0.8


def rings(facts: Sequence[Seen], limits: Rings | None = None) -> Iterator[Finding]:
    """Rings in the facts of one kind about any members. Who feeds himself is no ring, and needs none."""
    by = limits or Rings()
    between = [fact for fact in facts if fact.other is not None and fact.other != fact.member_id]
    weights = Counter((fact.other or 0, fact.member_id) for fact in between)
    received = Counter(fact.member_id for fact in facts)
    for group in _groups({pair: times for pair, times in weights.items() if times >= by.again}, by):
        inner = [fact for fact in between if fact.member_id in group and fact.other in group]
        got = sum(received[member_id] for member_id in group)
        if len(inner) >= by.least and len(inner) >= by.inside * got:
            yield _finding(sorted(group), inner, got, weights)


def _groups(edges: Edges, by: Rings) -> Iterator[set[int]]:
    """Groups of at most `largest` people who all reach each other; larger ones are looked at by their stronger ties."""
    for group in strongly_connected(edges):
        if len(group) < 2:
            continue
        if len(group) <= by.largest:
            yield group
            continue
        inner = {pair: times for pair, times in edges.items() if pair[0] in group and pair[1] in group}
        weakest = min(inner.values())
        yield from _groups({pair: times for pair, times in inner.items() if times > weakest}, by)


def strongly_connected(edges: Iterable[tuple[int, int]]) -> list[set[int]]:
    """The groups of nodes of which each reaches each other (Tarjan 1972), without recursion."""
    following: dict[int, list[int]] = {}
    for source, target in edges:
        following.setdefault(source, []).append(target)
        following.setdefault(target, [])
    search = _Search(following)
    for node in following:
        if node not in search.order:
            search.explore(node)
    return search.found


class _Search:
    """Tarjan's walk: `low` is the earliest node on the stack that a node reaches."""

    def __init__(self, following: Mapping[int, Sequence[int]]) -> None:
        self.following = following
        self.order: dict[int, int] = {}
        self.low: dict[int, int] = {}
        self.stack: list[int] = []
        self.waiting: set[int] = set()
        self.found: list[set[int]] = []

    def explore(self, root: int) -> None:
        path = [(root, iter(self._enter(root)))]
        while path:
            node, rest = path[-1]
            step = next(rest, None)
            if step is None:
                path.pop()
                self._leave(node, path[-1][0] if path else None)
            elif step not in self.order:
                path.append((step, iter(self._enter(step))))
            elif step in self.waiting:
                self.low[node] = min(self.low[node], self.order[step])

    def _enter(self, node: int) -> Sequence[int]:
        self.order[node] = self.low[node] = len(self.order)
        self.stack.append(node)
        self.waiting.add(node)
        return self.following[node]

    def _leave(self, node: int, parent: int | None) -> None:
        if parent is not None:
            self.low[parent] = min(self.low[parent], self.low[node])
        if self.low[node] == self.order[node]:
            start = self.stack.index(node)
            group = set(self.stack[start:])
            del self.stack[start:]
            self.waiting -= group
            self.found.append(group)


def _finding(members: Sequence[int], inner: Sequence[Seen], got: int, weights: Counter[tuple[int, int]]) -> Finding:
    pairs = [
        [giver, taker, weights[giver, taker]]
        for giver in members
        for taker in members
        if giver != taker and weights[giver, taker]
    ]
    evidence = {
        "times": len(inner),
        "of": got,
        "pairs": pairs,
        "first": min(fact.at for fact in inner).isoformat(),
        "last": max(fact.at for fact in inner).isoformat(),
    }
    facts = tuple(fact.id for fact in sorted(inner, key=lambda fact: (fact.at, fact.id)))
    return Finding(Sign.RING, tuple(members), facts, evidence)
