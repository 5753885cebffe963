"""Signs that accounts belong to one person: what each room sees, and the groups that follow. Signs prove nothing; people decide.

Network addresses of fans are not kept in this house, and visits carry a keyed mark that changes every day: so no sign
compares devices or networks.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from commons.slots import Slot


@dataclass(frozen=True)
class Sighting:
    """A sign that ties accounts together: its name (see `wording.SIGNS`), the members, and numbers for whoever judges."""

    sign: str
    members: tuple[int, ...]
    shown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kept(self) -> dict[str, Any]:
        return {"sign": self.sign, "members": list(self.members), "shown": dict(self.shown)}


MOST_IN_ONE_PLACE = 8
"""More accounts than this behind one mark are an office, a shop or a family firm, and not one person."""

sightings: Slot[Callable[[Collection[int]], Iterable[Sighting]]] = Slot(
    "(ids of members who take part) → signs that some of them are one person"
)


def shared(sign: str, groups: Iterable[Collection[int]]) -> Iterator[Sighting]:
    """The sign for each group of members who share a mark, unless too many do."""
    for members in groups:
        if 1 < len(set(members)) <= MOST_IN_ONE_PLACE:
            yield Sighting(sign, tuple(sorted(set(members))))


@dataclass(frozen=True)
class Minutes:
    """When acting in the same minutes is a sign.

    `least`: friends at one table act together now and then; in eight different minutes they hardly do by chance. `share`: of
    the one who is less active, so large a part. `chance`: two people who act independently, as often as these two, over
    the minutes in which anybody was active, meet so often with a probability below this. `crowd`: a minute in which more
    people act than this is a live event and says nothing.
    """

    least: int = 8
    share: float = 0.6
    chance: float = 1e-9
    crowd: int = 6


def same_minutes(acts: Iterable[tuple[int, int]], limits: Minutes | None = None) -> Iterator[Sighting]:
    """Pairs who act in the same minutes. `acts` are (member, minute since the epoch), in any order. Pure."""
    by = limits or Minutes()
    who: dict[int, set[int]] = defaultdict(set)
    for member_id, minute in acts:
        who[minute].add(member_id)
    active = Counter(member_id for members in who.values() for member_id in members)
    together = Counter(
        pair for members in who.values() if 2 <= len(members) <= by.crowd for pair in combinations(sorted(members), 2)
    )
    for (one, other), times in sorted(together.items()):
        least, most = sorted((active[one], active[other]))
        if times < by.least or times < by.share * least:
            continue
        if _hypergeometric_tail(times, least, most, len(who)) < by.chance:
            yield Sighting("same_minutes", (one, other), {"times": times, "of": least})


def together(seen: Iterable[Sighting]) -> list[tuple[tuple[int, ...], list[Sighting]]]:
    """The accounts that signs tie together, directly or by others, each group with its signs. Pure."""
    found = [one for one in seen if len(set(one.members)) > 1]
    parent: dict[int, int] = {}

    def root(member_id: int) -> int:
        while parent.setdefault(member_id, member_id) != member_id:
            parent[member_id] = parent[parent[member_id]]
            member_id = parent[member_id]
        return member_id

    for one in found:
        for member_id in one.members[1:]:
            parent[root(member_id)] = root(one.members[0])
    members: dict[int, set[int]] = defaultdict(set)
    signs: dict[int, list[Sighting]] = defaultdict(list)
    for one in found:
        members[root(one.members[0])] |= set(one.members)
        signs[root(one.members[0])].append(one)
    return [(tuple(sorted(ids)), signs[key]) for key, ids in sorted(members.items())]


def _hypergeometric_tail(times: int, least: int, most: int, minutes: int) -> float:
    """The probability that `least` minutes drawn from `minutes` hit `most` marked ones at least `times` times."""
    if minutes < most:
        return 1.0
    whole = _log_comb(minutes, least)
    chances = (
        math.exp(_log_comb(most, hits) + _log_comb(minutes - most, least - hits) - whole)
        for hits in range(times, min(least, most) + 1)
        if least - hits <= minutes - most
    )
    return min(1.0, sum(chances))


def _log_comb(of: int, chosen: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)
