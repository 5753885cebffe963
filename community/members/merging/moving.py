"""What becomes of the rows that name a member when two members turn out to be one person.

Each room says so for each of its columns, through the slot `moving`: a column of which no room speaks is an error that the
tests find.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commons.slots import Slot
from community.members.merging.models import Merge
from community.members.models import Member

Values = Mapping[str, Any]
Blend = Callable[[Any, Any, datetime], tuple[Values, Values]]


@dataclass(frozen=True)
class Moves:
    """Rows that go along with the member, and come back at a split.

    `once_for`: the columns that are unique together with the member (none at all: one row for each member). Where both
    selves have such a row, the other's stays behind on the other self, and `blend(kept's, other's, moment)` may give both
    new values. `fact` is the column that names the fact which a row is about: at a split the row goes where that one goes.
    `words` name the rows in a preview, and `both` says what happens where both have one.
    """

    column: Any
    words: Any = ""
    once_for: Sequence[Any] | None = None
    blend: Blend | None = None
    both: Any = ""
    fact: Any = None

    @property
    def columns(self) -> Sequence[Any]:
        return (self.column,)


@dataclass(frozen=True)
class Stays:
    """Rows that keep naming the self they were written for; `why` is for whoever reads the code."""

    column: Any
    why: str

    @property
    def columns(self) -> Sequence[Any]:
        return (self.column,)


@dataclass(frozen=True)
class Effect:
    """Rows of one kind that go along: how many, in how many cases both have one, and what happens there."""

    words: Any
    number: int
    both: int = 0
    note: Any = ""


def _nothing(*_given: Any) -> None:
    """What a room does that has nothing to do."""


def _no_effects(_kept_id: int, _other_id: int) -> Sequence[Effect]:
    """What a room tells of rows that nobody has to know of before a merge."""
    return ()


@dataclass(frozen=True)
class Carries:
    """Rows for which the room has verbs of its own, or that it works out anew.

    `carry(merge, to id, key, moment)` runs when the plain rows have gone along, once for each key: at the merge, and later
    for what came in late. `give_back(merge, holder, moment)` runs when they are back with the other self: `holder` is who
    has had them since, the kept self or whom that one was merged into.
    `part(from id, to id, key, moment)`: facts left one member for another, and what came of them follows. `settle(ids,
    moment)`, last of all: these members have other facts than before.
    `effects(kept id, other id)`: what a preview tells of these rows.
    """

    columns: Sequence[Any]
    carry: Callable[[Merge, int, str, datetime], None] = _nothing
    give_back: Callable[[Merge, Member, datetime], None] = _nothing
    part: Callable[[int, int, str, datetime], None] = _nothing
    settle: Callable[[Collection[int], datetime], None] = _nothing
    effects: Callable[[int, int], Sequence[Effect]] = _no_effects


moving: Slot[Callable[[], Sequence[Moves | Stays | Carries]]] = Slot(
    "for each column that names a member: what becomes of its rows when two members are one person"
)


def rules() -> list[Moves | Stays | Carries]:
    """What the rooms said, in the order of the rooms."""
    return [rule for plug in moving for rule in plug()]


def plain() -> list[Moves]:
    """The rows that simply go along."""
    return [rule for rule in rules() if isinstance(rule, Moves)]


def special() -> list[Carries]:
    """The rows that their rooms carry."""
    return [rule for rule in rules() if isinstance(rule, Carries)]
