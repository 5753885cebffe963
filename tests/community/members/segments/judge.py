"""A plain judge of who is in a segment: knows neither SQL nor the house's predicates, and counts on fingers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from commons.events import Evidence
from community.members.segments.tree import Group, Join, Leaf

SHANGHAI = timedelta(hours=8)
RANKS = {"llllllllllla": 1, "lllllllllllb": 2, "lllllllllllc": 3}
"""The ids of the levels that are asked about, and their ranks."""


@dataclass
class Person:
    """What the judge knows of a member. `bought` are the moments in which group buys with a seat of his came about."""

    joined_at: datetime
    facts: list[tuple[str, datetime, Evidence]] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    in_campaign: list[datetime] = field(default_factory=list)
    bought: list[datetime] = field(default_factory=list)
    channels: set[str] = field(default_factory=set)
    points: int = 0
    rank: int = 1
    region: str = ""
    is_young: bool = False


def fits(part: Group | Leaf, person: Person, at: datetime) -> bool:
    """Whether the rules hold of the person."""
    if isinstance(part, Group):
        inner = [fits(each, person, at) for each in part.parts]
        return {Join.ALL: all(inner), Join.ANY: any(inner), Join.NONE: not any(inner)}[part.join]
    values = part.values
    match part.kind:
        case "joined":
            return _inside(person.joined_at, values, at)
        case "tag":
            return values["tag"] in person.tags
        case "profile.region":
            return bool(values["value"] == person.region)
        case "handle":
            return values["channel"] in person.channels
        case "points":
            return _compares(person.points, values["how"], values["points"])
        case "level":
            return _compares(person.rank, values["how"], RANKS[values["level"]])
    moments = [moment for moment in _moments(part, person) if _inside(moment, values, at)]
    return _compares(len(moments), values["how"], values["times"])


def _moments(part: Leaf, person: Person) -> list[datetime]:
    """When whatever the condition counts has happened."""
    if part.kind == "campaign":
        return person.in_campaign
    if part.kind == "purchases":
        return person.bought
    grades = list(Evidence)
    wanted = part.values["evidence"]
    good = grades[: grades.index(Evidence(wanted)) + 1] if wanted else grades
    return [moment for kind, moment, proof in person.facts if kind == part.values["fact"] and proof in good]


def _compares(number: int, how: str, wanted: int) -> bool:
    return {"at_least": number >= wanted, "at_most": number <= wanted, "exactly": number == wanted}[how]


def _inside(moment: datetime, values: Any, at: datetime) -> bool:
    day, today = _day(moment), _day(at)
    if values["period"] == "last":
        return bool((today - day).days < values["days"])
    if values["period"] == "between":
        first, last = values["first"], values["last"]
        return (not first or day >= date.fromisoformat(first)) and (not last or day <= date.fromisoformat(last))
    return True


def _day(moment: datetime) -> date:
    return (moment.astimezone(UTC) + SHANGHAI).date()
