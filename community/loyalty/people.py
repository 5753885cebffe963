"""Who else stands behind a fact: the other person of a pair, and how many different ones there are at least."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

MEMBER = "member:"
VISITOR = "visitor:"


def other_of(payload: Mapping[str, object]) -> str | None:
    """The other person as a fact names one: the member `by_member_id`, else the anonymous mark `visitor`; None: nobody."""
    member_id, visitor = payload.get("by_member_id"), payload.get("visitor")
    if isinstance(member_id, int):
        return f"{MEMBER}{member_id}"
    return f"{VISITOR}{visitor}" if isinstance(visitor, str) and visitor else None


def member_in(other: str | None) -> int | None:
    """The id of the member whom `other` names, if it names one."""
    return int(other.removeprefix(MEMBER)) if other is not None and other.startswith(MEMBER) else None


def at_least(met: Iterable[tuple[str | None, datetime]]) -> int:
    """How many different people there are at least among (other, moment).

    The mark of an anonymous visitor is a new one every UTC day, so that marks of different days may be one person: of
    these only the day with the most counts.
    """
    members: set[str] = set()
    visitors: dict[date, set[str]] = defaultdict(set)
    for other, at in met:
        if other is None:
            continue
        if other.startswith(MEMBER):
            members.add(other)
        else:
            visitors[at.astimezone(UTC).date()].add(other)
    return len(members) + max(map(len, visitors.values()), default=0)
