"""Who is most active, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists

from campaigns.control.filters import Filter
from campaigns.participation.models import MissionFact, Participant
from campaigns.participation.reading import Place, top
from campaigns.planning.models import Campaign

PAGE = 10


@dataclass(frozen=True)
class Leaders:
    """A page of the list; the place of its first line, and how an address asks for the next page."""

    rows: Sequence[Participant]
    first: int
    next: str | None


def leaders(campaign: Campaign, chosen: Filter, asked: str = "", size: int = PAGE) -> Leaders:
    """The page that `asked` names (`facts.missions.participant.place`, as `Leaders.next` says it); the first for anything else."""
    after, first = _read(asked)
    rows = top(campaign, size + 1, after, *fitting(campaign, chosen))
    last = rows[size - 1] if len(rows) > size else None
    following = f"{last.facts}.{last.fulfilled}.{last.id}.{first + size}" if last else None
    return Leaders(rows[:size], first, following)


def fitting(campaign: Campaign, chosen: Filter) -> list[ColumnElement[bool]]:
    """Who did something for the mission, who came in the phase."""
    fits: list[ColumnElement[bool]] = []
    if chosen.mission is not None:
        did = (MissionFact.mission_id == chosen.mission.id, MissionFact.member_id == Participant.member_id)
        fits.append(exists().where(*did, MissionFact.taken_back_at.is_(None)))
    if chosen.window is not None:
        fits += [Participant.joined_at >= chosen.window.first, Participant.joined_at < chosen.window.end]
    return fits


def _read(asked: str) -> tuple[Place | None, int]:
    parts = asked.split(".")
    if len(parts) != 4 or not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts):
        return None, 1
    facts, missions, row_id, place = map(int, parts)
    return (facts, missions, row_id), max(place, 1)
