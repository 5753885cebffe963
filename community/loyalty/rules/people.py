"""Who else stands behind a fact: the other person of a pair, and how many different ones there are at least."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

MEMBER = "member:"
VISITOR = "visitor:"
ONESELF = "oneself"
"""Whom a fact names that is about the same person: the other self of somebody who was two members."""
NOBODY: Mapping[int, int] = {}


def other_of(payload: Mapping[str, object], member_id: int = 0, selves: Mapping[int, int] = NOBODY) -> str | None:
    """The other person as a fact about `member_id` names one: the member `by_member_id`, else the mark `visitor`.

    None: nobody. `selves` are members who turned out to be part of another since, by id: they count as that one.
    """
    named, visitor = named_in(payload), payload.get("visitor")
    if named is not None:
        named = selves.get(named, named)
        return f"{MEMBER}{named}" if named != member_id else ONESELF
    return f"{VISITOR}{visitor}" if isinstance(visitor, str) and visitor else None


def named_in(payload: Mapping[str, object]) -> int | None:
    """The id of the member whom a fact names as the other person, as it was written."""
    member_id = payload.get("by_member_id")
    return member_id if isinstance(member_id, int) else None


def member_in(other: str | None) -> int | None:
    """The id of the member whom `other` names, if it names one."""
    return int(other.removeprefix(MEMBER)) if other is not None and other.startswith(MEMBER) else None


def is_somebody_else(other: str | None) -> bool:
    """Whether a fact names another person at all."""
    return other is not None and other != ONESELF


def at_least(met: Iterable[tuple[str | None, datetime]]) -> int:
    """How many different people there are at least among (other, moment).

    The mark of an anonymous visitor is a new one every UTC day, so that marks of different days may be one person: of
    these only the day with the most counts.
    """
    members: set[str] = set()
    visitors: dict[date, set[str]] = defaultdict(set)
    for other, at in met:
        if other is None or other == ONESELF:
            continue
        if other.startswith(MEMBER):
            members.add(other)
        else:
            visitors[at.astimezone(UTC).date()].add(other)
    return len(members) + max(map(len, visitors.values()), default=0)
