"""A segment's rules as a tree: pure. Groups join their parts, leaves name a kind of condition and its values."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

DEEPEST = 5
MOST_LEAVES = 40


class Join(enum.StrEnum):
    """How a group joins its parts."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True)
class Leaf:
    """One condition: `kind` is the name of a `Condition`, `values` what its form asked for, as JSON."""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """All, any or none of its parts."""

    join: Join
    parts: tuple[Group | Leaf, ...]


def leaves(part: Group | Leaf) -> Iterator[Leaf]:
    """Every condition of the tree, in order."""
    if isinstance(part, Leaf):
        yield part
    else:
        for inner in part.parts:
            yield from leaves(inner)


def groups(group: Group) -> Iterator[Group]:
    """The group and every group in it."""
    yield group
    for inner in group.parts:
        if isinstance(inner, Group):
            yield from groups(inner)


def depth(part: Group | Leaf) -> int:
    """How many groups lie within each other: 1 for a group of conditions."""
    return 0 if isinstance(part, Leaf) else 1 + max((depth(inner) for inner in part.parts), default=0)


def plain(part: Group | Leaf) -> dict[str, Any]:
    """The tree as JSON."""
    if isinstance(part, Leaf):
        return {"kind": part.kind, "values": dict(part.values)}
    return {"join": part.join.value, "parts": [plain(inner) for inner in part.parts]}


def parse(written: Mapping[str, Any]) -> Group:
    """The tree that `plain` wrote."""
    found = _parse(written)
    assert isinstance(found, Group)
    return found


def _parse(written: Mapping[str, Any]) -> Group | Leaf:
    if "kind" in written:
        return Leaf(written["kind"], written["values"])
    return Group(Join(written["join"]), tuple(_parse(inner) for inner in written["parts"]))
